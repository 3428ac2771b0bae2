import { DAY, days, parseDuration } from '../../lib/duration.ts'
import type { Problem } from './problems.ts'

/** The durations of a rotation as they are declared. */
export interface DeclaredDurations {
  readonly lifetime: string
  readonly rotateEvery?: string | undefined
  readonly overlap?: string | undefined
}

/** The durations of a rotation in milliseconds. */
export interface RotationDurations {
  /** How long a newly issued generation is valid. */
  readonly lifetime: number
  /** Age of the current generation at which the next one is due. */
  readonly rotateEvery: number
  /** How long a generation stays valid after its successor took over: longer than any consumer goes without re-reading. */
  readonly overlap: number
}

/** Defaults: rotated at half of the lifetime, with a week of overlap, or half of the interval where that is shorter. */
export function durationsOf(secret: DeclaredDurations): RotationDurations {
  const lifetime = parseDuration(secret.lifetime)
  const rotateEvery = secret.rotateEvery ? parseDuration(secret.rotateEvery) : lifetime / 2
  const overlap = secret.overlap ? parseDuration(secret.overlap) : Math.min(7 * DAY, rotateEvery / 2)
  return { lifetime, rotateEvery, overlap }
}

/** Checks the durations of one credential against each other; call it with durations that parse. */
export function checkDurations(secret: DeclaredDurations): Problem[] {
  const { lifetime, rotateEvery, overlap } = durationsOf(secret)
  if (overlap >= rotateEvery) {
    return [
      {
        path: ['overlap'],
        message: `the overlap (${days(overlap)}) is not shorter than the rotation interval (${days(rotateEvery)}), so generations would pile up`,
        fix: 'shorten overlap or lengthen rotateEvery',
      },
    ]
  }
  if (rotateEvery + overlap > lifetime) {
    return [
      {
        path: [secret.rotateEvery ? 'rotateEvery' : 'overlap'],
        message: `a credential rotated after ${days(rotateEvery)} that overlaps for ${days(overlap)} needs more than its lifetime (${days(lifetime)})`,
        fix: 'make lifetime at least rotateEvery plus overlap; twice rotateEvery leaves room for late runs',
      },
    ]
  }
  return []
}
