import { mapValues } from '../../lib/map-values.ts'
import { suggest } from '../../lib/nearest.ts'
import { isGuid } from '../../microsoft/guid.ts'
import { findPermission, publishedByStackApp } from '../declaration/permission-references.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { namesOf, ofStack } from './of-stack.ts'
import { ringsIn } from './rings.ts'
import type { Rule, RuleContext, Violation } from './rule.ts'

const OWN = 'Application and service principal objects in Microsoft Entra ID'
const ROLES = 'Add app roles to your application and receive them in the token'

/** The values that another application of the stack offers, by the kind of permission. */
function offered(api: AppDeclaration, kind: 'application' | 'delegated'): string[] {
  if (kind === 'delegated') return Object.keys(api.scopes)
  return Object.keys(api.appRoles).filter((value) => api.appRoles[value]?.for.includes('applications'))
}

/** Applications whose ids must be known before this one can be registered. */
function needs(app: AppDeclaration, apps: RuleContext['apps']): string[] {
  const owners = [...app.owners, ...(app.servicePrincipal.owners ?? [])]
  const apis = [...Object.keys(app.permissions), ...Object.keys(app.consented ?? {})]
  return [...apis, ...app.knownClients, ...owners].filter((name) => Object.hasOwn(apps, name))
}

/** The applications that refer to one: that need it as an API, know it as a client, or are owned by it. */
export function dependentsOf(name: string, apps: RuleContext['apps']): string[] {
  return Object.keys(apps).filter((other) => {
    const app = apps[other]
    return (
      other !== name && app && [...needs(app, apps), ...Object.keys(app.preAuthorizedClients)].includes(name)
    )
  })
}

const rings = ofStack((apps) => {
  const next = mapValues(apps, (app) => needs(app, apps))
  return ringsIn(Object.keys(apps), (name) => next[name] ?? [])
})

/** More names than this say no more. */
const SHOWN_OF_RING = 8

/** A ring from its first name back to it, shortened in the middle. */
function renderRing(ring: readonly string[]): string {
  const names = [...ring, ring[0]]
  if (names.length <= SHOWN_OF_RING) return names.join(' → ')
  const left = `… (${names.length - SHOWN_OF_RING} more) …`
  return [...names.slice(0, SHOWN_OF_RING / 2), left, ...names.slice(-SHOWN_OF_RING / 2)].join(' → ')
}

function unknownClient(client: string, path: Violation['path'], context: RuleContext): Violation[] {
  if (isGuid(client) || Object.hasOwn(context.apps, client)) return []
  return [
    {
      path,
      message: `"${client}" is neither an application of this stack nor a client id`,
      fix: suggest(client, namesOf(context), 'give the client id of one that is registered elsewhere'),
      found: client,
    },
  ]
}

/** Rules about applications that refer to each other, and to what they offer themselves. */
export const referenceRules: readonly Rule[] = [
  {
    code: 'EA701',
    name: 'client-known',
    severity: 'error',
    needsWhole: 'stack',
    summary: 'A client is an application of the stack or a client id.',
    fix: 'give the client id of one that is registered elsewhere',
    source: OWN,
    check: ({ knownClients, preAuthorizedClients }, context) => [
      ...knownClients.flatMap((client, i) => unknownClient(client, ['knownClients', i], context)),
      ...Object.keys(preAuthorizedClients).flatMap((client) =>
        unknownClient(client, ['preAuthorizedClients', client], context),
      ),
    ],
  },
  {
    code: 'EA702',
    name: 'own-permission-offered',
    severity: 'error',
    needsWhole: 'stack',
    summary: 'A permission of another application of the stack is one that it offers.',
    fix: 'declare it there, under scopes or appRoles',
    source: ROLES,
    check: ({ permissions, consented = {} }, { apps }) =>
      Object.entries({ permissions, consented }).flatMap(([setting, asked]) =>
        Object.entries(asked).flatMap(([api, declared]) => {
          const own = Object.hasOwn(apps, api) ? apps[api] : undefined
          if (!own) return []
          return (['application', 'delegated'] as const).flatMap((kind) =>
            declared[kind].flatMap((name, i): Violation[] => {
              const names = offered(own, kind)
              if (names.includes(name) || isGuid(name)) return []
              const place = kind === 'delegated' ? 'scopes' : 'appRoles for applications'
              return [
                {
                  path: [setting, api, kind, i],
                  message: `"${api}" exposes no ${kind} permission "${name}"`,
                  fix: suggest(name, names, `declare it in "${api}" under ${place}`),
                  found: name,
                },
              ]
            }),
          )
        }),
      ),
  },
  {
    code: 'EA703',
    name: 'no-ring',
    severity: 'error',
    summary:
      'Applications of a stack do not need each other in a ring through permissions, known clients and owners.',
    fix: 'break the ring: use preAuthorizedClients instead of knownClients, or give one side by its id',
    source: OWN,
    check: (_, context) => {
      const ring = rings(context).get(context.name)
      if (!ring) return []
      const message = `each needs the next one to be registered first: ${renderRing(ring)}`
      return [{ path: ['permissions'], message }]
    },
  },
  {
    code: 'EA704',
    name: 'assignment-role',
    severity: 'error',
    needsWhole: 'application',
    summary: 'Users and groups are assigned to app roles of this application that are meant for users.',
    fix: 'declare the role under appRoles, with users among those it is for',
    source: ROLES,
    check: (app, { name }) => {
      const { assignments, appRoles } = app
      const published = publishedByStackApp(name, app)
      const names = Object.keys(appRoles).filter((value) => appRoles[value]?.for.includes('users'))
      return assignments.flatMap(({ role }, i) =>
        role === undefined || names.includes(findPermission(role, 'application', published)?.name ?? role)
          ? []
          : [
              {
                path: ['assignments', i, 'role'],
                message: `the application has no app role "${role}" for users`,
                fix: suggest(
                  role,
                  names,
                  'declare the role under appRoles, with users among those it is for',
                ),
                found: role,
              },
            ],
      )
    },
  },
  {
    code: 'EA705',
    name: 'assignment-missing',
    severity: 'warning',
    needsWhole: 'application',
    summary: 'An application that requires assignment has someone assigned.',
    fix: 'list users or groups under assignments, or suppress this if they are assigned elsewhere',
    source: 'Properties of an enterprise application',
    check: ({ servicePrincipal, assignments }) =>
      servicePrincipal.assignmentRequired && assignments.length === 0
        ? [
            {
              path: ['servicePrincipal', 'assignmentRequired'],
              message: 'nobody is assigned, so nobody can sign in',
            },
          ]
        : [],
  },
  {
    code: 'EA706',
    name: 'retiring',
    severity: 'warning',
    summary: 'No application is at its end.',
    fix: 'run `npm run retire` with its name until it is deleted, then remove it from the declaration; with --cancel it stays',
    source: OWN,
    check: ({ retire }, { name, apps }) => {
      if (!retire) return []
      const dependents = dependentsOf(name, apps)
      const needed = dependents.length > 0 ? `, and ${dependents.join(', ')} still needs it` : ''
      return [
        {
          path: ['retire'],
          message: `sign-in is disabled; after ${retire.after} it may be deleted${needed}`,
          found: retire.after,
        },
      ]
    },
  },
]
