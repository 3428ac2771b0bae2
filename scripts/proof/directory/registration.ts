import type { AppOutputs } from '../../../infra/outputs.ts'
import type { ApisReader } from './apis.ts'
import type { DirectoryReader, Entity, Read } from './reader.ts'

/** A registration as it is in the directory, reduced to what a stack declares. */
export interface Registration {
  readonly displayName: string
  readonly redirectUris: Readonly<Record<'web' | 'spa' | 'publicClient', readonly string[]>>
  /** `Files.Read.All (application) on Microsoft Graph`: what the registration asks for. */
  readonly permissions: readonly string[]
  readonly owners: readonly { readonly id: string; readonly name: string }[]
  readonly secrets: readonly LiveSecret[]
  readonly certificates: readonly {
    readonly keyId: string
    readonly name: string
    readonly endDate: string
    /** SHA-1, 40 upper-case hexadecimal digits. */
    readonly thumbprint: string
  }[]
  /** Whether the service principal may be used. */
  readonly enabled: boolean
}

/** A secret as the directory lists it; its value is nowhere. */
export interface LiveSecret {
  readonly keyId: string
  readonly displayName: string
  readonly endDate: string
}

/** Reads registrations, many in a few requests. */
export async function readRegistrations(
  apps: readonly Pick<AppOutputs, 'objectId' | 'servicePrincipalId'>[],
  reader: DirectoryReader,
  apis: ApisReader,
): Promise<Read<Registration>[]> {
  const [applications, principals, owners] = await Promise.all([
    reader.objects(apps.map(({ objectId }) => `/applications/${objectId}`)),
    reader.objects(
      apps.map(({ servicePrincipalId: id }) => `/servicePrincipals/${id}?$select=id,accountEnabled`),
    ),
    reader.lists(apps.map(({ objectId }) => `/applications/${objectId}/owners`)),
  ])
  return Promise.all(
    apps.map(async (_, i): Promise<Read<Registration>> => {
      const application = applications[i]!
      const principal = principals[i]!
      const ownersOfApp = owners[i]!
      if (!application.ok) return application
      if (!principal.ok) return principal
      if (!ownersOfApp.ok) return ownersOfApp
      const permissions = await permissionsIn(application.value, apis)
      if (!permissions.ok) return permissions
      const value = toRegistration(application.value, principal.value, ownersOfApp.value, permissions.value)
      return { ok: true, value }
    }),
  )
}

function toRegistration(
  application: Entity,
  principal: Entity,
  owners: readonly Entity[],
  permissions: readonly string[],
): Registration {
  return {
    displayName: text(application['displayName']),
    redirectUris: {
      web: redirectUris(application['web']),
      spa: redirectUris(application['spa']),
      publicClient: redirectUris(application['publicClient']),
    },
    permissions,
    owners: owners.map(({ id, displayName }) => ({ id: text(id), name: text(displayName) || text(id) })),
    secrets: objects(application['passwordCredentials']).map((secret) => ({
      keyId: text(secret['keyId']),
      displayName: text(secret['displayName']),
      endDate: text(secret['endDateTime']),
    })),
    certificates: objects(application['keyCredentials']).map((key) => ({
      keyId: text(key['keyId']),
      name: text(key['displayName']),
      endDate: text(key['endDateTime']),
      thumbprint: thumbprintOf(key),
    })),
    enabled: principal['accountEnabled'] !== false,
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
  const { redirectUris: uris } = (platform ?? {}) as { redirectUris?: unknown }
  return Array.isArray(uris) ? uris.map(String) : []
}

function objects(value: unknown): readonly Entity[] {
  return Array.isArray(value) ? (value as Entity[]) : []
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
