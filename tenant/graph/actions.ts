import { deletedItems } from '../directory/deleted-items.ts'
import { findDirectoryObject, type Located } from '../directory/directory.ts'
import { badRequest, denied, invalidRequest } from '../errors/graph-error.ts'
import { contextUrl, type GraphReply, type GraphRequest } from '../request/graph-request.ts'
import { followPath, navigate, type Single } from '../request/resource-path.ts'
import type { Operation } from '../request/route.ts'
import { requireCredentialAllowed } from '../rules/credential-policy.ts'
import { purge, restore } from '../rules/deleted-items.ts'
import { addPassword, removePassword } from '../rules/passwords.ts'
import { addTokenSigningCertificate } from '../rules/token-signing-certificates.ts'
import { isObject, type Json } from '../store/entity.ts'
import { renderMember, renderSingle } from './render.ts'

type Action = Extract<
  Operation,
  | 'addPassword'
  | 'removePassword'
  | 'addTokenSigningCertificate'
  | 'updateAllowedCombinations'
  | 'getByIds'
  | 'getMemberGroups'
  | 'checkMemberGroups'
  | 'restore'
  | 'purge'
>

/** Most ids that a request may hold (Microsoft Graph: directoryObject: getByIds, checkMemberGroups). */
const MAX_IDS = 1000
const MAX_CHECKED = 20

/** What is done with an object beyond reading and changing it, by the name at the end of the path. */
export const actions: { readonly [name in Action]: (request: GraphRequest) => GraphReply } = {
  addPassword(request) {
    const { set, entity } = targetOf(request).located
    const wanted = isObject(request.body) ? (request.body['passwordCredential'] ?? {}) : {}
    const { data, credential } = addPassword(set, entity, wanted, request.directory.now(), request.seeded)
    requireCredentialAllowed(request.directory, set, entity.data, 'password', credential)
    request.directory.store.replace(set.name, entity, data)
    return {
      status: 200,
      body: { '@odata.context': contextUrl(request, 'microsoft.graph.passwordCredential'), ...credential },
      location: request.directory.url(),
    }
  },

  removePassword(request) {
    const { set, entity } = targetOf(request).located
    const keyId = isObject(request.body) ? request.body['keyId'] : undefined
    request.directory.store.replace(set.name, entity, removePassword(entity, keyId))
    return { status: 204 }
  },

  addTokenSigningCertificate(request) {
    const { set, entity } = targetOf(request).located
    const { data, certificate } = addTokenSigningCertificate(request.directory, entity, request.body)
    request.directory.store.replace(set.name, entity, data)
    const context = contextUrl(request, 'microsoft.graph.selfSignedCertificate')
    return { status: 200, body: { '@odata.context': context, ...certificate } }
  },

  updateAllowedCombinations(request) {
    const { set, entity } = targetOf(request).located
    const wanted = isObject(request.body) ? request.body['allowedCombinations'] : undefined
    if (!Array.isArray(wanted) || wanted.length === 0)
      throw invalidRequest("'allowedCombinations' is required.")
    const before = entity.data['allowedCombinations'] ?? []
    request.directory.store.replace(set.name, entity, { ...entity.data, allowedCombinations: wanted })
    return {
      status: 200,
      body: {
        '@odata.context': contextUrl(request, 'microsoft.graph.updateAllowedCombinationsResult'),
        additionalInformation: null,
        conditionalAccessReferences: [],
        currentCombinations: wanted,
        previousCombinations: before,
      },
    }
  },

  getByIds(request) {
    const ids = readIds(request.body, 'ids', MAX_IDS)
    const types = isObject(request.body) ? (request.body['types'] ?? null) : null
    const wanted = Array.isArray(types) ? new Set(types.map((each) => String(each).toLowerCase())) : undefined
    const found = [...new Set(ids)]
      .flatMap((id) => findDirectoryObject(request.directory, id) ?? [])
      .filter(({ set }) => wanted === undefined || wanted.has(set.typeName.toLowerCase()))
    return {
      status: 200,
      body: {
        '@odata.context': contextUrl(request, 'directoryObjects'),
        value: found.map((located) => renderMember(request, { set: undefined }, located)),
      },
    }
  },

  getMemberGroups(request) {
    const onlySecurity = isObject(request.body) ? request.body['securityEnabledOnly'] : undefined
    if (typeof onlySecurity !== 'boolean') throw badRequest("'securityEnabledOnly' has to be true or false.")
    const groups = groupsOf(request).filter(
      ({ entity }) => !onlySecurity || entity.data['securityEnabled'] === true,
    )
    return idList(request, groups)
  },

  checkMemberGroups(request) {
    const wanted = new Set(readIds(request.body, 'groupIds', MAX_CHECKED))
    return idList(
      request,
      groupsOf(request).filter(({ entity }) => wanted.has(entity.id)),
    )
  },

  restore(request) {
    requireKindAllowed(request)
    const located = restore(request.directory, request.parameters['id'] ?? '')
    const single = { located, fragment: 'directoryObjects', isOfAnyKind: true } as const
    return { status: 200, body: renderSingle(request, single) }
  },

  purge(request) {
    requireKindAllowed(request)
    purge(request.directory, request.parameters['id'] ?? '')
    return { status: 204 }
  },
}

/** Who may restore and purge deleted objects, by their set: any one of these permissions is enough. */
const MAY_TOUCH_DELETED: { readonly [set: string]: readonly string[] } = {
  applications: ['Application.ReadWrite.All'],
  servicePrincipals: ['Application.ReadWrite.All'],
  groups: ['Group.ReadWrite.All'],
  users: ['User.DeleteRestore.All', 'User.ReadWrite.All'],
}

/** The address of a deleted object does not say what it is, so the route lets in whoever may touch one kind of them. */
function requireKindAllowed(request: GraphRequest): void {
  const id = (request.parameters['id'] ?? '').toLowerCase()
  const kind = deletedItems(request.directory).find(({ entity }) => entity.id === id)?.set.name
  if (kind === undefined) return
  if (!MAY_TOUCH_DELETED[kind]?.some(request.allows)) throw denied()
}

/** The object that an action's path ends in the name of. */
export function targetOf(request: GraphRequest): Single {
  return followPath(request, request.route.path.split('/').slice(0, -1).join('/')) as Single
}

function groupsOf(request: GraphRequest): readonly Located[] {
  const target = targetOf(request)
  // An application, for one, is in no group.
  if (target.located.set.navigation['transitiveMemberOf'] === undefined) return []
  const groups = navigate(request.directory, target, 'transitiveMemberOf')
  const found = groups.kind === 'single' ? [groups.located] : [...groups.members()]
  return found.filter(({ set }) => set.name === 'groups')
}

function idList(request: GraphRequest, found: readonly Located[]): GraphReply {
  return {
    status: 200,
    body: {
      '@odata.context': contextUrl(request, 'Collection(Edm.String)'),
      value: found.map(({ entity }) => entity.id),
    },
    location: request.directory.url(),
  }
}

function readIds(body: unknown, name: string, most: number): readonly string[] {
  const ids: Json | undefined = isObject(body) ? body[name] : undefined
  if (!Array.isArray(ids) || ids.some((id) => typeof id !== 'string')) {
    throw invalidRequest(`'${name}' has to be a list of ids.`)
  }
  if (ids.length > most) throw badRequest(`'${name}' cannot hold more than ${most} ids.`)
  return (ids as readonly string[]).map((id) => id.toLowerCase())
}
