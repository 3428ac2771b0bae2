import type { Generation } from '../../infra/rotation/generation.ts'
import { type Delivery, GenerationLost } from '../delivery/index.ts'
import type { RotationPorts } from './ports.ts'

/**
 * Makes sure that a generation is still this run's to deliver: it is current, or issued and nobody else is at work on it.
 * A run that was held up for long must not overwrite what later runs delivered.
 *
 * @throws GenerationLost
 */
export async function requireOwned(
  { app, secret, generation, keyId }: Delivery,
  { stack, run }: Pick<RotationPorts, 'stack' | 'run'>,
): Promise<void> {
  const { ledger } = await stack.outputs({ fresh: true })
  const entry = ledger[app]?.[secret]?.find((each) => each.generation === generation)
  const reason = reasonOfLoss(entry, keyId, run)
  if (reason) throw new GenerationLost(`g${generation} ${reason}`)
}

/** What {@link requireOwned} would throw. */
export async function lossOf(
  delivery: Delivery,
  ports: Pick<RotationPorts, 'stack' | 'run'>,
): Promise<GenerationLost | undefined> {
  try {
    await requireOwned(delivery, ports)
    return undefined
  } catch (error) {
    if (error instanceof GenerationLost) return error
    throw error
  }
}

function reasonOfLoss(entry: Generation | undefined, keyId: string, run: string): string | undefined {
  if (!entry) return 'is not in the ledger any more'
  if (entry.keyId !== undefined && entry.keyId !== keyId) return 'was issued again with another key id'
  if (entry.phase === 'current') return undefined
  if (entry.phase !== 'issued') return `is ${entry.phase}: another run has replaced or withdrawn it`
  return entry.run === run ? undefined : 'was taken over by another run'
}
