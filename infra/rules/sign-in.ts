import { withAnyIds } from '../declaration/placeholders.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { above, type Rule, type Violation } from './rule.ts'

const REPLY_URL = 'Redirect URI (reply URL) outline and restrictions'
const VALIDATION = 'Validation differences by supported account types'

const MAX_LOGOUT_URL = 255

function webAddress(path: string[], address: string | undefined): Violation[] {
  if (address === undefined || (URL.canParse(withAnyIds(address)) && /^https?:/i.test(address))) return []
  return [{ path, message: `"${address}" is not an http or https address`, found: address }]
}

/** Rules about how people sign in and out, redirect URIs aside. */
export const signInRules: readonly Rule[] = [
  {
    code: 'EA121',
    name: 'logout-url-https',
    severity: 'error',
    summary: 'The logout URL is an https address.',
    fix: 'write an https address; Entra calls it from the browser of the user who signs out',
    source: VALIDATION,
    check: ({ web: { logoutUrl } }) =>
      logoutUrl === undefined || (URL.canParse(withAnyIds(logoutUrl)) && /^https:/i.test(logoutUrl))
        ? []
        : [
            {
              path: ['web', 'logoutUrl'],
              message: `"${logoutUrl}" is not an https address`,
              found: logoutUrl,
            },
          ],
  },
  {
    code: 'EA122',
    name: 'logout-url-length',
    severity: 'error',
    summary: `The logout URL has at most ${MAX_LOGOUT_URL} characters.`,
    limit: MAX_LOGOUT_URL,
    fix: 'shorten the path',
    source: VALIDATION,
    check: ({ web: { logoutUrl = '' } }) =>
      above(
        MAX_LOGOUT_URL,
        withAnyIds(logoutUrl).length,
        ['web', 'logoutUrl'],
        (count) => `the URL has ${count} characters`,
      ),
  },
  {
    code: 'EA123',
    name: 'web-address',
    severity: 'error',
    summary: 'The home page and the addresses of the consent page are http or https.',
    fix: 'write the whole address, as in https://example.com/terms',
    source: 'application resource type',
    check: (app) => [
      ...webAddress(['web', 'homepage'], app.web.homepage),
      ...webAddress(['info', 'marketing'], app.info.marketing),
      ...webAddress(['info', 'privacyStatement'], app.info.privacyStatement),
      ...webAddress(['info', 'support'], app.info.support),
      ...webAddress(['info', 'termsOfService'], app.info.termsOfService),
      ...webAddress(['servicePrincipal', 'loginUrl'], app.servicePrincipal.loginUrl),
    ],
  },
  {
    code: 'EA124',
    name: 'implicit-grant',
    severity: 'warning',
    summary: 'No token comes straight from the authorization endpoint (implicit grant).',
    fix: 'use the authorization code flow with PKCE, on the spa platform for browsers',
    source: 'Understanding the OAuth2 implicit grant flow',
    check: ({ web: { implicitGrant } }) =>
      (['accessTokens', 'idTokens'] as const)
        .filter((kind) => implicitGrant[kind])
        .map((kind) => ({
          path: ['web', 'implicitGrant', kind],
          message: 'tokens in the address bar end up in histories and logs',
        })),
  },
  {
    code: 'EA125',
    name: 'public-client-with-secret',
    severity: 'warning',
    summary: 'A public client has no secret and no certificate.',
    fix: 'set fallbackPublicClient to false, or register the native client as an application of its own',
    source: REPLY_URL,
    check: (app) =>
      app.fallbackPublicClient && hasCredential(app)
        ? [
            {
              path: ['fallbackPublicClient'],
              message:
                'as a public client the application must not send its secret or certificate (AADSTS700025)',
            },
          ]
        : [],
  },
]

function hasCredential({ secrets, certificates }: AppDeclaration): boolean {
  return Object.keys(secrets).length + Object.keys(certificates).length > 0
}
