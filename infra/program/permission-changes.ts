import {
  findDirectoryRole,
  type NamedDirectoryRole,
  reachOfDirectoryRole,
} from '../../microsoft/built-in-roles.ts'
import { permissionFact } from '../../microsoft/permission-reach.ts'
import type { ApiPermissions } from '../declaration/permission-references.ts'
import { type ConsentSettings, consentOf } from '../registration/permissions.ts'

/** The permissions of an application, as deployed or as declared. */
export interface PermissionState extends ConsentSettings {
  /** Names, or ids; default: none. */
  readonly directoryRoles?: readonly string[]
  /** Roles on SharePoint sites by address; default: none. */
  readonly sites?: Readonly<Record<string, string>>
}

interface Permission {
  readonly api: string
  readonly kind: 'application' | 'delegated'
  readonly name: string
  /** Whether this stack consents to it. */
  readonly consented: boolean
}

/**
 * What a deployment does to permissions, one sentence for each change: what is added reaches how far, and what would
 * reach less where that is known.
 *
 * @param before as last deployed, by application; one that is missing is new
 * @param after as declared; one that is missing is deleted
 */
export function describePermissionChanges(
  before: Readonly<Record<string, PermissionState>>,
  after: Readonly<Record<string, PermissionState>>,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((name) => {
    const [from, to] = [before[name], after[name]]
    const [had, has] = [permissionsOf(from), permissionsOf(to)]
    const added = has.filter((each) => !had.some((other) => isSame(each, other)))
    const removed = had.filter((each) => !has.some((other) => isSame(each, other)))
    return [
      ...added.map((each) => `${name} ${describeAddition(each)}`),
      ...removed.map((each) => `${name} loses ${title(each)}.${afterwards(each)}`),
      ...describeConsent(
        name,
        had,
        has.filter((each) => !added.includes(each)),
      ),
      ...describeSites(name, from?.sites ?? {}, to?.sites ?? {}),
      ...describeRoles(name, from?.directoryRoles ?? [], to?.directoryRoles ?? []),
    ]
  })
}

function describeAddition(permission: Permission): string {
  const { api, kind, name, consented } = permission
  const fact = api === 'Microsoft Graph' ? permissionFact(kind, name) : undefined
  const who = kind === 'application' ? 'by itself' : 'for the signed-in user'
  const verb = consented ? 'gets' : 'asks for'
  const reach = fact ? `: ${who} it can ${fact.reach}` : `, to be used ${who}`
  const narrower = fact?.narrower ? ` Narrower: ${fact.narrower}.` : ''
  const pending = consented ? '' : ' An administrator has yet to consent.'
  return `${verb} ${title(permission)}${reach}.${pending}${narrower}`
}

/** An access token cannot be revoked, so what it carries ends with it ("Configurable token lifetimes"). */
function afterwards({ kind, consented }: Permission): string {
  return kind === 'application' && consented
    ? ' Tokens already issued keep it until they end, for up to 90 minutes.'
    : ''
}

/** Roles on sites; one that changes is said as what it becomes. */
function describeSites(
  app: string,
  from: Readonly<Record<string, string>>,
  to: Readonly<Record<string, string>>,
): string[] {
  const given = Object.entries(to).filter(([site, role]) => from[site] !== role)
  return [
    ...given.map(([site, role]) =>
      from[site] === undefined
        ? `${app} gets the role ${role} on ${site}.`
        : `${app} gets the role ${role} on ${site} in place of ${from[site]}.`,
    ),
    ...Object.keys(from)
      .filter((site) => to[site] === undefined)
      .map((site) => `${app} loses the role ${from[site]} on ${site}.`),
  ]
}

/** Directory roles by the names that they have now; an assignment is no request, so nobody has to consent. */
function describeRoles(app: string, from: readonly string[], to: readonly string[]): string[] {
  const [had, has] = [from, to].map((roles) =>
    roles.map((role) => findDirectoryRole(role) ?? { name: role, id: role }),
  ) as [NamedDirectoryRole[], NamedDirectoryRole[]]
  const without = (some: readonly NamedDirectoryRole[], others: readonly NamedDirectoryRole[]) =>
    some.filter(({ id }) => !others.some((other) => other.id === id))
  return [
    ...without(has, had).map(({ name, id }) => {
      const reach = reachOfDirectoryRole(id)
      return `${app} gets the directory role ${name}${reach ? `: by itself it can ${reach}` : ''}.`
    }),
    ...without(had, has).map(({ name }) => `${app} loses the directory role ${name}.`),
  ]
}

/** @param kept those that were there before, as they are now */
function describeConsent(name: string, had: readonly Permission[], kept: readonly Permission[]): string[] {
  const was = (each: Permission) => had.some((other) => isSame(each, other) && other.consented)
  const gained = kept.filter((each) => each.consented && !was(each))
  const lost = kept.filter((each) => !each.consented && was(each))
  const all = (some: readonly Permission[], instead: string, words = '') =>
    some.length === kept.length ? instead : `${words}${some.map(title).join(', ')}`
  return [
    ...(gained.length > 0
      ? [`${name} is given consent to ${all(gained, 'what it asked for before')}, for the whole tenant.`]
      : []),
    ...(lost.length > 0
      ? [
          `${name} loses the consent of this deployment${all(lost, '', ' to ')}; an administrator has to consent again.`,
        ]
      : []),
  ]
}

/** What is asked for, and what is consented to though nobody asks for it. */
function permissionsOf(state: PermissionState | undefined): Permission[] {
  if (!state) return []
  const consented = listed(consentOf(state), true)
  const asked = listed(state.permissions, false)
  return [...consented, ...asked.filter((each) => !consented.some((other) => isSame(each, other)))]
}

function listed(permissions: Readonly<Record<string, ApiPermissions>>, consented: boolean): Permission[] {
  return Object.entries(permissions).flatMap(([api, each]) =>
    (['application', 'delegated'] as const).flatMap((kind) =>
      each[kind].map((name) => ({ api, kind, name, consented })),
    ),
  )
}

function isSame(a: Permission, b: Permission): boolean {
  return a.api === b.api && a.kind === b.kind && a.name === b.name
}

function title({ api, kind, name }: Permission): string {
  return `${name} of ${api} (${kind})`
}
