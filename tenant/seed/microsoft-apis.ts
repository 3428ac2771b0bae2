import { readFileSync } from 'node:fs'
import type { Data } from '../store/entity.ts'

/** App id of Microsoft Graph, the same in every tenant. */
export const MICROSOFT_GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000'

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

/** Names and ids as they stand in the JSON files beside this one; descriptions are not kept. */
interface PublishedApi {
  readonly appId: string
  readonly displayName: string
  readonly identifierUris: readonly string[]
  /** Application permissions: name → id. */
  readonly application: { readonly [name: string]: string }
  /** Delegated permissions: name → id. */
  readonly delegated: { readonly [name: string]: string }
  /** Delegated permissions that a user may consent to; the others need an administrator. */
  readonly userConsent?: readonly string[]
}

/** Reads the published permissions of Microsoft Graph and other Microsoft APIs, by lower-case app id. */
export function loadMicrosoftApis(): ReadonlyMap<string, MicrosoftApi> {
  const published = [
    readJson('microsoft-graph.json') as PublishedApi,
    ...(readJson('microsoft-apis.json') as readonly PublishedApi[]),
  ]
  return new Map(published.map((api) => [api.appId.toLowerCase(), asMicrosoftApi(api)]))
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
}

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
