import { suggest } from '../../lib/nearest.ts'
import { findPermission, publishedByStackApp } from '../declaration/permission-references.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { above, type Rule, type RuleContext, repeated, type Violation, whenPersonal } from './rule.ts'

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
    summary:
      'A scope and an app role of an application differ in value and id, or are equal in value, id, texts and enabled.',
    fix: 'rename one of the two, or give both the same id, value, texts and enabled',
    source: ROLES,
    check: sharedPermissions,
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
    check: (app, { name }) => {
      const { preAuthorizedClients, scopes } = app
      const published = publishedByStackApp(name, app)
      return Object.entries(preAuthorizedClients).flatMap(([client, names]) =>
        names.flatMap((scope, i) =>
          findPermission(scope, 'delegated', published)
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
      )
    },
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

interface Exposed {
  readonly kind: 'scope' | 'app role'
  readonly path: Violation['path']
  readonly id: string | undefined
  readonly value: string
  /** What has to be the same where a scope and an app role are one permission. */
  readonly facts: Readonly<Record<'displayName' | 'description' | 'enabled', string | boolean>>
}

function exposedBy(name: string, app: AppDeclaration): Exposed[] {
  const ids = publishedByStackApp(name, app)
  return [
    ...Object.entries(app.scopes).map(([value, { admin, enabled }]): Exposed => {
      return {
        kind: 'scope',
        path: ['scopes', value],
        id: ids.delegated[value],
        value,
        facts: { ...admin, enabled },
      }
    }),
    ...Object.entries(app.appRoles).map(
      ([key, { value = key, displayName, description, enabled }]): Exposed => {
        const facts = { displayName, description, enabled }
        return { kind: 'app role', path: ['appRoles', key], id: ids.application[key], value, facts }
      },
    ),
  ]
}

/**
 * A scope and an app role may be one permission for users and applications alike: Entra then wants value and texts to be
 * the same, and ids otherwise to differ.
 */
function sharedPermissions(app: AppDeclaration, { name }: RuleContext): Violation[] {
  const all = exposedBy(name, app)
  return all.flatMap((later, i) =>
    all.slice(0, i).flatMap((first): Violation[] => {
      const message = clash(first, later)
      return message === undefined ? [] : [{ path: later.path, message, found: later.value }]
    }),
  )
}

function clash(first: Exposed, later: Exposed): string | undefined {
  const isSameId = first.id === later.id
  if (!isSameId && (later.value === '' || first.value !== later.value)) return undefined
  const other = `the ${first.kind} "${first.value}"`
  if (!isSameId) return `"${later.value}" is the value of ${other} as well, with another id`
  if (first.kind === later.kind) return `${other} has the same id`
  const differing = (['displayName', 'description', 'enabled'] as const).filter(
    (fact) => first.facts[fact] !== later.facts[fact],
  )
  if (first.value !== later.value) return `${other} has the same id, but another value`
  return differing.length > 0 ? `${other} has the same id, but differs in ${differing.join(', ')}` : undefined
}
