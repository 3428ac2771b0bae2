import type { Ledger } from '../../infra/rotation/generation.ts'
import { isLive } from '../../infra/rotation/generation.ts'
import type { Action } from '../../infra/rotation/plan.ts'
import type { Policies } from '../../infra/rotation/policy.ts'
import { instantAfter } from '../../lib/duration.ts'
import type { StateCredential } from '../stack/engine-state.ts'
import type { SecretName } from './deliver.ts'
import type { Outcome, RotationPorts } from './ports.ts'

/**
 * A credential that is in the tenant and in the engine's state, and not in the ledger: the engine was killed after it was
 * issued, and before it was recorded. Nobody was given it.
 */
export interface UnrecordedCredential extends SecretName, Omit<StateCredential, 'name'> {
  readonly generation: number
}

/** Compares what the engine's state holds with the ledger. */
export function unrecordedIn(
  credentials: readonly StateCredential[],
  ledger: Ledger,
  policies: Policies,
): UnrecordedCredential[] {
  const names = new Map(
    [ledger, policies].flatMap((source) =>
      Object.entries(source).flatMap(([app, secrets]) =>
        Object.keys(secrets).map((secret): [string, SecretName] => [`${app}-${secret}`, { app, secret }]),
      ),
    ),
  )
  return credentials.flatMap(({ name, ...facts }) => {
    const [, resource = '', number] = /^(.+)-g(\d+)$/.exec(name) ?? []
    const found = names.get(resource)
    if (!found) return []
    const generation = Number(number)
    const isRecorded = (ledger[found.app]?.[found.secret] ?? []).some(
      (each) => each.generation === generation && isLive(each) && each.keyId === facts.keyId,
    )
    return isRecorded ? [] : [{ ...found, generation, ...facts }]
  })
}

/** What a run does about them. */
export function withdrawalOf({ app, secret, generation }: UnrecordedCredential): Action {
  const because = 'a run was killed after it issued it and before it recorded it; nobody was given it'
  return { do: 'withdraw', app, secret, generation, because }
}

/**
 * Deploys what the ledger says, which deletes everything that it does not know.
 *
 * @throws CommandError when the deployment fails
 */
export async function withdrawUnrecorded(
  actions: readonly Action[],
  { stack, now }: Pick<RotationPorts, 'stack' | 'now'>,
): Promise<Outcome[]> {
  const withdrawals = actions.filter((action) => action.do === 'withdraw')
  if (withdrawals.length === 0) return []
  await stack.deploy({ at: instantAfter(now()), steps: [] })
  const { ledger } = await stack.outputs()
  return withdrawals.map(({ app, secret, generation }) => {
    const entry = ledger[app]?.[secret]?.find((each) => each.generation === generation)
    const name = { app, secret, generation }
    // The run that seemed to be gone was at work, and has recorded it meanwhile.
    if (entry) return { ...name, result: 'held', detail: `another run has recorded it: it is ${entry.phase}` }
    return {
      ...name,
      result: 'retired',
      detail: 'deleted: a killed run had issued it, and nobody was given it',
    }
  })
}
