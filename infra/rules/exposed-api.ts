import { suggest } from '../../lib/nearest.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { above, type Rule, repeated, type Violation, whenPersonal } from './rule.ts'

const VALIDATION = 'Validation differences by supported account types'
const ROLES = 'Add app roles to your application and receive them in the token'

const SCOPE_NAME_WORK = 120
const SCOPE_NAME_PERSONAL = 40
const SCOPES_PERSONAL = 100
const CLIENTS_PERSONAL = 100
const CLIENT_SCOPES_PERSONAL = 30
const PREAUTHORIZED_PERSONAL = 500
const MAX_VALUE = 249

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

const scopeLength = (app: AppDeclaration, limit: number): readonly Violation[] =>
  Object.keys(app.scopes).flatMap((value) =>
    above(limit, value.length, ['scopes', value], (count) => `the scope's name has ${count} characters`),
  )

/** Rules about what the application offers to others: scopes, app roles, clients, claims. */
export const exposedApiRules: readonly Rule[] = [
  {
    code: 'EA321',
    name: 'scope-name-length',
    severity: 'error',
    summary: `A scope's name has at most ${SCOPE_NAME_WORK} characters.`,
    limit: SCOPE_NAME_WORK,
    fix: 'shorten it',
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
    fix: 'shorten it',
    source: VALIDATION,
    check: whenPersonal((app) => scopeLength(app, SCOPE_NAME_PERSONAL)),
  },
  {
    code: 'EA323',
    name: 'scope-count-personal',
    severity: 'error',
    summary: `With personal accounts an application offers at most ${SCOPES_PERSONAL} scopes.`,
    limit: SCOPES_PERSONAL,
    fix: 'join scopes that are always asked for together',
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
    fix: 'remove appRoles, or use AzureADMyOrg or AzureADMultipleOrgs',
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
    fix: 'rename one of the two',
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
    fix: 'shorten it',
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
    fix: 'write it as in Files.Read',
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
    needsWhole: 'application',
    summary: 'A pre-authorised client is given scopes of this application.',
    fix: 'declare the scope under scopes',
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
                  fix: suggest(scope, Object.keys(scopes), 'declare the scope under scopes'),
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
    fix: 'let users consent to the others',
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
    fix: 'let users consent to the others',
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
    fix: 'let users consent to the others',
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
    fix: 'keep one of the two',
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
