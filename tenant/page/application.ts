import type { TenantControl } from '../control/control.ts'
import type { Directory } from '../directory/directory.ts'
import { type Data, type Entity, objects } from '../store/entity.ts'
import {
  type ApplicationRow,
  applicationRow,
  type CredentialRow,
  credentialRows,
  grantRows,
  principalOf,
  principalView,
  type RequestRow,
  requestRow,
} from './overview.ts'

/** How far back requests are looked through. */
const LATEST_REQUESTS = 1000

/** A permission that is requested, granted, or both. */
export interface PermissionRow {
  readonly api: string
  readonly permission: string
  readonly kind: 'application' | 'delegated'
  readonly isRequested: boolean
  readonly consent: 'none' | 'granted' | 'for everyone' | 'for one user'
}

/** One application, read from the directory at one moment. */
export interface ApplicationView extends ApplicationRow {
  readonly now: string
  readonly audience: string
  /** Object id of its service principal; undefined when the tenant has none. */
  readonly servicePrincipalId: string | undefined
  readonly permissions: readonly PermissionRow[]
  readonly credentials: readonly CredentialRow[]
  /** Its latest, newest first. */
  readonly requests: readonly RequestRow[]
}

/** The application with an app id; undefined when the tenant has none. */
export function applicationView(
  directory: Directory,
  control: TenantControl,
  appId: string,
): ApplicationView | undefined {
  const [application] = directory.store.find('applications', 'appId', appId)
  if (application === undefined) return undefined
  const principal = principalOf(directory, application.data)
  return {
    ...applicationRow(directory, application),
    now: directory.now().toISOString(),
    audience: String(application.data['signInAudience'] ?? ''),
    servicePrincipalId: principal?.id,
    permissions: permissionRows(directory, application, principal),
    credentials: credentialRows(directory, application),
    requests: control
      .requests({ limit: LATEST_REQUESTS })
      .filter(({ callerAppId }) => callerAppId === appId)
      .toReversed()
      .map((record) => requestRow(directory, record)),
  }
}

function permissionRows(
  directory: Directory,
  { data }: Entity,
  principal: Entity | undefined,
): readonly PermissionRow[] {
  const granted = grantRows(directory)
    .filter(({ clientId }) => clientId === principal?.id)
    .map(({ resource, permission, kind }): PermissionRow => {
      const common = { api: resource, permission, isRequested: false }
      if (kind === 'application') return { ...common, kind, consent: 'granted' }
      const consent = kind === 'delegated, everyone' ? 'for everyone' : 'for one user'
      return { ...common, kind: 'delegated', consent }
    })
  const byName = new Map(granted.map((row) => [keyOf(row), row]))
  for (const row of objects(data['requiredResourceAccess']).flatMap((api) => requestedOf(directory, api))) {
    byName.set(keyOf(row), { ...row, consent: byName.get(keyOf(row))?.consent ?? 'none' })
  }
  return [...byName.values()]
}

/** What an application requests of one API. */
function requestedOf(directory: Directory, access: Data): PermissionRow[] {
  const appId = String(access['resourceAppId'])
  const [resource] = directory.store.find('servicePrincipals', 'appId', appId)
  const view = resource && principalView(directory, resource)
  const offered = [...objects(view?.['appRoles']), ...objects(view?.['oauth2PermissionScopes'])]
  return objects(access['resourceAccess']).map(({ id, type }) => ({
    api: String(view?.['displayName'] ?? appId),
    permission: String(offered.find((each) => each['id'] === id)?.['value'] ?? id),
    kind: type === 'Role' ? 'application' : 'delegated',
    isRequested: true,
    consent: 'none',
  }))
}

function keyOf({ api, permission, kind }: PermissionRow): string {
  return `${kind} ${permission} ${api}`
}
