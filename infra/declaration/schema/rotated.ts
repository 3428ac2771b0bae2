import { z } from 'zod'
import { DURATION_PATTERN } from '../../../lib/duration.ts'
import type { Problem } from '../problems.ts'
import { checkDurations } from '../rotation-durations.ts'
import { deliveryDeclaration, targetId } from './delivery.ts'

/** A duration as {@link parseDuration} reads it. */
export const duration = z
  .string()
  .regex(DURATION_PATTERN, 'a duration is a number and a unit, such as 180d, 12h or 26w')

const deliver = z.array(deliveryDeclaration).superRefine((targets, ctx) => {
  const ids = targets.map(targetId)
  ids.forEach((id, i) => {
    if (ids.indexOf(id) === i) return
    ctx.addIssue(toIssue({ path: [i], message: `${id} is listed twice`, fix: 'keep one of the two' }))
  })
})

/** How a credential that is issued here is rotated and delivered, whatever its kind. */
export const rotatedFields = {
  lifetime: duration.describe('How long a newly issued generation is valid; an issued one keeps its date'),
  rotateEvery: duration
    .optional()
    .describe('Age at which `rotate` issues the next generation. Default: half of the lifetime'),
  overlap: duration
    .optional()
    .describe(
      'How long the previous generation stays valid after that; longer than any consumer goes without re-reading. Default: 7d, or half of rotateEvery if that is shorter',
    ),
  rotateWhenDue: z
    .boolean()
    .default(false)
    .describe('For pipelines that only run `pulumi up`: it issues, promotes and retires by itself'),
  deliver: deliver
    .default([])
    .describe('Where consumers read the credential; `rotate` and `deliver` write it there'),
}

const rotated = z.strictObject(rotatedFields)

/** The settings of {@link rotatedFields} with their defaults. */
export type Rotated = z.infer<typeof rotated>

/** Checks those settings against each other. */
export function checkRotated(declared: Rotated, ctx: z.core.$RefinementCtx): void {
  const durations = [declared.lifetime, declared.rotateEvery, declared.overlap]
  if (durations.some((text) => text !== undefined && !DURATION_PATTERN.test(text))) return
  for (const problem of checkDurations(declared)) ctx.addIssue(toIssue(problem))
  if (!declared.rotateWhenDue || declared.deliver.length === 0) return
  const message =
    '`pulumi up` cannot deliver, so a credential with rotateWhenDue would change under its consumers'
  const fix = 'remove rotateWhenDue and run `rotate` on a schedule, or remove deliver'
  ctx.addIssue(toIssue({ path: ['rotateWhenDue'], message, fix }))
}

/** Hands a finding to zod, the fix included, so that all mistakes of a file come out together. */
function toIssue({ path, message, fix }: Problem) {
  return { code: 'custom' as const, path: [...path], message, params: { fix } }
}
