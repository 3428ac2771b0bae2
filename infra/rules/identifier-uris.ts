import { includesPersonalAccounts } from '../../microsoft/audiences.ts'
import { isGuid } from '../../microsoft/guid.ts'
import { withAnyIds } from '../declaration/placeholders.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { repeatedInStack } from './of-stack.ts'
import { above, type Rule, whenPersonal } from './rule.ts'

const VALIDATION = 'Validation differences by supported account types'
const PATTERNS = 'Restrictions on identifier URIs of Microsoft Entra applications'

const URI_WORK = 255
const URI_PERSONAL = 120
const URI_COUNT_PERSONAL = 50

/** A placeholder counts as the id that takes its place. */
const resolvedLength = (uri: string) => withAnyIds(uri).length

function eachUri(judge: (uri: string, app: AppDeclaration) => string | undefined): Rule['check'] {
  return (app) =>
    app.identifierUris.flatMap((uri, i) => {
      const message = judge(uri, app)
      return message ? [{ path: ['identifierUris', i], message, found: uri }] : []
    })
}

/** "Restrictions on identifier URIs": the tenant's or the application's id in it, or a host that belongs to the tenant. */
function isSafe(uri: string): boolean {
  if (/^https:\/\//i.test(uri)) return true
  const [, host = '', rest = ''] = /^api:\/\/([^/]+)(?:\/(.*))?$/i.exec(uri) ?? []
  const isId = (part: string) => isGuid(part) || /^\{(clientId|tenantId)\}$/.test(part)
  return isId(host) || isId(rest)
}

const uriLength = (limit: number) =>
  eachUri((uri) =>
    resolvedLength(uri) > limit
      ? `the URI has ${resolvedLength(uri)} characters, the limit is ${limit}`
      : undefined,
  )

const repeatedUris = repeatedInStack(
  (app, { identifierUris }) => identifierUris.map((uri, i) => ({ app, uri, i })),
  ({ app, uri }) => (uri.includes('{clientId}') ? `${app} ${uri}` : uri.toLowerCase()),
)

/** Rules about the URIs by which others name the application as an API. */
export const identifierUriRules: readonly Rule[] = [
  {
    code: 'EA301',
    name: 'identifier-uri-shape',
    severity: 'error',
    summary: 'An identifier URI is absolute, with the scheme api, https or urn.',
    fix: 'use api://{clientId}, which is always free and safe',
    source: PATTERNS,
    check: eachUri((uri) =>
      /^(api|https):\/\/[^/\s]+|^urn:\S+/i.test(uri) && !/\s/.test(uri)
        ? undefined
        : `"${uri}" is not an identifier URI`,
    ),
  },
  {
    code: 'EA302',
    name: 'identifier-uri-length',
    severity: 'error',
    summary: `An identifier URI has at most ${URI_WORK} characters.`,
    limit: URI_WORK,
    fix: 'shorten it',
    source: VALIDATION,
    check: whenPersonal(() => [], uriLength(URI_WORK)),
  },
  {
    code: 'EA303',
    name: 'identifier-uri-length-personal',
    severity: 'error',
    summary: `With personal accounts an identifier URI has at most ${URI_PERSONAL} characters.`,
    limit: URI_PERSONAL,
    fix: 'shorten it',
    source: VALIDATION,
    check: whenPersonal(uriLength(URI_PERSONAL)),
  },
  {
    code: 'EA304',
    name: 'identifier-uri-personal',
    severity: 'error',
    summary: 'With personal accounts an identifier URI has no urn scheme, wildcard, query or fragment.',
    fix: 'use api://{clientId}',
    source: VALIDATION,
    check: whenPersonal(
      eachUri((uri, app) =>
        /^urn:|[*?#]/i.test(uri) ? `"${uri}" is not possible with ${app.signInAudience}` : undefined,
      ),
    ),
  },
  {
    code: 'EA305',
    name: 'identifier-uri-count-personal',
    severity: 'error',
    summary: `With personal accounts an application has at most ${URI_COUNT_PERSONAL} identifier URIs.`,
    limit: URI_COUNT_PERSONAL,
    fix: 'remove unused ones',
    source: VALIDATION,
    check: whenPersonal((app) =>
      above(
        URI_COUNT_PERSONAL,
        app.identifierUris.length,
        ['identifierUris'],
        (count) => `${count} identifier URIs`,
      ),
    ),
  },
  {
    code: 'EA306',
    name: 'identifier-uri-slash',
    severity: 'error',
    summary: 'An identifier URI has no slash at its end.',
    fix: 'remove the slash',
    source: PATTERNS,
    check: eachUri((uri) => (uri.endsWith('/') ? `"${uri}" ends with a slash` : undefined)),
  },
  {
    code: 'EA307',
    name: 'identifier-uri-unsafe',
    severity: 'warning',
    needsWhole: 'application',
    summary:
      'With tokens of version 1, without SAML, an identifier URI holds the id of the application or tenant, or a verified domain.',
    fix: 'use api://{clientId}, or set accessTokenVersion to 2: tenants refuse other URIs since 2025 (policy on identifier URIs)',
    source: PATTERNS,
    check: eachUri((uri, app) =>
      app.servicePrincipal.singleSignOn.mode === 'saml' ||
      app.accessTokenVersion === 2 ||
      includesPersonalAccounts(app) ||
      isSafe(uri)
        ? undefined
        : `"${uri}" could be claimed by anyone in the tenant`,
    ),
  },
  {
    code: 'EA308',
    name: 'identifier-uri-twice',
    severity: 'error',
    summary: 'An identifier URI belongs to one application.',
    fix: 'keep it on one application',
    source: PATTERNS,
    check: (_, context) =>
      repeatedUris(context).map(([{ uri, i }, first]) => ({
        path: ['identifierUris', i],
        message: `"${uri}" is taken by "${first.app}"`,
        found: uri,
      })),
  },
]
