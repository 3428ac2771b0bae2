import type { ExposedIds } from '../declaration/derived-ids.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { ENTRY_TABLES, type EntryTable } from './entry-settings.ts'
import { claimKey } from './list-order.ts'
import {
  at,
  comparable,
  declaredSettings as declaredIn,
  liveSettings as liveIn,
  type Members,
  type Setting,
  type Value,
} from './setting.ts'
import { APPLICATION_SETTINGS, SERVICE_PRINCIPAL_SETTINGS } from './settings-table.ts'

const ALL: readonly Setting[] = [...APPLICATION_SETTINGS, ...SERVICE_PRINCIPAL_SETTINGS]

/** What holds where nobody says anything; `null` for what is in no table, such as a scope. */
export function defaultOf(path: string): Value {
  return comparable(ALL.find(({ yaml }) => yaml === path)?.default ?? null)
}

/** Properties of Graph's service principal that settings are read from. */
export const PRINCIPAL_PROPERTIES: readonly string[] = [
  ...new Set(SERVICE_PRINCIPAL_SETTINGS.map(({ graph }) => graph.split('.')[0] as string)),
]

/** Properties of Graph's application that only its beta shows. */
export const BETA_PROPERTIES: readonly string[] = APPLICATION_SETTINGS.filter(({ beta }) => beta).map(
  ({ graph }) => graph,
)

/**
 * What a declaration makes of the settings of an application and its service principal, by their paths in YAML, those at
 * their defaults left out: what whoever looks into the directory later compares it with. A scope, an app role and an
 * optional claim are one setting each, with everything that is said of it.
 */
export function declaredSettings(app: AppDeclaration, ids: ExposedIds): Record<string, Value> {
  return {
    ...declaredIn(ALL, app),
    ...Object.assign(
      {},
      ...ENTRY_TABLES.map((table) =>
        byKey(
          table,
          declaredEntries(app, ids, table.yaml).map((entry) => declaredIn(table.settings, entry)),
        ),
      ),
    ),
  }
}

/** The same settings as they are in the directory. */
export function liveSettings(application: Members, principal: Members): Record<string, Value> {
  return {
    ...liveIn(APPLICATION_SETTINGS, application),
    ...liveIn(SERVICE_PRINCIPAL_SETTINGS, principal),
    ...Object.assign(
      {},
      ...ENTRY_TABLES.map((table) => {
        const found = at(application, table.graph)
        const entries = Array.isArray(found) ? (found as Members[]) : []
        return byKey(
          table,
          entries.map((entry) => liveIn(table.settings, entry)),
        )
      }),
    ),
  }
}

/** The entries of a list of the application, with everything that is only said by their names and defaults. */
export function declaredEntries(
  app: AppDeclaration,
  ids: ExposedIds,
  list: EntryTable['yaml'],
): readonly Members[] {
  if (list === 'scopes') {
    return Object.entries(app.scopes).map(([value, scope]) => ({
      ...scope,
      // Graph shows users an empty page where only the administrators' text is given.
      user: scope.user ?? scope.admin,
      value,
      id: ids.scopes[value] ?? '',
    }))
  }
  if (list === 'appRoles') {
    return Object.entries(app.appRoles).map(([name, role]) => ({
      ...role,
      value: role.value ?? name,
      id: ids.appRoles[name] ?? '',
    }))
  }
  return at(app, list) as readonly Members[]
}

function byKey({ yaml }: EntryTable, entries: readonly Record<string, Value>[]): Record<string, Value> {
  return Object.fromEntries(
    entries.map((entry) => [`${yaml}.${keyOf(entry)}`, Object.entries(entry).map(describeMember).sort()]),
  )
}

function keyOf({ name, source, value, id }: Record<string, Value>): string {
  if (typeof name !== 'string') return String(value ?? id)
  return claimKey({ name, ...(source === 'user' && { source }) })
}

function describeMember([path, value]: [string, Value]): string {
  return `${path}: ${Array.isArray(value) ? value.join(', ') : value}`
}
