import { z } from 'zod'

/** A rule that is known and accepted to be broken here. */
export const suppress = z.strictObject({
  rule: z.string().min(1).describe('Code of the rule, such as EA402'),
  reason: z.string().trim().min(1).describe('Why it does not matter here, for the next reader'),
})
