import { DAY } from '../../lib/duration.ts'
import type { RequestRecord } from '../audit/request-record.ts'
import type { TenantControl } from '../control/control.ts'
import type { Directory } from '../directory/directory.ts'
import { viewOf } from '../directory/view.ts'
import { longestLag } from '../faults/lag.ts'
import { entitySet } from '../model/index.ts'
import { type Data, type Entity, isObject, type Json, objects, strings } from '../store/entity.ts'

/** Rows of a table, the rest is counted only. */
const MOST_ROWS = 200

const RECENT_REQUESTS = 50

/** A table's rows, and how many there are in all. */
export interface Rows<Row> {
  readonly shown: readonly Row[]
  readonly total: number
}

/** An application of this tenant. */
export interface ApplicationRow {
  readonly name: string
  readonly appId: string
  readonly objectId: string
  /** Of its service principal; `none` when the tenant has none. */
  readonly signIn: 'enabled' | 'disabled' | 'none'
  readonly redirectUris: readonly string[]
  readonly created: string
}

/** Something to sign in with. Its value is not in it, nor any part of it. */
export interface CredentialRow {
  readonly application: string
  readonly kind: 'secret' | 'certificate' | 'federated'
  readonly name: string
  /** `keyId`, or the subject of a federated credential. */
  readonly identifier: string
  /** RFC 3339; undefined for what does not say since when. */
  readonly issued: string | undefined
  /** RFC 3339; undefined for what does not expire. */
  readonly expires: string | undefined
  /** Whole days until then; negative when it is over. */
  readonly daysLeft: number | undefined
  /** RFC 3339; undefined when nobody has used it. */
  readonly lastUsed: string | undefined
}

/** One permission that was granted. */
export interface GrantRow {
  readonly client: string
  /** Object id of the client's service principal. */
  readonly clientId: string
  readonly resource: string
  readonly permission: string
  readonly kind: 'application' | 'delegated, everyone' | 'delegated, one user'
}

/** A request with the name of who made it. */
export type RequestRow = RequestRecord & { readonly caller: string | undefined }

/** What the page shows, read from the directory at one moment. */
export interface Overview {
  readonly tenant: {
    readonly name: string
    readonly id: string
    readonly domain: string
    readonly url: string
  }
  readonly now: string
  /** Names (else effects) of the faults in force. */
  readonly faults: readonly string[]
  /** Longest replication lag in milliseconds. */
  readonly lag: number
  readonly applications: Rows<ApplicationRow>
  readonly credentials: Rows<CredentialRow>
  readonly grants: Rows<GrantRow>
  /** Newest first. */
  readonly requests: readonly RequestRow[]
}

export function overviewOf(directory: Directory, control: TenantControl): Overview {
  const applications = [...directory.store.all('applications')]
  return {
    tenant: {
      name: directory.tenantName,
      id: directory.tenantId,
      domain: directory.domain,
      url: directory.url(),
    },
    now: directory.now().toISOString(),
    faults: control.faults().map(({ rule }) => rule.name ?? rule.effect),
    lag: longestLag(control.lag()),
    applications: rows(applications.map((each) => applicationRow(directory, each))),
    credentials: rows(
      applications.flatMap((each) => credentialRows(directory, each)).sort((a, b) => ends(a) - ends(b)),
    ),
    grants: rows(grantRows(directory)),
    requests: control
      .requests({ limit: RECENT_REQUESTS })
      .toReversed()
      .map((record) => requestRow(directory, record)),
  }
}

function rows<Row>(all: readonly Row[]): Rows<Row> {
  return { shown: all.slice(0, MOST_ROWS), total: all.length }
}

export function applicationRow(directory: Directory, { id, data }: Entity): ApplicationRow {
  const principal = principalOf(directory, data)
  const platforms = [data['web'], data['spa'], data['publicClient']]
  return {
    name: String(data['displayName']),
    appId: String(data['appId']),
    objectId: id,
    signIn:
      principal === undefined ? 'none' : principal.data['accountEnabled'] === false ? 'disabled' : 'enabled',
    redirectUris: platforms.flatMap((each) => (isObject(each) ? strings(each['redirectUris']) : [])),
    created: String(data['createdDateTime'] ?? ''),
  }
}

export function credentialRows(directory: Directory, application: Entity): readonly CredentialRow[] {
  const principal = principalOf(directory, application.data)
  const holders = principal === undefined ? [application] : [application, principal]
  const own = { application: String(application.data['displayName']) }
  const federated = directory.store.find('federatedIdentityCredentials', 'applicationId', application.id)
  return [
    ...holders.flatMap(({ data }) => [
      ...objects(data['passwordCredentials']).map((each) => keyRow(directory, own, 'secret', each)),
      ...objects(data['keyCredentials']).map((each) => keyRow(directory, own, 'certificate', each)),
    ]),
    ...federated.map(
      ({ data }): CredentialRow => ({
        ...own,
        kind: 'federated',
        name: String(data['name']),
        identifier: `${String(data['issuer'])} ${String(data['subject'])}`,
        issued: undefined,
        expires: undefined,
        daysLeft: undefined,
        lastUsed: undefined,
      }),
    ),
  ]
}

function keyRow(
  directory: Directory,
  own: Pick<CredentialRow, 'application'>,
  kind: 'secret' | 'certificate',
  credential: Data,
): CredentialRow {
  const keyId = String(credential['keyId'])
  const expires = String(credential['endDateTime'])
  const [used] = directory.store.find('appCredentialSignInActivities', 'keyId', keyId)
  const activity = used?.data['signInActivity']
  return {
    ...own,
    kind,
    name: textOf(credential['displayName']) || '(no name)',
    identifier: keyId,
    issued: textOf(credential['startDateTime']) || undefined,
    expires,
    daysLeft: Math.floor((Date.parse(expires) - directory.now().getTime()) / DAY),
    lastUsed: isObject(activity) ? textOf(activity['lastSignInDateTime']) : undefined,
  }
}

function ends({ expires }: CredentialRow): number {
  return expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires)
}

/** Every permission that was granted to anyone. */
export function grantRows(directory: Directory): readonly GrantRow[] {
  return [...roleRows(directory), ...scopeRows(directory)]
}

function roleRows(directory: Directory): readonly GrantRow[] {
  return [...directory.store.all('appRoleAssignments')].map(({ data }) => {
    const resource = directory.store.get('servicePrincipals', String(data['resourceId']))
    const roles = resource === undefined ? [] : objects(principalView(directory, resource)['appRoles'])
    const role = roles.find((each) => each['id'] === data['appRoleId'])
    return {
      client: nameOf(directory, data['principalId']),
      clientId: String(data['principalId']),
      resource: nameOf(directory, data['resourceId']),
      permission: textOf(role?.['value'] ?? data['appRoleId']),
      kind: 'application',
    }
  })
}

function scopeRows(directory: Directory): readonly GrantRow[] {
  return [...directory.store.all('oauth2PermissionGrants')].flatMap(({ data }) =>
    textOf(data['scope'])
      .split(' ')
      .filter((scope) => scope !== '')
      .map(
        (permission): GrantRow => ({
          client: nameOf(directory, data['clientId']),
          clientId: String(data['clientId']),
          resource: nameOf(directory, data['resourceId']),
          permission,
          kind: data['consentType'] === 'AllPrincipals' ? 'delegated, everyone' : 'delegated, one user',
        }),
      ),
  )
}

export function requestRow(directory: Directory, record: RequestRecord): RequestRow {
  const { callerAppId } = record
  if (callerAppId === undefined) return { ...record, caller: undefined }
  const [application] = directory.store.find('applications', 'appId', callerAppId)
  const caller = application === undefined ? callerAppId : String(application.data['displayName'])
  return { ...record, caller }
}

export function principalOf(directory: Directory, application: Data): Entity | undefined {
  return directory.store.find('servicePrincipals', 'appId', String(application['appId']))[0]
}

export function principalView(directory: Directory, principal: Entity): Data {
  return viewOf(directory, entitySet('servicePrincipals'), principal)
}

/** The name of a service principal or user. */
function nameOf(directory: Directory, id: Json | undefined): string {
  const principal = directory.store.get('servicePrincipals', String(id))
  if (principal !== undefined) return textOf(principalView(directory, principal)['displayName'])
  return textOf(directory.store.get('users', String(id))?.data['displayName'] ?? id)
}

function textOf(value: Json | undefined): string {
  return value === null || value === undefined ? '' : String(value)
}
