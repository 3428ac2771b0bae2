import { includesPersonalAccounts } from '../../microsoft/audiences.ts'
import { canonicalApiName, WELL_KNOWN_APP_IDS } from '../../microsoft/well-known-apis.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { ofStack } from './of-stack.ts'
import { above, type Rule, type Violation } from './rule.ts'

const VALIDATION = 'Validation differences by supported account types'
const SERVICE_LIMITS = 'Microsoft Entra service limits and restrictions'

const MAX_APIS = 50
const MAX_FOREIGN_APIS = 10
const MAX_WORK = 400
const MAX_PERSONAL = 200
const MAX_PER_API_PERSONAL = 30

const countOf = ({ application, delegated }: AppDeclaration['permissions'][string]) =>
  application.length + delegated.length

const total = (app: AppDeclaration, limit: number): readonly Violation[] =>
  above(
    limit,
    Object.values(app.permissions).reduce((sum, permissions) => sum + countOf(permissions), 0),
    ['permissions'],
    (count) => `${count} permissions over all APIs`,
  )

type Assignment = AppDeclaration['assignments'][number]

const assigneeOf = ({ user, group }: Assignment) => (user ?? group ?? '').toLowerCase()

/** By assignee: the first assignment of the stack, and how many there are. */
const assigned = ofStack((apps) => {
  const found = new Map<string, { readonly first: Assignment; count: number }>()
  for (const each of Object.values(apps).flatMap(({ assignments }) => assignments)) {
    const known = found.get(assigneeOf(each))
    if (known) known.count++
    else found.set(assigneeOf(each), { first: each, count: 1 })
  }
  return found
})

/** Rules about how many permissions and assignments there can be. */
export const permissionCountRules: readonly Rule[] = [
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
      const foreign = Object.keys(permissions).filter(
        (api) => !Object.hasOwn(apps, api) && !Object.hasOwn(WELL_KNOWN_APP_IDS, canonicalApiName(api)),
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
    code: 'EA608',
    name: 'assignment-count',
    severity: 'error',
    summary: 'A user, group or service principal has at most 1500 app role assignments.',
    limit: 1500,
    fix: 'assign a group once, and put people into it',
    source: SERVICE_LIMITS,
    check: ({ assignments }, context) =>
      assignments.flatMap((each, i) => {
        const { first, count } = assigned(context).get(assigneeOf(each)) ?? { first: undefined, count: 0 }
        return first === each
          ? above(
              1500,
              count,
              ['assignments', i],
              (found) => `"${each.user ?? each.group}" is assigned ${found} times`,
            )
          : []
      }),
  },
]
