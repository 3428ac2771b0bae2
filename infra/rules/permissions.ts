import { suggest } from '../../lib/nearest.ts'
import type { PublishedApi } from '../../microsoft/apis.ts'
import { includesPersonalAccounts } from '../../microsoft/audiences.ts'
import { isGuid } from '../../microsoft/guid.ts'
import { WELL_KNOWN_APP_IDS } from '../../microsoft/well-known-apis.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { above, type Rule, repeated, type Violation } from './rule.ts'

const VALIDATION = 'Validation differences by supported account types'
const SERVICE_LIMITS = 'Microsoft Entra service limits and restrictions'
const GRANTING = 'Grant or revoke API permissions programmatically'

const API_BY_ID =
  'give its app id: a display name may be misspelt, and several service principals may have the same one'

const MAX_APIS = 50
const MAX_FOREIGN_APIS = 10
const MAX_WORK = 400
const MAX_PERSONAL = 200
const MAX_PER_API_PERSONAL = 30

/** Application permissions of Microsoft Graph whose holder can give itself any other. */
export const ESCALATING_PERMISSIONS: Readonly<Record<string, string>> = {
  'AppRoleAssignment.ReadWrite.All': 'it can grant itself any permission, and so become Global Administrator',
  'RoleManagement.ReadWrite.Directory': 'it can make itself Global Administrator',
  'Application.ReadWrite.All': 'it can add a secret to any application, and act as that',
  'Directory.ReadWrite.All': 'it can change almost everything in the directory',
}

const countOf = ({ application, delegated }: AppDeclaration['permissions'][string]) =>
  application.length + delegated.length

const total = (app: AppDeclaration, limit: number): readonly Violation[] =>
  above(
    limit,
    Object.values(app.permissions).reduce((sum, permissions) => sum + countOf(permissions), 0),
    ['permissions'],
    (count) => `${count} permissions over all APIs`,
  )

/** Rules about the permissions the application asks for. */
export const permissionRules: readonly Rule[] = [
  {
    code: 'EA601',
    name: 'api-count',
    severity: 'error',
    summary: `An application asks at most ${MAX_APIS} APIs.`,
    limit: MAX_APIS,
    fix: 'remove unused ones, or split the application',
    source: VALIDATION,
    check: ({ permissions }) =>
      above(MAX_APIS, Object.keys(permissions).length, ['permissions'], (count) => `${count} APIs`),
  },
  {
    code: 'EA602',
    name: 'foreign-api-count',
    severity: 'warning',
    needsWhole: 'stack',
    summary: `Of the APIs at most ${MAX_FOREIGN_APIS} belong to other tenants; those that are neither Microsoft's nor of this stack are counted.`,
    limit: MAX_FOREIGN_APIS,
    fix: 'if more than ten of them are registered in other tenants, split the application',
    source: VALIDATION,
    check: ({ permissions }, { apps }) => {
      const wellKnown = new Set(Object.entries(WELL_KNOWN_APP_IDS).flat())
      const foreign = Object.keys(permissions).filter(
        (api) => !wellKnown.has(api) && !Object.hasOwn(apps, api),
      )
      return above(
        MAX_FOREIGN_APIS,
        foreign.length,
        ['permissions'],
        (count) => `${count} APIs of unknown tenants`,
      )
    },
  },
  {
    code: 'EA603',
    name: 'permission-count',
    severity: 'error',
    summary: `An application asks for at most ${MAX_WORK} permissions over all APIs.`,
    limit: MAX_WORK,
    fix: 'remove unused ones, or split the application',
    source: VALIDATION,
    check: (app) => (includesPersonalAccounts(app) ? [] : total(app, MAX_WORK)),
  },
  {
    code: 'EA604',
    name: 'permission-count-personal',
    severity: 'error',
    summary: `With personal accounts an application asks for at most ${MAX_PERSONAL} permissions over all APIs.`,
    limit: MAX_PERSONAL,
    fix: 'remove unused ones, or split the application',
    source: VALIDATION,
    check: (app) => (includesPersonalAccounts(app) ? total(app, MAX_PERSONAL) : []),
  },
  {
    code: 'EA605',
    name: 'permission-count-per-api-personal',
    severity: 'error',
    summary: `With personal accounts an application asks for at most ${MAX_PER_API_PERSONAL} permissions of one API.`,
    limit: MAX_PER_API_PERSONAL,
    fix: 'remove unused ones, or split the application',
    source: VALIDATION,
    check: (app) =>
      Object.entries(includesPersonalAccounts(app) ? app.permissions : {}).flatMap(([api, permissions]) =>
        above(
          MAX_PER_API_PERSONAL,
          countOf(permissions),
          ['permissions', api],
          (count) => `${count} permissions of one API`,
        ),
      ),
  },
  {
    code: 'EA606',
    name: 'permission-twice',
    severity: 'error',
    summary: 'A permission is listed once.',
    fix: 'keep one of the two',
    source: 'requiredResourceAccess resource type',
    check: ({ permissions }) =>
      Object.entries(permissions).flatMap(([api, declared]) =>
        (['application', 'delegated'] as const).flatMap((kind) =>
          repeated(
            declared[kind].map((name, i) => ({ name, i })),
            ({ name }) => name,
          ).map(([{ name, i }]) => ({
            path: ['permissions', api, kind, i],
            message: `"${name}" is listed twice`,
            found: name,
          })),
        ),
      ),
  },
  {
    code: 'EA607',
    name: 'permission-escalates',
    severity: 'warning',
    summary: 'No application permission lets the application give itself others.',
    fix: 'ask for a narrower one (Application.ReadWrite.OwnedBy covers objects of its own), or suppress this with the reason',
    source: GRANTING,
    check: ({ permissions }) =>
      (permissions['Microsoft Graph']?.application ?? []).flatMap((name, i) =>
        Object.hasOwn(ESCALATING_PERMISSIONS, name)
          ? [
              {
                path: ['permissions', 'Microsoft Graph', 'application', i],
                message: `with ${name}, ${ESCALATING_PERMISSIONS[name]}`,
                found: name,
              },
            ]
          : [],
      ),
  },
  {
    code: 'EA609',
    name: 'permission-published',
    severity: 'warning',
    summary: 'A permission of a Microsoft API is one that Microsoft publishes.',
    fix: 'correct the name; the deployment asks the tenant itself, and is right where this list is old',
    source: 'Microsoft Graph permissions reference',
    check: ({ permissions }, { apps, catalogue }) =>
      Object.entries(permissions).flatMap(([api, declared]) => {
        const published = Object.hasOwn(apps, api) ? undefined : catalogue.get(api)
        return published ? unpublished(api, declared, published) : []
      }),
  },
  {
    code: 'EA610',
    name: 'api-known',
    severity: 'warning',
    needsWhole: 'stack',
    summary: 'An API is given by its app id, or by the name of one of Microsoft or of this stack.',
    fix: API_BY_ID,
    source: 'Application and service principal objects in Microsoft Entra ID',
    check: ({ permissions, consented = {} }, { apps, catalogue }) => {
      if (catalogue.size === 0) return []
      const known = [...catalogue.keys(), ...Object.keys(WELL_KNOWN_APP_IDS), ...Object.keys(apps)]
      return Object.entries({ permissions, consented }).flatMap(([setting, asked]) =>
        Object.keys(asked)
          .filter((api) => !isGuid(api) && !known.includes(api))
          .map((api) => ({
            path: [setting, api],
            message: `Microsoft publishes no API "${api}", and the stack has no application of that name`,
            fix: suggest(api, known, API_BY_ID),
            found: api,
          })),
      )
    },
  },
  {
    code: 'EA608',
    name: 'assignment-count',
    severity: 'error',
    summary: 'A user, group or service principal has at most 1500 app role assignments.',
    limit: 1500,
    fix: 'assign a group once, and put people into it',
    source: SERVICE_LIMITS,
    check: ({ assignments }, { name, apps }) => {
      const all = Object.entries(apps).flatMap(([app, declared]) =>
        declared.assignments.map((each) => ({ app, key: (each.user ?? each.group ?? '').toLowerCase() })),
      )
      return assignments.flatMap(({ user, group }, i) => {
        const key = (user ?? group ?? '').toLowerCase()
        const own = all.filter((each) => each.key === key)
        const isFirst =
          assignments.findIndex((each) => (each.user ?? each.group ?? '').toLowerCase() === key) === i
        return own[0]?.app === name && isFirst
          ? above(
              1500,
              own.length,
              ['assignments', i],
              (count) => `"${user ?? group}" is assigned ${count} times`,
            )
          : []
      })
    },
  },
]

/** Names that the API does not publish, with the nearest that it does, or the other kind where the name is there. */
function unpublished(
  api: string,
  declared: AppDeclaration['permissions'][string],
  published: PublishedApi,
): Violation[] {
  const kinds = [
    ['application', 'delegated'],
    ['delegated', 'application'],
  ] as const
  return kinds.flatMap(([kind, other]) =>
    declared[kind].flatMap((name, i): Violation[] => {
      // An API of which no permission of this kind is known may have some all the same.
      if (isEmpty(published[kind]) || Object.hasOwn(published[kind], name)) return []
      const fix = Object.hasOwn(published[other], name)
        ? `it exists as ${other} permission: move it there`
        : suggest(name, Object.keys(published[kind]), `look the name up in the reference of ${api}`)
      const message = `${api} publishes no ${kind} permission "${name}"`
      return [{ path: ['permissions', api, kind, i], message, fix, found: name }]
    }),
  )
}

function isEmpty(permissions: PublishedApi['application']): boolean {
  return Object.keys(permissions).length === 0
}
