/**
 * `entra-apps/verify`: the proof that a credential yields a token with exactly the expected permissions and that Microsoft
 * Graph answers it, for scripts of your own. Nothing else of `scripts/` is public.
 * @module
 */

import { stackOutputs } from '../../infra/contract/outputs.ts'
import { isObject } from '../../lib/is-object.ts'
import { suggest } from '../../lib/nearest.ts'
import { CommandError } from '../lib/errors.ts'
import { Mask } from '../lib/mask.ts'
import type { ProofReport } from './model/report.ts'
import type { Waiting } from './retry/retry-until-settled.ts'
import type { WaitPolicy } from './retry/wait.ts'
import { type ClientToProve, clientTarget, environmentTarget } from './targets/environment-target.ts'
import { gatherLocalKeys } from './targets/local-keys.ts'
import { type Matched, matchLocalKeys } from './targets/match-local-keys.ts'
import { stackTargets } from './targets/stack-targets.ts'
import { verifyTargets } from './verify-targets.ts'

export { CommandError, type CommandErrorCode } from '../lib/errors.ts'
export type { AppProof, Check, CredentialProof, Explanation, ProofReport } from './model/report.ts'
export type { Credential } from './model/target.ts'
export type { Waiting } from './retry/retry-until-settled.ts'
export type { Verdict, WaitPolicy } from './retry/wait.ts'
export type { ClientToProve } from './targets/environment-target.ts'

/** What to prove, and how. */
export interface VerifyOptions {
  /** One credential. Default: the one in the environment (AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, …). */
  readonly client?: ClientToProve
  /**
   * Every credential of a deployed program, instead: its outputs with secrets, as `pulumi stack output --json --show-secrets`
   * prints them or the Automation API's `stack.outputs()` gives them.
   */
  readonly outputs?: object
  /** Application permissions that the token of one credential must hold, neither more nor less: `<app id>=<role>` for other APIs than Graph. Not with `outputs`. */
  readonly expect?: readonly string[]
  /** Graph reads that must succeed with one credential, such as `GET /users?$top=1`. Default: one for each permission that has one. Not with `outputs`. */
  readonly probes?: readonly string[]
  /** When one credential or its consent was last changed: what that explains is waited for. Default: long ago. Not with `outputs`. */
  readonly changedAt?: Date
  /** Where the tenant is and who reads its directory, as for `verify`: ARM_*, AZURE_*. Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv
  /** How long to wait for replication. Default: ten minutes. */
  readonly wait?: Partial<WaitPolicy>
  /** With `outputs`: a credential that expires within so many milliseconds fails. Default: a warning in its last 30 days. */
  readonly failWithinMs?: number
  /** With `outputs`: also compare the registrations in the directory. */
  readonly live?: boolean
  /** Warnings count as failures. */
  readonly strict?: boolean
  /** Told before each pause. */
  readonly onWait?: (waiting: Waiting) => void
  readonly signal?: AbortSignal
}

/**
 * Proves credentials. Prints nothing and exits nothing; `report.verdict` is `proved`, `wrong`, `notReady` or `couldNotRun`.
 *
 *     const report = await verify({ client: { tenantId, clientId, credential: { kind: 'secret', value } }, expect: ['User.Read.All'] })
 *     if (report.verdict !== 'proved') …
 *
 * @returns a report without secrets and tokens, whatever the tenant answers
 * @throws CommandError `NO_CREDENTIAL`, `BAD_OPTIONS`, `ENDPOINTS_UNREACHABLE`, `NO_DIRECTORY`
 * @throws SyntaxError when a probe cannot be read
 * @throws the signal's reason when it fires
 */
export async function verify(given: VerifyOptions = {}): Promise<ProofReport> {
  checkOptions(given)
  const { client, outputs, expect = [], probes = [], changedAt, env = process.env, ...settings } = given
  const options = { expect, probes, ...(changedAt && { changedAt }) }
  const { apps, checks } =
    outputs === undefined
      ? { apps: [client ? clientTarget(client, options) : environmentTarget(env, options)], checks: [] }
      : await deployedTargets(outputs, env)
  const mask = new Mask()
  const report = await verifyTargets(apps, env, mask, { ...settings, checks })
  return JSON.parse(mask.apply(JSON.stringify(report))) as ProofReport
}

/** What each option goes with. */
const GOES_WITH: Readonly<Record<keyof VerifyOptions, 'credential' | 'outputs' | 'either'>> = {
  client: 'credential',
  expect: 'credential',
  probes: 'credential',
  changedAt: 'credential',
  outputs: 'outputs',
  live: 'outputs',
  failWithinMs: 'outputs',
  env: 'either',
  wait: 'either',
  strict: 'either',
  onWait: 'either',
  signal: 'either',
}

/**
 * Refuses what would be ignored, since who asks for it would take it for proved.
 *
 * @throws CommandError BAD_OPTIONS
 */
function checkOptions(given: VerifyOptions): void {
  const known = Object.keys(GOES_WITH)
  const names = Object.entries(given).flatMap(([name, value]) =>
    value === undefined || value === false ? [] : [name],
  )
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw badOptions(
      `unknown option "${unknown}": ${suggest(unknown, known, `known are ${known.join(', ')}`)}`,
    )
  }
  const hasOutputs = given.outputs !== undefined
  const ignored = names.filter(
    (name) => GOES_WITH[name as keyof VerifyOptions] === (hasOutputs ? 'credential' : 'outputs'),
  )
  const quoted = ignored.map((name) => `"${name}"`).join(', ')
  if (ignored.length > 0 && hasOutputs) {
    throw badOptions(
      `${quoted} cannot stand beside "outputs", which hold this of each credential. Remove either`,
    )
  }
  if (ignored.length > 0) {
    throw badOptions(
      `${quoted} can only stand beside "outputs": of one credential alone nothing is declared. Remove it, or set "outputs"`,
    )
  }
  if (given.changedAt && Number.isNaN(given.changedAt.getTime())) {
    throw badOptions('"changedAt" is not a valid date')
  }
}

function badOptions(sentence: string): CommandError {
  return new CommandError('BAD_OPTIONS', `verify: ${sentence}.`)
}

/** Also what this computer holds beside the outputs: keys and tokens under the names that Azure Identity gives them. */
async function deployedTargets(outputs: object, env: NodeJS.ProcessEnv): Promise<Matched> {
  const read = stackOutputs.safeParse(plainOutputs(outputs))
  // Without what is wrong, which may hold a secret.
  if (!read.success) {
    const paths = read.error.issues.map(({ path }) => path.join('.')).join(', ')
    throw badOptions(`"outputs" are not those of registerApps with their secrets: ${paths}`)
  }
  const targets = stackTargets(read.data)
  // Those of a stack that has not been deployed would be proved, for nothing in them fails.
  if (targets.length === 0) throw badOptions('"outputs" have no application: export those of registerApps')
  return matchLocalKeys(targets, await gatherLocalKeys(env))
}

/** The Automation API wraps each output with whether it is a secret. */
function plainOutputs(outputs: object): object {
  const isWrapped = (value: unknown) =>
    isObject(value) && 'value' in value && typeof value['secret'] === 'boolean'
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, isWrapped(value) ? value.value : value]),
  )
}
