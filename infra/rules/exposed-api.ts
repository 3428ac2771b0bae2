import type { AppDeclaration } from '../declaration.ts'
import { suggest } from '../nearest.ts'
import { GUID } from '../schema/names.ts'
import { above, isPersonal, type Rule, repeated, type Violation } from './rule.ts'

const VALIDATION = 'Validation differences by supported account types'
const PATTERNS = 'Restrictions on identifier URIs of Microsoft Entra applications'
const ROLES = 'Add app roles to your application and receive them in the token'

const URI_WORK = 255
const URI_PERSONAL = 120
const URI_COUNT_PERSONAL = 50
const SCOPE_NAME_WORK = 120
const SCOPE_NAME_PERSONAL = 40
const SCOPES_PERSONAL = 100
const CLIENTS_PERSONAL = 100
const CLIENT_SCOPES_PERSONAL = 30
const PREAUTHORIZED_PERSONAL = 500
const MAX_VALUE = 249

/** A placeholder counts as the id that takes its place. */
const resolvedLength = (uri: string) => uri.replace(/\{(clientId|tenantId)\}/g, 'x'.repeat(36)).length

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
  const isId = (part: string) => GUID.test(part) || /^\{(clientId|tenantId)\}$/.test(part)
  return isId(host) || isId(rest)
}

const values = (app: AppDeclaration) => [
  ...Object.keys(app.scopes).map((value) => ({ value, path: ['scopes', value] })),
  ...Object.keys(app.appRoles).map((value) => ({ value, path: ['appRoles', value] })),
]

function eachValue(judge: (value: string) => string | undefined): Rule['check'] {
  return (app) =>
    values(app).flatMap(({ value, path }) => {
      const message = judge(value)
      return message ? [{ path, message, found: value }] : []
    })
}

const uriLength = (limit: number) =>
  eachUri((uri) =>
    resolvedLength(uri) > limit
      ? `the URI has ${resolvedLength(uri)} characters, the limit is ${limit}`
      : undefined,
  )

const scopeLength = (app: AppDeclaration, limit: number): readonly Violation[] =>
  Object.keys(app.scopes).flatMap((value) =>
    above(limit, value.length, ['scopes', value], (count) => `the scope's name has ${count} characters`),
  )

const whenPersonal =
  (check: Rule['check'], otherwise: Rule['check'] = () => []): Rule['check'] =>
  (app, context) =>
    isPersonal(app) ? check(app, context) : otherwise(app, context)

/** Rules about what the application offers to others: identifier URIs, scopes, app roles, clients. */
export const exposedApiRules: readonly Rule[] = [
  {
    code: 'EA301',
    name: 'identifier-uri-shape',
    severity: 'error',
    summary: 'An identifier URI is absolute, with the scheme api, https or urn.',
    mend: 'use api://{clientId}, which is always free and safe',
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
    mend: 'shorten it',
    source: VALIDATION,
    check: whenPersonal(() => [], uriLength(URI_WORK)),
  },
  {
    code: 'EA303',
    name: 'identifier-uri-length-personal',
    severity: 'error',
    summary: `With personal accounts an identifier URI has at most ${URI_PERSONAL} characters.`,
    limit: URI_PERSONAL,
    mend: 'shorten it',
    source: VALIDATION,
    check: whenPersonal(uriLength(URI_PERSONAL)),
  },
  {
    code: 'EA304',
    name: 'identifier-uri-personal',
    severity: 'error',
    summary: 'With personal accounts an identifier URI has no urn scheme, wildcard, query or fragment.',
    mend: 'use api://{clientId}',
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
    mend: 'remove unused ones',
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
    mend: 'remove the slash',
    source: PATTERNS,
    check: eachUri((uri) => (uri.endsWith('/') ? `"${uri}" ends with a slash` : undefined)),
  },
  {
    code: 'EA307',
    name: 'identifier-uri-unsafe',
    severity: 'warning',
    summary:
      'With tokens of version 1, an identifier URI holds the id of the application or tenant, or a verified domain.',
    mend: 'use api://{clientId}, or set accessTokenVersion to 2: tenants refuse other URIs since 2025 (policy on identifier URIs)',
    source: PATTERNS,
    check: eachUri((uri, app) =>
      app.accessTokenVersion === 2 || isPersonal(app) || isSafe(uri)
        ? undefined
        : `"${uri}" could be claimed by anyone in the tenant`,
    ),
  },
  {
    code: 'EA308',
    name: 'identifier-uri-twice',
    severity: 'error',
    summary: 'An identifier URI belongs to one application.',
    mend: 'keep it on one application',
    source: PATTERNS,
    check: (_, { name, apps }) => {
      const all = Object.entries(apps).flatMap(([app, { identifierUris }]) =>
        identifierUris.map((uri, i) => ({ app, uri, i })),
      )
      const key = ({ app, uri }: { app: string; uri: string }) =>
        uri.includes('{clientId}') ? `${app} ${uri}` : uri.toLowerCase()
      return repeated(all, key)
        .filter(([later]) => later.app === name)
        .map(([{ uri, i }, first]) => ({
          path: ['identifierUris', i],
          message: `"${uri}" is taken by "${first.app}"`,
          found: uri,
        }))
    },
  },
  {
    code: 'EA321',
    name: 'scope-name-length',
    severity: 'error',
    summary: `A scope's name has at most ${SCOPE_NAME_WORK} characters.`,
    limit: SCOPE_NAME_WORK,
    mend: 'shorten it',
    source: VALIDATION,
    check: whenPersonal(
      () => [],
      (app) => scopeLength(app, SCOPE_NAME_WORK),
    ),
  },
  {
    code: 'EA322',
    name: 'scope-name-length-personal',
    severity: 'error',
    summary: `With personal accounts a scope's name has at most ${SCOPE_NAME_PERSONAL} characters.`,
    limit: SCOPE_NAME_PERSONAL,
    mend: 'shorten it',
    source: VALIDATION,
    check: whenPersonal((app) => scopeLength(app, SCOPE_NAME_PERSONAL)),
  },
  {
    code: 'EA323',
    name: 'scope-count-personal',
    severity: 'error',
    summary: `With personal accounts an application offers at most ${SCOPES_PERSONAL} scopes.`,
    limit: SCOPES_PERSONAL,
    mend: 'join scopes that are always asked for together',
    source: VALIDATION,
    check: whenPersonal(({ scopes }) =>
      above(SCOPES_PERSONAL, Object.keys(scopes).length, ['scopes'], (count) => `${count} scopes`),
    ),
  },
  {
    code: 'EA324',
    name: 'app-roles-personal',
    severity: 'error',
    summary: 'With personal accounts an application has no app roles.',
    mend: 'remove appRoles, or use AzureADMyOrg or AzureADMultipleOrgs',
    source: VALIDATION,
    check: whenPersonal(({ appRoles, signInAudience }) =>
      Object.keys(appRoles).length > 0
        ? [{ path: ['appRoles'], message: `app roles are not possible with ${signInAudience}` }]
        : [],
    ),
  },
  {
    code: 'EA325',
    name: 'permission-value-shared',
    severity: 'error',
    summary: 'Scopes and app roles of an application share one name space.',
    mend: 'rename one of the two',
    source: ROLES,
    check: ({ scopes, appRoles }) =>
      Object.keys(appRoles)
        .filter((value) => Object.hasOwn(scopes, value))
        .map((value) => ({
          path: ['appRoles', value],
          message: `"${value}" is a scope as well`,
          found: value,
        })),
  },
  {
    code: 'EA326',
    name: 'permission-value-length',
    severity: 'error',
    summary: `The value of a scope or app role has at most ${MAX_VALUE} characters.`,
    limit: MAX_VALUE,
    mend: 'shorten it',
    source: ROLES,
    check: (app) =>
      values(app).flatMap(({ value, path }) =>
        above(MAX_VALUE, value.length, path, (count) => `the value has ${count} characters`),
      ),
  },
  {
    code: 'EA327',
    name: 'permission-value-characters',
    severity: 'error',
    summary:
      'The value of a scope or app role has letters, digits and the characters a token allows, and no leading dot.',
    mend: 'write it as in Files.Read',
    source: ROLES,
    check: eachValue((value) =>
      /^(?!\.)[\w!#$%&'()*+,./:;<=>?@[\]^`{|}~-]+$/.test(value)
        ? undefined
        : `the value "${value}" begins with a dot or has a character that tokens do not allow`,
    ),
  },
  {
    code: 'EA331',
    name: 'pre-authorized-scope',
    severity: 'error',
    summary: 'A pre-authorised client is given scopes of this application.',
    mend: 'declare the scope under scopes',
    source: 'preAuthorizedApplication resource type',
    check: ({ preAuthorizedClients, scopes }) =>
      Object.entries(preAuthorizedClients).flatMap(([client, names]) =>
        names.flatMap((scope, i) =>
          Object.hasOwn(scopes, scope)
            ? []
            : [
                {
                  path: ['preAuthorizedClients', client, i],
                  message: `the application has no scope "${scope}"`,
                  mend: suggest(scope, Object.keys(scopes), 'declare the scope under scopes'),
                  found: scope,
                },
              ],
        ),
      ),
  },
  {
    code: 'EA332',
    name: 'pre-authorized-count-personal',
    severity: 'error',
    summary: `With personal accounts at most ${CLIENTS_PERSONAL} clients are pre-authorised.`,
    limit: CLIENTS_PERSONAL,
    mend: 'let users consent to the others',
    source: VALIDATION,
    check: whenPersonal(({ preAuthorizedClients }) =>
      above(
        CLIENTS_PERSONAL,
        Object.keys(preAuthorizedClients).length,
        ['preAuthorizedClients'],
        (count) => `${count} pre-authorised clients`,
      ),
    ),
  },
  {
    code: 'EA333',
    name: 'pre-authorized-scopes-personal',
    severity: 'error',
    summary: `With personal accounts a pre-authorised client has at most ${CLIENT_SCOPES_PERSONAL} scopes.`,
    limit: CLIENT_SCOPES_PERSONAL,
    mend: 'let users consent to the others',
    source: VALIDATION,
    check: whenPersonal(({ preAuthorizedClients }) =>
      Object.entries(preAuthorizedClients).flatMap(([client, names]) =>
        above(
          CLIENT_SCOPES_PERSONAL,
          names.length,
          ['preAuthorizedClients', client],
          (count) => `${count} scopes for one client`,
        ),
      ),
    ),
  },
  {
    code: 'EA334',
    name: 'pre-authorized-total-personal',
    severity: 'error',
    summary: `With personal accounts at most ${PREAUTHORIZED_PERSONAL} scopes are pre-authorised over all clients.`,
    limit: PREAUTHORIZED_PERSONAL,
    mend: 'let users consent to the others',
    source: VALIDATION,
    check: whenPersonal(({ preAuthorizedClients }) =>
      above(
        PREAUTHORIZED_PERSONAL,
        Object.values(preAuthorizedClients).flat().length,
        ['preAuthorizedClients'],
        (count) => `${count} pre-authorised scopes in all`,
      ),
    ),
  },
  {
    code: 'EA341',
    name: 'claim-twice',
    severity: 'error',
    summary: 'An optional claim is listed once for each kind of token.',
    mend: 'keep one of the two',
    source: 'Configure and manage optional claims in ID tokens, access tokens, and SAML tokens',
    check: ({ claims }) =>
      (['accessToken', 'idToken', 'saml2Token'] as const).flatMap((kind) =>
        repeated(
          claims[kind].map(({ name }, i) => ({ name, i })),
          ({ name }) => name,
        ).map(([{ name, i }]) => ({
          path: ['claims', kind, i],
          message: `the claim "${name}" is listed twice`,
          found: name,
        })),
      ),
  },
]
