import { permissionFact } from './least-privilege.ts'
import type { ApiPermissions } from './permissions.ts'

/** The permissions of an application, as deployed or as declared. */
export interface PermissionState {
  readonly consent: 'grant' | 'request'
  readonly permissions: Readonly<Record<string, ApiPermissions>>
}

interface Permission {
  readonly api: string
  readonly kind: 'application' | 'delegated'
  readonly name: string
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
      ...added.map((each) => `${name} ${describeAddition(each, to?.consent ?? 'request')}`),
      ...removed.map((each) => `${name} loses ${title(each)}.${afterwards(each, from?.consent)}`),
      ...describeConsent(name, from, to, has.length - added.length),
    ]
  })
}

function describeAddition(permission: Permission, consent: PermissionState['consent']): string {
  const { api, kind, name } = permission
  const fact = api === 'Microsoft Graph' ? permissionFact(kind, name) : undefined
  const who = kind === 'application' ? 'by itself' : 'for whoever is signed in'
  const verb = consent === 'grant' ? 'gets' : 'asks for'
  const reach = fact ? `: ${who} it can ${fact.reach}` : `, to be used ${who}`
  const narrower = fact?.narrower ? ` Narrower: ${fact.narrower}.` : ''
  const pending = consent === 'request' ? ' An administrator has yet to consent.' : ''
  return `${verb} ${title(permission)}${reach}.${pending}${narrower}`
}

/** An access token cannot be revoked, so what it carries ends with it ("Configurable token lifetimes"). */
function afterwards({ kind }: Permission, consent: PermissionState['consent'] | undefined): string {
  return kind === 'application' && consent === 'grant'
    ? ' Tokens already issued keep it until they end, for up to 90 minutes.'
    : ''
}

function describeConsent(
  name: string,
  from: PermissionState | undefined,
  to: PermissionState | undefined,
  kept: number,
): string[] {
  if (!from || !to || from.consent === to.consent || kept === 0) return []
  return to.consent === 'grant'
    ? [`${name} is given consent to what it asked for before, for the whole tenant.`]
    : [`${name} loses the consent of this deployment; an administrator has to consent again.`]
}

function permissionsOf(state: PermissionState | undefined): Permission[] {
  return Object.entries(state?.permissions ?? {}).flatMap(([api, permissions]) =>
    (['application', 'delegated'] as const).flatMap((kind) =>
      permissions[kind].map((name) => ({ api, kind, name })),
    ),
  )
}

function isSame(a: Permission, b: Permission): boolean {
  return a.api === b.api && a.kind === b.kind && a.name === b.name
}

function title({ api, kind, name }: Permission): string {
  return `${name} of ${api} (${kind})`
}
