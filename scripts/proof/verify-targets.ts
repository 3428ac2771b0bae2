import { CommandError } from '../lib/errors.ts'
import type { Mask } from '../lib/mask.ts'
import { secretsIn } from '../lib/secret-variables.ts'
import { skipped } from './checks/check.ts'
import { deployerLogin, namesDeployer } from './connection/deployer.ts'
import { discoverEndpoints, type Endpoints } from './connection/endpoints.ts'
import { masking, secretsOf } from './connection/masking.ts'
import { openPorts } from './connection/open-ports.ts'
import { type Directory, openDirectory } from './directory/open.ts'
import type { AppTarget } from './model/app-target.ts'
import type { ProofPorts } from './model/ports.ts'
import type { Check, ProofReport } from './model/report.ts'
import { type ProveAllOptions, prove } from './prove.ts'
import { DEFAULT_WAIT } from './retry/wait.ts'

export interface VerifyTargetsOptions extends ProveAllOptions {
  /** Wait for an administrator's consent until the deadline. */
  readonly awaitConsent?: boolean
}

/**
 * Proves targets in the cloud that the environment names, and looks consent up where it names a deployer.
 *
 * @param mask learns every secret that is used
 * @throws CommandError ENDPOINTS_UNREACHABLE, NO_DIRECTORY
 */
export async function verifyTargets(
  targets: readonly AppTarget[],
  env: NodeJS.ProcessEnv,
  mask: Mask,
  { awaitConsent, ...options }: VerifyTargetsOptions,
): Promise<ProofReport> {
  mask.add(...secretsIn(env), ...targets.flatMap(secretsOf))
  const deadlineMs = options.wait?.deadlineMs ?? DEFAULT_WAIT.deadlineMs
  const apps = awaitConsent ? targets.map((app) => awaitingConsent(app, deadlineMs)) : targets
  const endpoints = await discoverEndpoints(env)
  const ports = masking(openPorts(endpoints), mask)
  const directory = await directoryFor(apps, options.live ?? false, env, endpoints, ports, options.signal)
  return prove(apps, ports, {
    ...options,
    ...directory,
    checks: [...(options.checks ?? []), ...(directory.checks ?? [])],
  })
}

/** Consent that is to come counts as given at the deadline: until then nothing about it is final. */
function awaitingConsent(app: AppTarget, deadlineMs: number): AppTarget {
  const consent = new Date(Date.now() + deadlineMs)
  return {
    ...app,
    changedAt: { ...app.changedAt, consent },
    credentials: app.credentials.map((credential) => ({
      ...credential,
      target: { ...credential.target, changedAt: { ...credential.target.changedAt, consent } },
    })),
  }
}

/**
 * The directory, to tell a missing consent from one on its way: read when the environment names the deployer outright,
 * or when `--live` asks for it.
 *
 * @throws CommandError NO_DIRECTORY when `--live` cannot be done
 */
async function directoryFor(
  apps: readonly AppTarget[],
  live: boolean,
  env: NodeJS.ProcessEnv,
  endpoints: Endpoints,
  ports: ProofPorts,
  signal: AbortSignal | undefined,
): Promise<{ directory?: Directory; checks?: Check[] }> {
  const tenantId = apps[0]?.tenantId
  const deployer = deployerLogin(env, tenantId === undefined ? {} : { tenantId })
  if (!apps.some(({ facts, granted }) => facts ?? granted) || !deployer) return {}
  const name = 'consent in the directory'
  if (!live && !namesDeployer(env)) {
    return {
      checks: [skipped(name, 'no deployer login (ARM_*) to look it up with; --live uses any login there is')],
    }
  }
  const opened = await openDirectory(ports, deployer, endpoints, signal)
  if (opened.ok) return { directory: opened.value }
  const { code, meaning, message, fix } = opened.failure
  const reason = `${deployer.description} got no token: ${code}: ${meaning} (${message})`
  if (!live) return { checks: [skipped(name, reason)] }
  throw new CommandError(
    'NO_DIRECTORY',
    `The directory cannot be read as the deployer: ${reason}. To fix it: ${fix}.`,
  )
}
