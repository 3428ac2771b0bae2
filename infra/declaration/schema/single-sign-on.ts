import { z } from 'zod'
import { entryName } from './names.ts'

const signingCertificate = z.strictObject({
  displayName: z
    .string()
    .regex(/^CN=.+/, 'the subject begins with "CN=", such as "CN=Contoso payroll"')
    .optional()
    .describe('Subject of the certificate. Default: CN=Microsoft Azure Federated SSO Certificate'),
  expires: z
    .string()
    // A bare date comes from the engine as "2029-01-31 00:00:00 +0000 UTC".
    .overwrite((written) => written.replace(/ 00:00:00 \+0000 UTC$/, ''))
    .regex(/^\d{4}-\d\d-\d\d$/, { error: 'a date is written as in 2029-01-31', abort: true })
    .refine((date) => z.iso.date().safeParse(date).success, 'there is no such day')
    .optional()
    .describe('Day on which it expires, at 00:00 UTC. Default: in three years'),
})

/** Where the value of a claim comes from: a property of something, or the same text for everybody. */
const mappedClaim = z
  .strictObject({
    source: z
      .enum(['user', 'application', 'resource', 'audience', 'company'])
      .optional()
      .describe('What `id` is a property of'),
    id: z.string().min(1).optional().describe('The property, such as employeeid'),
    value: z.string().min(1).optional().describe('The same value for everybody, in place of source and id'),
    samlType: z.string().min(1).optional().describe('Name of the claim in SAML tokens, a URI'),
    jwtType: z.string().min(1).optional().describe('Name of the claim in JSON Web Tokens'),
  })
  .refine(
    ({ source, id, value }) => (value === undefined ? source && id : !source && !id),
    'a mapped claim has either source and id, or value',
  )
  .refine(
    ({ samlType, jwtType }) => samlType ?? jwtType,
    'a mapped claim has a name: samlType, jwtType or both',
  )

const claimsMapping = z.strictObject({
  displayName: z
    .string()
    .min(1)
    .optional()
    .describe('Name of the policy. Default: that of the application with " claims"'),
  includeBasicClaims: z.boolean().default(true).describe('Tokens have the usual claims, too'),
  claims: z.array(mappedClaim).default([]),
})

/** How users sign in, and what signs and fills their tokens. */
export const singleSignOn = z.strictObject({
  mode: z
    .enum(['notSupported', 'oidc', 'password', 'saml'])
    .optional()
    .describe('How users sign in from the My Apps page'),
  relayState: z.string().min(1).optional().describe('Where SAML sign-in leads afterwards'),
  signingCertificates: z
    .record(entryName, signingCertificate)
    .default({})
    .describe('Certificates that Entra makes to sign tokens with; it keeps their private keys'),
  activeCertificate: z
    .string()
    .min(1)
    .optional()
    .describe('The one that signs, where there are several: name in signingCertificates'),
  claimsMapping: claimsMapping
    .optional()
    .describe('A claims mapping policy of the application: what its tokens say'),
})

export type SingleSignOn = z.infer<typeof singleSignOn>

/** The name of the certificate that signs; undefined when none is declared, or several and none is named. */
export function activeCertificateOf({
  signingCertificates,
  activeCertificate,
}: Pick<SingleSignOn, 'signingCertificates' | 'activeCertificate'>): string | undefined {
  const names = Object.keys(signingCertificates)
  return activeCertificate ?? (names.length === 1 ? names[0] : undefined)
}
