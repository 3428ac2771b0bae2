import type { Directory } from '../directory.ts'
import { applicationOf, computedProperties } from '../model/computed.ts'
import { entitySet } from '../model/index.ts'
import { type SecretHash, secretMatches } from '../secrets.ts'
import { MICROSOFT_GRAPH_APP_ID } from '../seed/microsoft-apis.ts'
import { type Data, type Entity, isObject, objects, strings } from '../store/entity.ts'
import * as fail from './errors.ts'

/** The form fields that this grant reads; the many others that clients add are not looked at. */
export interface ClientCredentialsForm {
  readonly clientId: string | undefined
  readonly clientSecret: string | undefined
  readonly hasAssertion: boolean
  readonly scope: string | undefined
}

/** What a token is issued for. */
export interface Authorisation {
  readonly clientAppId: string
  readonly clientDisplayName: string
  readonly servicePrincipalId: string
  readonly audience: string
  /** 1 or 2, the resource's choice. */
  readonly tokenVersion: 1 | 2
  readonly isMicrosoftGraph: boolean
  /** Whether the resource is one of Microsoft's own. */
  readonly isMicrosoftResource: boolean
  /** Values of the app roles granted at this moment, sorted. */
  readonly roles: readonly string[]
}

/**
 * The client credentials grant with a client secret, checked in Entra's order: client, secret, resource.
 *
 * @throws LoginError with the AADSTS code of the first check that fails
 */
export function authorise(directory: Directory, form: ClientCredentialsForm): Authorisation {
  if (form.clientId === undefined) throw fail.missingParameter('client_id')
  if (form.scope === undefined) throw fail.missingParameter('scope')
  const resourceName = resourceOf(form.scope)
  const application = applicationOf(directory, form.clientId)
  if (application === undefined) throw fail.unknownClient(form.clientId, directory.tenantName)
  const clientAppId = String(application.data['appId'])
  const principal = directory.store.find('servicePrincipals', 'appId', clientAppId)[0]
  checkSecret(directory, [application, ...(principal === undefined ? [] : [principal])], clientAppId, form)
  if (principal === undefined) throw fail.clientWithoutPrincipal(clientAppId, directory.tenantId)
  const clientDisplayName = String(application.data['displayName'])
  if (principal.data['accountEnabled'] === false) throw fail.disabledClient(clientAppId, clientDisplayName)
  const resource = findResource(directory, resourceName)
  if (resource === undefined) throw fail.unknownResource(resourceName, directory.tenantName)
  return {
    clientAppId,
    clientDisplayName,
    servicePrincipalId: principal.id,
    roles: grantedRoles(directory, principal, resource),
    ...describeResource(directory, resource, resourceName),
  }
}

function checkSecret(
  directory: Directory,
  holders: readonly Entity[],
  clientAppId: string,
  form: ClientCredentialsForm,
): void {
  const { clientSecret } = form
  if (clientSecret === undefined)
    throw form.hasAssertion ? fail.unsupportedAssertion() : fail.missingCredential()
  const now = directory.now().getTime()
  let expired = false
  for (const credential of holders.flatMap(credentialsOf)) {
    if (!secretMatches(clientSecret, credential.hash)) continue
    if (credential.startsAt <= now && now < credential.endsAt) return
    expired ||= now >= credential.endsAt
  }
  throw expired ? fail.expiredSecret(clientAppId) : fail.wrongSecret(clientAppId)
}

interface KeptCredential {
  readonly hash: SecretHash
  readonly startsAt: number
  readonly endsAt: number
}

function credentialsOf(holder: Entity): readonly KeptCredential[] {
  const hashes = holder.data['secretHashes']
  return objects(holder.data['passwordCredentials']).flatMap((credential) => {
    const hash = isObject(hashes) ? hashes[String(credential['keyId'])] : undefined
    if (!isObject(hash)) return []
    return {
      hash: { salt: String(hash['salt']), hash: String(hash['hash']) },
      startsAt: Date.parse(String(credential['startDateTime'])),
      endsAt: Date.parse(String(credential['endDateTime'])),
    }
  })
}

/** The resource identifier in front of `/.default`; some identifiers end in a slash of their own. */
function resourceOf(scope: string): string {
  const words = scope.trim().split(/\s+/)
  const [only = ''] = words
  if (words.length !== 1 || !only.endsWith('/.default') || only === '/.default') throw fail.badScope(scope)
  return only.slice(0, -'/.default'.length)
}

/** A resource is named by its app id or by one of its identifier URIs, with or without a slash at the end. */
function findResource(directory: Directory, name: string): Entity | undefined {
  const wanted = withoutSlash(name)
  const appId = wanted === directory.url() ? MICROSOFT_GRAPH_APP_ID : appIdNamed(directory, wanted)
  return directory.store.find('servicePrincipals', 'appId', appId ?? wanted)[0]
}

function appIdNamed(directory: Directory, wanted: string): string | undefined {
  for (const api of directory.microsoftApis.values()) {
    if (api.identifierUris.some((uri) => withoutSlash(uri) === wanted)) return api.appId
  }
  for (const application of directory.store.all('applications')) {
    const uris = strings(application.data['identifierUris'])
    if (uris.some((uri) => withoutSlash(uri) === wanted)) return String(application.data['appId'])
  }
  return undefined
}

function withoutSlash(name: string): string {
  return name.toLowerCase().replace(/\/+$/, '')
}

function grantedRoles(directory: Directory, principal: Entity, resource: Entity): readonly string[] {
  const values = new Map(
    objects(mirrored(directory, resource)['appRoles']).map((role) => [
      String(role['id']).toLowerCase(),
      role['isEnabled'] === false ? null : (role['value'] ?? null),
    ]),
  )
  const granted = directory.store
    .find('appRoleAssignments', 'principalId', principal.id)
    .filter((assignment) => assignment.data['resourceId'] === resource.id)
    .map((assignment) => values.get(String(assignment.data['appRoleId']).toLowerCase()))
  return [...new Set(granted.filter((value) => typeof value === 'string' && value !== ''))].sort() as string[]
}

function describeResource(
  directory: Directory,
  resource: Entity,
  asked: string,
): Pick<Authorisation, 'audience' | 'tokenVersion' | 'isMicrosoftGraph' | 'isMicrosoftResource'> {
  const appId = String(resource.data['appId'])
  const application = applicationOf(directory, appId)
  const api = application?.data['api']
  const tokenVersion = isObject(api) && api['requestedAccessTokenVersion'] === 2 ? 2 : 1
  return {
    audience: tokenVersion === 2 ? appId : asked,
    tokenVersion,
    isMicrosoftGraph: appId === MICROSOFT_GRAPH_APP_ID,
    isMicrosoftResource: application === undefined,
  }
}

function mirrored(directory: Directory, principal: Entity): Data {
  return computedProperties(directory, entitySet('servicePrincipals'), principal) ?? {}
}
