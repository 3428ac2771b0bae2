import type { Generation, Ledger } from '../../../../infra/rotation/generation.ts'
import type { RotationPolicy } from '../../../../infra/rotation/policy.ts'

export const DAY = 86_400_000
export const START = new Date('2026-03-01T10:20:30.456Z')

/** Rotated every 30 days with a week of overlap. */
export const MONTHLY: RotationPolicy = {
  lifetime: 90 * DAY,
  rotateEvery: 30 * DAY,
  overlap: 7 * DAY,
  revokeOverlap: DAY,
  rotateWhenDue: false,
  maxLive: 4,
  targets: [],
}

export const policies = (policy: Partial<RotationPolicy> = {}) => ({
  files: { main: { ...MONTHLY, ...policy } },
})

export const daysAfter = (days: number, from: Date = START) => new Date(from.getTime() + days * DAY)

/** The generations of the only secret of {@link policies}. */
export const mainOf = (ledger: Ledger) => ledger['files']?.['main'] ?? []

/** A generation in some phase, issued at {@link START}. */
export const generation = (
  number: number,
  phase: Generation['phase'],
  more: Partial<Generation> = {},
): Generation => ({
  generation: number,
  phase,
  issuedAt: '2026-03-01T10:20:30Z',
  endDate: '2026-05-30T10:20:30Z',
  ...more,
})
