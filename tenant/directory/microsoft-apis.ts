import { type PublishedApi, publishedApis } from '../../microsoft/apis.ts'
import type { Data } from '../store/entity.ts'

/** The tenant that owns Microsoft's own applications. */
export const MICROSOFT_TENANT_ID = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a'

/** One of Microsoft's own applications, as far as its service principal shows it in every tenant. */
export interface MicrosoftApi {
  readonly appId: string
  readonly displayName: string
  readonly identifierUris: readonly string[]
  readonly appRoles: readonly Data[]
  readonly oauth2PermissionScopes: readonly Data[]
}

/** The published permissions of Microsoft Graph and other Microsoft APIs as entities, by lower-case app id. */
export function loadMicrosoftApis(): ReadonlyMap<string, MicrosoftApi> {
  loaded ??= new Map(publishedApis().map((api) => [api.appId.toLowerCase(), asMicrosoftApi(api)]))
  return loaded
}

/** The same for every tenant of a process. */
let loaded: ReadonlyMap<string, MicrosoftApi> | undefined

function asMicrosoftApi(api: PublishedApi): MicrosoftApi {
  const userConsent = new Set(api.userConsent ?? [])
  return {
    appId: api.appId,
    displayName: api.displayName,
    identifierUris: api.identifierUris,
    appRoles: Object.entries(api.application).map(([value, id]) => appRole(id, value)),
    oauth2PermissionScopes: Object.entries(api.delegated).map(([value, id]) =>
      permissionScope(id, value, userConsent.has(value) ? 'User' : 'Admin'),
    ),
  }
}

function appRole(id: string, value: string): Data {
  return {
    allowedMemberTypes: ['Application'],
    description: value,
    displayName: value,
    id,
    isEnabled: true,
    origin: 'Application',
    value,
  }
}

function permissionScope(id: string, value: string, type: 'User' | 'Admin'): Data {
  return {
    adminConsentDescription: value,
    adminConsentDisplayName: value,
    id,
    isEnabled: true,
    type,
    userConsentDescription: type === 'User' ? value : null,
    userConsentDisplayName: type === 'User' ? value : null,
    value,
  }
}
