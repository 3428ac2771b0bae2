import type { AppDeclarationInput } from '../../../../infra/declaration/schema.ts'
import type { Cases } from './case.ts'

type SingleSignOn = NonNullable<NonNullable<AppDeclarationInput['servicePrincipal']>['singleSignOn']>

const URLS = {
  redirectUris: { web: ['https://payroll.example.com/acs'] },
  identifierUris: ['https://payroll.example.com/saml'],
}

const app = (singleSignOn: SingleSignOn, more: Partial<AppDeclarationInput> = {}) => ({
  ...URLS,
  servicePrincipal: { singleSignOn: { mode: 'saml' as const, ...singleSignOn } },
  ...more,
})

const ends = (expires: string) => app({ signingCertificates: { a: { expires } } })
const claimsMapping = { claims: [{ source: 'user' as const, id: 'mail', jwtType: 'mail' }] }
const at = 'servicePrincipal.singleSignOn'

/** Judged on 2026-06-01. */
export const singleSignOnCases: Cases = {
  EA141: {
    pass: [app({ signingCertificates: { a: {} } }), app({ mode: 'oidc' })],
    fail: [
      [
        app({ mode: 'oidc', signingCertificates: { a: {} } }),
        `${at}.signingCertificates: nothing is signed with them while mode is oidc`,
      ],
      [
        { servicePrincipal: { singleSignOn: { signingCertificates: { a: {} } } }, ...URLS },
        `${at}.signingCertificates: nothing is signed with them while mode is not set`,
      ],
    ],
  },
  EA142: {
    pass: [
      app({}),
      app({ signingCertificates: { a: {} } }),
      app({ signingCertificates: { a: {}, b: {} }, activeCertificate: 'b' }),
    ],
    fail: [
      [
        app({ signingCertificates: { a: {}, b: {} } }),
        `${at}.activeCertificate: none of a, b is named as the active one`,
      ],
      [
        app({ signingCertificates: { a: {}, b: {} }, activeCertificate: 'c' }),
        `${at}.activeCertificate: "c" is not a declared signing certificate; declared are a, b`,
      ],
      [app({ activeCertificate: 'c' }), `${at}.activeCertificate: "c" is not a declared signing certificate`],
    ],
  },
  EA143: {
    pass: [
      ends('2026-06-02'),
      app({ signingCertificates: { a: { expires: '2020-01-01' }, b: {} }, activeCertificate: 'b' }),
    ],
    fail: [[ends('2026-06-01'), `${at}.signingCertificates.a.expires: users cannot sign in any more`]],
  },
  EA144: {
    pass: [ends('2026-07-01'), ends('2026-06-01')],
    fail: [
      [ends('2026-06-30'), `${at}.signingCertificates.a.expires: users cannot sign in after 29 more days`],
    ],
  },
  EA145: {
    pass: [
      app({ signingCertificates: { a: {} }, claimsMapping }),
      app({ claimsMapping }, { claims: { acceptMapped: true } }),
    ],
    fail: [
      [
        app({ claimsMapping }),
        `${at}.claimsMapping: Entra refuses the login without an application-specific signing key (AADSTS50146)`,
      ],
    ],
  },
  EA146: {
    pass: [app({ signingCertificates: { a: {} } }), { servicePrincipal: { singleSignOn: { mode: 'saml' } } }],
    fail: [
      [
        { servicePrincipal: { singleSignOn: { mode: 'saml', signingCertificates: { a: {} } } } },
        'redirectUris.web: there is no reply URL to send SAML tokens to',
        'identifierUris: there is no entity id by which the service names itself (AADSTS700016)',
      ],
    ],
  },
}
