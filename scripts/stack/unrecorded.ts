import { isLive, type Ledger } from '../../infra/rotation/generation.ts'
import type { Policies } from '../../infra/rotation/policy.ts'
import type { StateCredential } from './engine-state.ts'

interface Name {
  readonly app: string
  readonly secret: string
}

/**
 * A credential that is in the tenant and in the engine's state, and not in the ledger: the engine was killed after it was
 * issued, and before it was recorded. Nobody was given it.
 */
export interface UnrecordedCredential extends Name, Omit<StateCredential, 'name'> {
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
        Object.keys(secrets).map((secret): [string, Name] => [`${app}-${secret}`, { app, secret }]),
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
