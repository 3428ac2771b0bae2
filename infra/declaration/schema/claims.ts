import { z } from 'zod'
import { GROUP_CLAIMS, OPTIONAL_CLAIM_PROPERTIES } from '../../../microsoft/optional-claims.ts'

/** What the azuread provider takes; the same ten names as in "Configure and manage optional claims". */
const additionalProperty = z.enum(OPTIONAL_CLAIM_PROPERTIES)

const claim = z
  .union([
    z.string().min(1),
    z.strictObject({
      name: z.string().min(1),
      source: z.literal('user').optional().describe('Set for a directory extension of the user'),
      essential: z.boolean().default(false),
      additionalProperties: z.array(additionalProperty).default([]),
    }),
  ])
  .transform((given) =>
    typeof given === 'string' ? { name: given, essential: false, additionalProperties: [] } : given,
  )

const claims = z.array(claim).default([])

/** Claims that a token carries beside the standard ones ("Configure and manage optional claims"). */
export const optionalClaims = z.strictObject({
  accessToken: claims,
  idToken: claims,
  saml2Token: claims,
  groups: z
    .array(z.enum(GROUP_CLAIMS))
    .default([])
    .describe(
      'Groups to list in the groups claim. ApplicationGroup: only those assigned to the application. None says in so many words what is the default',
    ),
  acceptMapped: z
    .boolean()
    .default(false)
    .describe('Claims that a mapping policy changes are taken without a signing key of the application'),
})
