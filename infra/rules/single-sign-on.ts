import { DAY } from '../../lib/duration.ts'
import { activeCertificateOf } from '../declaration/schema/single-sign-on.ts'
import type { Rule } from './rule.ts'

const SAML = 'Configure SAML-based single sign-on for your application using Microsoft Graph'
const PATH = ['servicePrincipal', 'singleSignOn'] as const

/** The service needs time to take the next certificate before this one ends. */
const SOON_DAYS = 30

/** Rules about single sign-on with SAML. */
export const singleSignOnRules: readonly Rule[] = [
  {
    code: 'EA141',
    name: 'signing-certificate-mode',
    severity: 'error',
    summary: 'Only an application with single sign-on by SAML has signing certificates.',
    fix: 'set mode to saml, or remove the certificates',
    source: SAML,
    check: ({ servicePrincipal: { singleSignOn } }) =>
      singleSignOn.mode !== 'saml' && Object.keys(singleSignOn.signingCertificates).length > 0
        ? [
            {
              path: [...PATH, 'signingCertificates'],
              message: `nothing is signed with them while mode is ${singleSignOn.mode ?? 'not set'}`,
            },
          ]
        : [],
  },
  {
    code: 'EA142',
    name: 'signing-certificate-active',
    severity: 'error',
    summary: 'One of several signing certificates is active.',
    fix: 'set activeCertificate to the name of the one that signs now',
    source: SAML,
    check: ({ servicePrincipal: { singleSignOn } }) => {
      const { signingCertificates, activeCertificate } = singleSignOn
      const names = Object.keys(signingCertificates)
      const active = activeCertificateOf(singleSignOn)
      const path = [...PATH, 'activeCertificate']
      if (active === undefined) {
        return names.length > 1
          ? [{ path, message: `none of ${names.join(', ')} is named as the active one` }]
          : []
      }
      if (names.includes(active)) return []
      const declared = names.length > 0 ? `; declared are ${names.join(', ')}` : ''
      return [
        {
          path,
          message: `"${active}" is not a declared signing certificate${declared}`,
          ...(activeCertificate !== undefined && { found: activeCertificate }),
        },
      ]
    },
  },
  {
    code: 'EA143',
    name: 'signing-certificate-expired',
    severity: 'error',
    summary: 'The active signing certificate has not expired.',
    fix: 'declare a new one beside it, give it to the service, and make it active',
    source: SAML,
    check: (app, { now }) =>
      activeEnd(app).flatMap(({ path, expires, end }) =>
        end <= now.getTime() ? [{ path, message: 'users cannot sign in any more', found: expires }] : [],
      ),
  },
  {
    code: 'EA144',
    name: 'signing-certificate-expires-soon',
    severity: 'warning',
    summary: `The active signing certificate expires in more than ${SOON_DAYS} days.`,
    limit: SOON_DAYS,
    fix: 'declare the next one beside it, and give it to the service before it becomes the active one',
    source: SAML,
    check: (app, { now }) =>
      activeEnd(app).flatMap(({ path, expires, end }) => {
        const days = Math.floor((end - now.getTime()) / DAY)
        return end > now.getTime() && days < SOON_DAYS
          ? [{ path, message: `users cannot sign in after ${days} more days`, found: expires }]
          : []
      }),
  },
  {
    code: 'EA145',
    name: 'claims-mapping-key',
    severity: 'error',
    needsWhole: 'application',
    summary: 'An application with mapped claims has a signing key of its own, or accepts mapped claims.',
    fix: 'declare a signing certificate, or for an API of this tenant set claims.acceptMapped to true',
    source: 'Customize claims issued in the JSON web token: security considerations',
    check: ({ servicePrincipal: { singleSignOn }, claims }) =>
      singleSignOn.claimsMapping &&
      Object.keys(singleSignOn.signingCertificates).length === 0 &&
      !claims.acceptMapped
        ? [
            {
              path: [...PATH, 'claimsMapping'],
              message: 'Entra refuses the login without an application-specific signing key (AADSTS50146)',
            },
          ]
        : [],
  },
  {
    code: 'EA146',
    name: 'saml-addresses',
    severity: 'error',
    needsWhole: 'application',
    summary: 'An application that signs SAML tokens has a reply URL and an entity id.',
    fix: 'write the reply URL (ACS) under redirectUris.web and the entity id under identifierUris',
    source: SAML,
    check: ({ servicePrincipal: { singleSignOn }, redirectUris, identifierUris }) => {
      if (Object.keys(singleSignOn.signingCertificates).length === 0) return []
      return [
        ...(redirectUris.web.length === 0
          ? [{ path: ['redirectUris', 'web'], message: 'there is no reply URL to send SAML tokens to' }]
          : []),
        ...(identifierUris.length === 0
          ? [
              {
                path: ['identifierUris'],
                message: 'there is no entity id by which the service names itself (AADSTS700016)',
              },
            ]
          : []),
      ]
    },
  },
]

function activeEnd({ servicePrincipal: { singleSignOn } }: Parameters<Rule['check']>[0]) {
  const active = activeCertificateOf(singleSignOn)
  const expires = active === undefined ? undefined : singleSignOn.signingCertificates[active]?.expires
  if (active === undefined || expires === undefined) return []
  const path = [...PATH, 'signingCertificates', active, 'expires']
  return [{ path, expires, end: Date.parse(expires) }]
}
