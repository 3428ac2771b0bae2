import type { StackOutputs } from '../../infra/contract/outputs.ts'
import { type CredentialProof, type CredentialTarget, stackTargets } from '../proof/index.ts'
import type { SecretName } from './deliver.ts'
import type { RotationPorts } from './ports.ts'

/**
 * What to prove about one generation.
 *
 * @throws RangeError when the stack's outputs do not hold it
 */
export function proofTarget(
  { app, secret }: SecretName,
  generation: number,
  outputs: StackOutputs,
): CredentialTarget {
  const label = `${secret} g${generation}`
  const found = stackTargets(outputs)
    .find((each) => each.app === app)
    ?.credentials.find(({ target }) => target.label === label)
  if (!found) throw new RangeError(`The stack holds no value for g${generation} of ${app}/${secret}`)
  return found.target
}

/** Whether a new generation may replace the current one, and in a sentence why or why not. */
export interface Judgement {
  readonly ok: boolean
  readonly detail: string
}

/**
 * Proves a new generation. If more is wrong than the secret itself (a consent is missing, a probe is refused), the
 * current generation is asked too: a new secret that can do what the current one can is good, and a rotation
 * after a leak must not wait for a consent.
 */
export async function judgeGeneration(
  candidate: CredentialTarget,
  current: CredentialTarget | undefined,
  { prove, now }: Pick<RotationPorts, 'prove' | 'now'>,
): Promise<Judgement> {
  const proof = await prove({ ...candidate, changedAt: { credential: now() } })
  if (proof.verdict === 'proved') return { ok: true, detail: `proved (${passed(proof)} checks)` }
  const failed = failures(proof)
  if (failed.length === 0) return { ok: false, detail: 'it did not work steadily before the deadline' }
  const detail = failed.map(({ name, detail: said }) => `${name}: ${said}`).join('; ')
  if (!current || proof.stages.token === undefined) return { ok: false, detail }
  const already = new Set(failures(await prove(current)).map(({ name }) => name))
  if (!failed.every(({ name }) => already.has(name))) return { ok: false, detail }
  return { ok: true, detail: `yields tokens like the current one, which fails the same: ${detail}` }
}

function failures({ checks }: CredentialProof): CredentialProof['checks'] {
  return checks.filter(({ status }) => status === 'failed')
}

function passed({ checks }: CredentialProof): number {
  return checks.filter(({ status }) => status === 'passed').length
}
