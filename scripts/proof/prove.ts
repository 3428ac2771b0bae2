import pLimit from 'p-limit'
import { contractFailure } from './catalogue/index.ts'
import { failed } from './checks/check.ts'
import { judgeClock } from './checks/clock.ts'
import { judgeExpiry } from './checks/expiry.ts'
import type { Directory } from './directory/open.ts'
import { surveyApps } from './directory/survey.ts'
import type { AppTarget } from './model/app-target.ts'
import type { ProofPorts } from './model/ports.ts'
import type { AppProof, Check, CredentialProof, ProofReport } from './model/report.ts'
import type { CredentialTarget } from './model/target.ts'
import { type ProvedCredential, type ProveOptions, proveCredential } from './prove-credential.ts'
import { assemble, verdictOfChecks } from './report/assemble.ts'
import { worst } from './retry/wait.ts'
import { unproved } from './targets/deployed.ts'

export interface ProveAllOptions extends Omit<ProveOptions, 'limit'> {
  /** Credentials that are asked about at the same time. Default: 16. */
  readonly parallel?: number
  /** Named in the report. */
  readonly stack?: string
  /** A credential that ends within so many milliseconds fails. Default: a warning in its last 30 days. */
  readonly failWithinMs?: number
  /** Where consent is looked up. Without it, tokens alone are compared with the declaration. */
  readonly directory?: Directory
  /** Also compare the registration in the directory with the declaration. Needs `directory`. */
  readonly live?: boolean
  /** Warnings count as failures. */
  readonly strict?: boolean
  /** Told of each credential that is done with. */
  readonly onDone?: (subject: Pick<CredentialTarget, 'clientId' | 'label'>) => void
  /** More about the run as a whole, for the report. */
  readonly checks?: readonly Check[]
}

const PARALLEL = 16

/**
 * Proves every credential of every application, many at a time, and then the consent in the directory.
 *
 * @throws the signal's reason when it fires
 * @throws SyntaxError when a probe cannot be read
 */
export async function prove(
  apps: readonly AppTarget[],
  ports: ProofPorts,
  options: ProveAllOptions = {},
): Promise<ProofReport> {
  const startedAt = ports.now()
  const { directory, stack, strict } = options
  const limit = pLimit(options.parallel ?? PARALLEL)
  const withGrants = directory ? { ...ports, grantsOf: (id: string) => directory.grants.rolesOf(id) } : ports
  const proved = await Promise.all(
    apps.map((app) => proveCredentials(app, withGrants, { ...options, limit })),
  )
  const surveyed = directory ? await surveyApps(apps, directory, options.live ?? false, ports.now()) : []
  const proofs = apps.map((app, i) => {
    const left = (app.deployed ?? []).map((each) => unproved(each, options.failWithinMs, ports.now()))
    const checks = [...(app.checks ?? []), ...(directory ? (surveyed[i] ?? []) : unread(app))]
    return sumUp(app, [...proved[i]!.map(withoutClock), ...left], checks, ports.now())
  })
  return assemble({
    apps: proofs,
    checks: [
      ...(options.checks ?? []),
      ...judgeClock(proved.flat().flatMap(({ clockAheadMs }) => clockAheadMs ?? [])),
    ],
    startedAt,
    endedAt: ports.now(),
    ...(stack !== undefined && { stack }),
    ...(strict !== undefined && { strict }),
  })
}

function proveCredentials(
  app: AppTarget,
  ports: ProofPorts,
  options: ProveAllOptions & Pick<ProveOptions, 'limit'>,
): Promise<ProvedCredential[]> {
  return Promise.all(
    app.credentials.map(async ({ target, keyId, endDate, superseded = false }) => {
      const proof = await proveCredential(target, ports, options)
      options.onDone?.(target)
      // The tenant's clock decides when a secret has expired, not this machine's.
      const now = new Date(ports.now().getTime() + (proof.clockAheadMs ?? 0))
      const expiry = endDate ? [judgeExpiry({ endDate, superseded }, options.failWithinMs, now)] : []
      return {
        ...proof,
        ...(keyId && { keyId }),
        ...(endDate && { endDate }),
        verdict: worst([proof.verdict, verdictOfChecks(expiry, now, {})]),
        checks: [...proof.checks, ...expiry],
      }
    }),
  )
}

/** An identity without a token has nothing but its grants to prove. */
function unread({ granted, credentials }: AppTarget): Check[] {
  if (!granted || credentials.length > 0) return []
  return [failed('grants', contractFailure('GRANTS_UNREAD', 'the directory was not read'))]
}

function sumUp(
  app: AppTarget,
  credentials: readonly CredentialProof[],
  checks: readonly Check[],
  now: Date,
): AppProof {
  return {
    app: app.app,
    displayName: app.displayName,
    tenantId: app.tenantId,
    clientId: app.clientId,
    verdict: worst([
      verdictOfChecks(checks, now, app.changedAt ?? {}),
      ...credentials.map(({ verdict, checks: own }) =>
        verdict === 'unproved' ? verdictOfChecks(own, now, {}) : verdict,
      ),
    ]),
    checks: [...checks],
    credentials: [...credentials],
  }
}

function withoutClock({ clockAheadMs: _clockAheadMs, ...proof }: ProvedCredential): CredentialProof {
  return proof
}
