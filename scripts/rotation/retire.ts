import type { StackOutputs } from '../../infra/contract/outputs.ts'
import { currentOf, type Generation } from '../../infra/rotation/generation.ts'
import type { Action } from '../../infra/rotation/plan.ts'
import type { Policies } from '../../infra/rotation/policy.ts'
import type { Step } from '../../infra/rotation/steps.ts'
import { DAY, instantAfter } from '../../lib/duration.ts'
import { CommandError } from '../lib/errors.ts'
import { confirm, deliveryOf, targetsOf } from './deliver.ts'
import type { Outcome, RotationPorts } from './ports.ts'
import { proofTarget } from './prove-generation.ts'
import { type Disturbed, putBack } from './put-back.ts'

export type Retirement = Extract<Action, { do: 'retire' }>

interface Judged {
  readonly retirement: Retirement
  readonly steps: readonly Step[]
  /** Why it is not retired. */
  readonly instead?: Pick<Outcome, 'result' | 'detail'>
  readonly disturbed?: Disturbed
}

/**
 * Retires previous generations: makes sure that every target holds the current one and that nothing uses the old one
 * any more, deletes it, and proves that it is refused.
 */
export async function retire(
  retirements: readonly Retirement[],
  declared: Awaited<ReturnType<RotationPorts['stack']['declared']>>,
  policies: Policies,
  ports: RotationPorts,
): Promise<Outcome[]> {
  if (retirements.length === 0) return []
  const before = await ports.stack.outputs()
  const lastUses = await ports.lastUses()
  const judged = await Promise.all(
    retirements.map((each) => judge(each, before, declared, policies, lastUses, ports)),
  )
  const steps = judged.flatMap((each) => each.steps)
  if (steps.length > 0) await ports.stack.deploy({ at: instantAfter(ports.now()), steps })
  await putBack(
    judged.flatMap(({ disturbed }) => disturbed ?? []),
    ports,
  )
  const after = await ports.stack.outputs()
  for (const { retirement, instead } of judged) {
    if (!instead) await clearAway(retirement, after, ports)
  }
  return Promise.all(judged.map((each) => conclude(each, before, after, ports)))
}

async function judge(
  retirement: Retirement,
  outputs: StackOutputs,
  declared: Awaited<ReturnType<RotationPorts['stack']['declared']>>,
  policies: Policies,
  lastUses: ReadonlyMap<string, Date> | undefined,
  ports: RotationPorts,
): Promise<Judged> {
  const { openTarget, now } = ports
  const { app, secret, generation, force } = retirement
  const generations = outputs.ledger[app]?.[secret] ?? []
  const current = currentOf(generations)
  const previous = generations.find((each) => each.generation === generation)
  if (!current || !previous) return held(retirement, [], 'the ledger does not hold it any more')

  const targets = targetsOf(retirement, declared, openTarget)
  const confirmed = await confirm(
    targets,
    deliveryOf(retirement, current.generation, outputs),
    current,
    ports,
  )
  if (confirmed.lost) {
    const detail = `kept: ${confirmed.lost.message}; run the command again`
    const name = { app, secret, generation: current.generation }
    return { ...held(retirement, [], detail), disturbed: { name, targets: confirmed.exposed } }
  }
  const record: Step[] =
    confirmed.records.length > 0
      ? [
          {
            do: 'record',
            app,
            secret,
            generation: current.generation,
            deliveries: [...confirmed.records],
            corrected: true,
          },
        ]
      : []
  if (confirmed.failed) {
    const detail = `kept, because it is not certain that g${current.generation} is delivered: ${confirmed.failed.message}`
    return { retirement, steps: record, instead: { result: 'failed', detail } }
  }
  if (record.length > 0 && !force) {
    const where = confirmed.records.map(({ target }) => target).join(', ')
    const detail = `${where} did not hold g${current.generation}, which was delivered there again: kept for another overlap`
    return held(retirement, record, detail)
  }
  const use = force
    ? undefined
    : recentUse(previous, policies[app]?.[secret]?.overlap ?? DAY, lastUses, now())
  if (use) {
    const detail = `still in use (last at ${use.toISOString()}): find the consumer that does not re-read its secret`
    return held(retirement, record, detail)
  }
  return { retirement, steps: [...record, { do: 'retire', app, secret, generation, force }] }
}

function held(retirement: Retirement, steps: readonly Step[], detail: string): Judged {
  return { retirement, steps, instead: { result: 'held', detail } }
}

/**
 * The last use of a credential if it was within the last day: by then every consumer should have re-read. A leaked
 * credential goes whoever uses it.
 */
function recentUse(
  { keyId, ended }: Generation,
  overlap: number,
  lastUses: ReadonlyMap<string, Date> | undefined,
  now: Date,
): Date | undefined {
  const last = keyId === undefined || ended === 'revoked' ? undefined : lastUses?.get(keyId)
  return last && now.getTime() - last.getTime() < Math.min(DAY, overlap) ? last : undefined
}

/** A copy of a retired certificate would go on opening doors. One that cannot be deleted fails the proof of refusal. */
async function clearAway(
  { app, secret, generation }: Retirement,
  { apps, ledger }: StackOutputs,
  { removeCopies, note }: RotationPorts,
): Promise<void> {
  const entry = ledger[app]?.[secret]?.find((each) => each.generation === generation)
  const objectId = apps[app]?.objectId
  if (entry?.phase !== 'retired' || !entry.thumbprint || !objectId) return
  try {
    const count = await removeCopies({ app, objectId }, entry.thumbprint)
    if (count > 0)
      note(`${app}/${secret}: deleted ${count} more of g${generation}, left by a killed deployment`)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    note(`${app}/${secret}: ${error.message}`)
  }
}

async function conclude(
  { retirement, instead }: Judged,
  before: StackOutputs,
  after: StackOutputs,
  { proveRefused, now, note }: RotationPorts,
): Promise<Outcome> {
  const { app, secret, generation } = retirement
  const name = { app, secret, generation }
  if (instead) return { ...name, ...instead }
  const entry = after.ledger[app]?.[secret]?.find((each) => each.generation === generation)
  if (entry && entry.phase !== 'retired') {
    return { ...name, result: 'held', detail: `the deployment left it ${entry.phase}; its warnings say why` }
  }
  note(`${app}/${secret}: proving that g${generation} is refused`)
  const { expected: _, ...target } = proofTarget(retirement, generation, before)
  const proof = await proveRefused({ ...target, changedAt: { credential: now() } })
  if (proof.verdict === 'proved') return { ...name, result: 'retired', detail: 'deleted, and refused since' }
  const said = proof.checks.map(({ detail }) => detail).join('; ')
  return { ...name, result: 'failed', detail: `deleted, but not proved to be refused: ${said}` }
}
