import pLimit from 'p-limit'
import packageJson from '../../package.json' with { type: 'json' }
import { EXIT, type ExitCode } from '../lib/errors.ts'
import type { ProofPorts } from './ports.ts'
import { type ProvedCredential, type ProveOptions, proveCredential } from './prove-credential.ts'
import {
  type AppProof,
  type Check,
  type CredentialProof,
  type ProofReport,
  REPORT_VERSION,
} from './report.ts'
import type { CredentialTarget } from './target.ts'
import { type Verdict, worst } from './wait.ts'

/** One application to prove, and every credential of it. */
export interface AppTarget {
  /** Its name in the stack, or what stands for it. */
  readonly app: string
  readonly displayName: string
  readonly tenantId: string
  readonly clientId: string
  readonly credentials: readonly AppCredential[]
}

/** A credential with what is known about it besides. */
export interface AppCredential {
  readonly target: CredentialTarget
  readonly keyId?: string
  /** RFC 3339. */
  readonly endDate?: string
}

export interface ProveAllOptions extends Omit<ProveOptions, 'limit'> {
  /** Credentials that are asked about at the same time. Default: 16. */
  readonly parallel?: number
  /** Named in the report. */
  readonly stack?: string
}

const PARALLEL = 16

/** Proves every credential of every application, many at a time. */
export async function prove(
  apps: readonly AppTarget[],
  ports: ProofPorts,
  { parallel = PARALLEL, stack, ...options }: ProveAllOptions = {},
): Promise<ProofReport> {
  const startedAt = ports.now()
  const limit = pLimit(parallel)
  const proofs = await Promise.all(apps.map((app) => proveApp(app, ports, { ...options, limit })))
  return assemble(proofs, [], startedAt, ports.now(), stack)
}

async function proveApp(app: AppTarget, ports: ProofPorts, options: ProveOptions): Promise<AppProof> {
  const credentials = await Promise.all(
    app.credentials.map(async ({ target, keyId, endDate }) => {
      const { serverTime: _serverTime, ...proof }: ProvedCredential = await proveCredential(
        target,
        ports,
        options,
      )
      return { ...proof, ...(keyId && { keyId }), ...(endDate && { endDate }) } satisfies CredentialProof
    }),
  )
  return {
    app: app.app,
    displayName: app.displayName,
    tenantId: app.tenantId,
    clientId: app.clientId,
    verdict: worst(credentials.map(({ verdict }) => verdict)),
    checks: [],
    credentials,
  }
}

/** Sums up. */
function assemble(
  apps: readonly AppProof[],
  checks: readonly Check[],
  startedAt: Date,
  endedAt: Date,
  stack: string | undefined,
): ProofReport {
  const verdict = worst(apps.map((app) => app.verdict))
  const all = [
    ...checks,
    ...apps.flatMap((app) => [...app.checks, ...app.credentials.flatMap((c) => c.checks)]),
  ]
  const count = (status: Check['status']) => all.filter((check) => check.status === status).length
  return {
    schemaVersion: REPORT_VERSION,
    tool: { name: 'entra-apps', version: packageJson.version },
    ...(stack !== undefined && { stack }),
    startedAt: startedAt.toISOString(),
    durationMs: endedAt.getTime() - startedAt.getTime(),
    verdict,
    exitCode: exitCodeOf(verdict),
    summary: {
      apps: apps.length,
      credentials: apps.reduce((sum, app) => sum + app.credentials.length, 0),
      passed: count('passed'),
      failed: count('failed'),
      warnings: count('warning'),
      skipped: count('skipped'),
    },
    checks: [...checks],
    apps: [...apps],
  }
}

/** The exit code that tells "wrong" from "not ready" from "could not run". */
export function exitCodeOf(verdict: Verdict): ExitCode {
  switch (verdict) {
    case 'proved':
      return EXIT.ok
    case 'wrong':
      return EXIT.wrong
    case 'couldNotRun':
      return EXIT.couldNotRun
    case 'notReady':
      return EXIT.notReady
  }
}
