import { randomUUID } from 'node:crypto'
import { type Directory, findDirectoryObject } from '../directory/directory.ts'
import { badRequest, GraphError } from '../errors/graph-error.ts'
import { isoSecond } from '../lib/clock.ts'
import { applications } from '../model/applications.ts'
import type { Draft } from '../model/body.ts'
import { federatedIdentityCredentials } from '../model/federated-credentials.ts'
import type { GraphRequest } from '../request/graph-request.ts'
import { type Data, type Entity, isObject, objects, strings } from '../store/entity.ts'
import { requireCredentialAllowed } from './credential-policy.ts'
import { softDelete } from './deleted-items.ts'
import { checkEntitlements, checkEntitlementValues } from './entitlements.ts'
import { credentialsOf } from './federated-credentials.ts'
import { completeKeyCredentials } from './key-credentials.ts'
import { issueInlinePasswords } from './passwords.ts'
import { checkRedirectUris, withRedirectUriSettings } from './redirect-uris.ts'
import { bindReferences } from './references.ts'
import type { Made, Rules } from './rules.ts'
import { removeServicePrincipal } from './service-principals.ts'
import { checkUniqueName } from './unique-name.ts'

/** Microsoft Graph: Create application, Update application, Delete application. */
export const applicationRules: Rules = {
  create(draft: Draft, request: GraphRequest): Made {
    const { directory, caller, seeded } = request
    const id = newId(directory)
    check(directory, draft.data, id)
    checkUniqueName(directory, applications, undefined, draft.data)
    const settled = withRedirectUriSettings(draft.data, undefined)
    const issued = issueInlinePasswords(applications, settled, directory.now())
    for (const credential of objects(issued.data['passwordCredentials'])) {
      requireCredentialAllowed(directory, applications, {}, 'password', credential)
    }
    const data = {
      ...completeKeyCredentials(applications, undefined, issued.data, directory),
      appId: seeded?.appId ?? randomUUID(),
      createdDateTime: isoSecond(directory.now()),
      publisherDomain: directory.domain,
      // Whoever creates an application owns it, unless the request names owners.
      ownerIds: bindReferences(directory, applications, 'owners', draft, [caller.objectId]),
    }
    return { id, data, ...(issued.reveal === undefined ? {} : { reveal: issued.reveal }) }
  },

  update(current: Entity, draft: Draft, request: GraphRequest): Data {
    check(request.directory, draft.data, current.id)
    checkUniqueName(request.directory, applications, current, draft.data)
    checkEntitlements(objects(current.data['appRoles']), objects(draft.data['appRoles']))
    checkEntitlements(scopesOf(current.data), scopesOf(draft.data))
    const settled = withRedirectUriSettings(draft.data, current.data)
    return completeKeyCredentials(applications, current.data, settled, request.directory)
  },

  remove(entity: Entity, { directory }: GraphRequest): void {
    const [principal] = directory.store.find('servicePrincipals', 'appId', String(entity.data['appId']))
    if (principal !== undefined) removeServicePrincipal(directory, principal, entity.id)
    const companions = credentialsOf(directory, entity.id).map((each) => ({
      set: federatedIdentityCredentials.name,
      entity: each,
    }))
    softDelete(directory, applications, entity, { companions })
  },
}

function check(directory: Directory, data: Data, id: string): void {
  checkRedirectUris(data)
  checkTokenVersion(data)
  checkEntitlementValues(objects(data['appRoles']), scopesOf(data))
  const isSaml = signsInBySaml(directory, data)
  for (const uri of strings(data['identifierUris'])) checkIdentifierUri(directory, uri, { ownId: id, isSaml })
}

const PERSONAL = ['AzureADandPersonalMicrosoftAccount', 'PersonalMicrosoftAccount']

/** Validation differences by supported account types: with personal accounts, tokens are of version 2. */
function checkTokenVersion({ signInAudience, api }: Data): void {
  const version = isObject(api) ? api['requestedAccessTokenVersion'] : undefined
  if (version === 2 || !PERSONAL.includes(String(signInAudience))) return
  const message = 'Property api.requestedAccessTokenVersion is invalid.'
  throw badRequest(message, [{ code: 'InvalidValue', message, target: 'api.requestedAccessTokenVersion' }])
}

function scopesOf(data: Data): readonly Data[] {
  const api = data['api']
  return isObject(api) ? objects(api['oauth2PermissionScopes']) : []
}

/** Microsoft identity platform: Restrictions on identifier URIs of Microsoft Entra applications. */
function checkIdentifierUri(
  directory: Directory,
  uri: string,
  { ownId, isSaml }: { readonly ownId: string; readonly isSaml: boolean },
): void {
  const parsed = URL.parse(uri)
  if (parsed === null)
    throw badRequest(`Invalid value specified for property 'identifierUris' of resource 'Application'.`)
  if (parsed.protocol === 'https:' && !isSaml && !isVerified(directory, parsed.hostname)) {
    throw new GraphError(
      400,
      'HostNameNotOnVerifiedDomain',
      `Values of identifierUris property must use a verified domain of the organization or its subdomain: '${uri}'`,
    )
  }
  for (const other of directory.store.all(applications.name)) {
    const taken = strings(other.data['identifierUris']).some(
      (each) => each.toLowerCase() === uri.toLowerCase(),
    )
    if (taken && other.id !== ownId) {
      throw badRequest('Another object with the same value for property identifierUris already exists.', [
        { code: 'ObjectConflict', message: `'${uri}' is in use.`, target: 'identifierUris' },
      ])
    }
  }
}

/** The entity id of a SAML application is its service's ("Configure SAML-based single sign-on … using Microsoft Graph"). */
function signsInBySaml(directory: Directory, { appId }: Data): boolean {
  const principals = directory.store.find('servicePrincipals', 'appId', String(appId).toLowerCase())
  return principals.some(({ data }) => data['preferredSingleSignOnMode'] === 'saml')
}

function isVerified(directory: Directory, host: string): boolean {
  return host === directory.domain || host.endsWith(`.${directory.domain}`)
}

function newId(directory: Directory): string {
  const id = randomUUID()
  return findDirectoryObject(directory, id) === undefined ? id : newId(directory)
}
