import { z } from 'zod'

const claim = z
  .union([
    z.string().min(1),
    z.strictObject({
      name: z.string().min(1),
      source: z.literal('user').optional().describe('Set for a directory extension of the user'),
      essential: z.boolean().default(false),
      additionalProperties: z.array(z.string().min(1)).default([]),
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
    .array(z.enum(['All', 'ApplicationGroup', 'DirectoryRole', 'None', 'SecurityGroup']))
    .default([])
    .describe(
      'Groups to list in the groups claim. ApplicationGroup: only those assigned to the application. None says in so many words what is the default',
    ),
  acceptMapped: z
    .boolean()
    .default(false)
    .describe('Claims that a mapping policy changes are taken without a signing key of the application'),
})
