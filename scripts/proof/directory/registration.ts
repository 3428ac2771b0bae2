import type { AppOutputs } from '../../../infra/contract/outputs.ts'
import type { Value } from '../../../infra/registration/setting.ts'
import { BETA_PROPERTIES, liveSettings, PRINCIPAL_PROPERTIES } from '../../../infra/registration/settings.ts'
import type { ApisReader } from './apis.ts'
import { expressionOf, readFederations } from './federations.ts'
import type { DirectoryReader, Entity, Read } from './reader.ts'

/** A registration as it is in the directory, reduced to what a stack declares. */
export interface Registration {
  readonly displayName: string
  readonly redirectUris: Readonly<Record<'web' | 'spa' | 'publicClient', readonly string[]>>
  /** `Files.Read.All (application) on Microsoft Graph`: what the registration asks for. */
  readonly permissions: readonly string[]
  readonly owners: readonly LiveObject[]
  readonly principalOwners: readonly LiveObject[]
  readonly secrets: readonly LiveSecret[]
  readonly certificates: readonly LiveCertificate[]
  /** Secrets and certificates of the service principal, which a stack never issues. */
  readonly principalCredentials: readonly LivePrincipalCredential[]
  readonly federatedCredentials: readonly LiveFederation[]
  /** Users and groups that are assigned, not the applications with app roles. */
  readonly assignments: readonly LiveAssignment[]
  readonly identifierUris: readonly string[]
  readonly knownClients: readonly string[]
  /** Ids of scopes by client id. */
  readonly preAuthorizedClients: Readonly<Record<string, readonly string[]>>
  /** By the paths that the declaration has for them; those at their defaults are left out. */
  readonly settings: Readonly<Record<string, Value>>
  /** Whether the service principal may be used. */
  readonly enabled: boolean
}

/** A directory object, for people. */
export interface LiveObject {
  readonly id: string
  readonly name: string
}

export interface LiveCertificate {
  readonly keyId: string
  readonly name: string
  readonly endDate: string
  /** SHA-1, 40 upper-case hexadecimal digits. */
  readonly thumbprint: string
}

export interface LiveFederation {
  readonly name: string
  readonly issuer: string
  /** Subject, or the expression of a flexible one. */
  readonly subject: string
  readonly audience: string
}

export interface LiveAssignment {
  readonly principalId: string
  readonly name: string
  readonly roleId: string
}

/** A secret as the directory lists it; its value is nowhere. */
export interface LiveSecret {
  readonly keyId: string
  readonly displayName: string
  readonly endDate: string
}

/** The parts of a certificate that signs SAML tokens have one thumbprint; a secret has none. */
export interface LivePrincipalCredential extends LiveSecret {
  readonly thumbprint: string
}

const PRINCIPAL = ['id', ...PRINCIPAL_PROPERTIES, 'keyCredentials', 'passwordCredentials'].join(',')
const BETA = ['id', ...BETA_PROPERTIES].join(',')

/** Everything that is read of one registration. */
interface Parts {
  readonly application: Entity
  /** What only beta shows of it. */
  readonly beta: Entity
  readonly principal: Entity
  readonly owners: readonly Entity[]
  readonly principalOwners: readonly Entity[]
  readonly federatedCredentials: readonly Entity[]
  readonly assignments: readonly Entity[]
  readonly permissions: readonly string[]
}

/** Reads registrations, many in a few requests. */
export async function readRegistrations(
  apps: readonly Pick<AppOutputs, 'objectId' | 'servicePrincipalId'>[],
  reader: DirectoryReader,
  apis: ApisReader,
): Promise<Read<Registration>[]> {
  const ofApplications = (path: string) => apps.map(({ objectId }) => `/applications/${objectId}${path}`)
  const ofPrincipals = (path: string) =>
    apps.map(({ servicePrincipalId: id }) => `/servicePrincipals/${id}${path}`)
  const [applications, beta, principals, owners, principalOwners, federatedCredentials, assignments] =
    await Promise.all([
      reader.objects(ofApplications('')),
      reader.objects(ofApplications(`?$select=${BETA}`), 'beta'),
      reader.objects(ofPrincipals(`?$select=${PRINCIPAL}`)),
      reader.lists(ofApplications('/owners')),
      reader.lists(ofPrincipals('/owners')),
      readFederations(
        apps.map(({ objectId }) => objectId),
        reader,
      ),
      reader.lists(ofPrincipals('/appRoleAssignedTo')),
    ])
  return Promise.all(
    apps.map(async (_, i): Promise<Read<Registration>> => {
      const application = applications[i]!
      if (!application.ok) return application
      const parts = together({
        application,
        beta: beta[i]!,
        principal: principals[i]!,
        owners: owners[i]!,
        principalOwners: principalOwners[i]!,
        federatedCredentials: federatedCredentials[i]!,
        assignments: assignments[i]!,
        permissions: await permissionsIn(application.value, apis),
      })
      return parts.ok ? { ok: true, value: toRegistration(parts.value) } : parts
    }),
  )
}

/** All values, or the first failure. */
function together<T extends object>(reads: { readonly [K in keyof T]: Read<T[K]> }): Read<T> {
  const values: Partial<T> = {}
  for (const key of Object.keys(reads) as (keyof T)[]) {
    const read = reads[key]
    if (!read.ok) return read
    values[key] = read.value
  }
  return { ok: true, value: values as T }
}

function toRegistration(parts: Parts): Registration {
  const { application, principal } = parts
  const api = (application['api'] ?? {}) as Entity
  return {
    displayName: text(application['displayName']),
    redirectUris: {
      web: redirectUris(application['web']),
      spa: redirectUris(application['spa']),
      publicClient: redirectUris(application['publicClient']),
    },
    permissions: parts.permissions,
    owners: parts.owners.map(toObject),
    principalOwners: parts.principalOwners.map(toObject),
    secrets: objects(application['passwordCredentials']).map(toSecret),
    certificates: objects(application['keyCredentials']).map((key) => ({
      keyId: text(key['keyId']),
      name: text(key['displayName']),
      endDate: text(key['endDateTime']),
      thumbprint: thumbprintOf(key),
    })),
    principalCredentials: ['passwordCredentials', 'keyCredentials'].flatMap((list) =>
      objects(principal[list]).map((each) => ({ ...toSecret(each), thumbprint: thumbprintOf(each) })),
    ),
    federatedCredentials: parts.federatedCredentials.map((trust) => ({
      name: text(trust['name']),
      issuer: text(trust['issuer']),
      subject: text(trust['subject']) || expressionOf(trust),
      audience: strings(trust['audiences']).join(', '),
    })),
    assignments: parts.assignments
      .filter(({ principalType }) => principalType !== 'ServicePrincipal')
      .map((assignment) => ({
        principalId: text(assignment['principalId']),
        name: text(assignment['principalDisplayName']),
        roleId: text(assignment['appRoleId']),
      })),
    identifierUris: strings(application['identifierUris']),
    knownClients: strings(api['knownClientApplications']),
    preAuthorizedClients: Object.fromEntries(
      objects(api['preAuthorizedApplications']).map((client) => [
        text(client['appId']),
        strings(client['delegatedPermissionIds']).sort(),
      ]),
    ),
    settings: liveSettings({ ...application, ...parts.beta }, principal),
    enabled: principal['accountEnabled'] !== false,
  }
}

function toObject({ id, displayName }: Entity): LiveObject {
  return { id: text(id), name: text(displayName) || text(id) }
}

function toSecret(credential: Entity): LiveSecret {
  return {
    keyId: text(credential['keyId']),
    displayName: text(credential['displayName']),
    endDate: text(credential['endDateTime']),
  }
}

/**
 * The thumbprint of a key credential, 40 upper-case hexadecimal digits. Graph fills it in as customKeyIdentifier where nobody
 * sets that ("keyCredential resource type"): in hexadecimal digits, or as base64 of the same bytes.
 */
export function thumbprintOf({ customKeyIdentifier }: Entity): string {
  const identifier = text(customKeyIdentifier)
  const isHex = /^[0-9a-f]{40}$/i.test(identifier)
  return (isHex ? identifier : Buffer.from(identifier, 'base64').toString('hex')).toUpperCase()
}

/** Names an API's permission the same way on both sides of the comparison. */
export function permissionName(name: string, kind: 'application' | 'delegated', api: string): string {
  return `${name} (${kind}) on ${api}`
}

async function permissionsIn(application: Entity, apis: ApisReader): Promise<Read<readonly string[]>> {
  const names: string[] = []
  for (const access of objects(application['requiredResourceAccess'])) {
    const appId = text(access['resourceAppId'])
    const api = await apis.byAppId(appId)
    if (!api.ok) return api
    for (const { id, type } of objects(access['resourceAccess'])) {
      const kind = type === 'Role' ? 'application' : 'delegated'
      const known = kind === 'application' ? api.value?.roles : api.value?.scopes
      names.push(permissionName(known?.get(text(id)) ?? text(id), kind, appId))
    }
  }
  return { ok: true, value: names }
}

function redirectUris(platform: unknown): string[] {
  return strings((platform as Entity | undefined)?.['redirectUris'])
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function objects(value: unknown): readonly Entity[] {
  return Array.isArray(value) ? (value as Entity[]) : []
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
