import { randomUUID } from 'node:crypto'
import { applicationOf } from '../directory/computed.ts'
import type { Directory } from '../directory/directory.ts'
import { badRequest, denied, GraphError } from '../errors/graph-error.ts'
import { isoSecond } from '../lib/clock.ts'
import type { Draft } from '../model/body.ts'
import { servicePrincipals } from '../model/service-principals.ts'
import type { GraphRequest } from '../request/graph-request.ts'
import type { Data, Entity } from '../store/entity.ts'
import { type Companion, softDelete } from './deleted-items.ts'
import { completeKeyCredentials } from './key-credentials.ts'
import { keepPasswords } from './passwords.ts'
import { bindReferences, forgetReferences } from './references.ts'
import type { Made, Rules } from './rules.ts'

/** Microsoft Graph: Create, Update and Delete servicePrincipal. */
export const servicePrincipalRules: Rules = {
  create(draft: Draft, request: GraphRequest): Made {
    const { directory, caller, allowedBy } = request
    const appId = String(draft.data['appId']).toLowerCase()
    requireBackingApplication(directory, appId)
    if (directory.store.find('servicePrincipals', 'appId', appId).length > 0) {
      throw new GraphError(
        409,
        'Request_MultipleObjectsWithSameKeyValue',
        `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
      )
    }
    // A service principal has no owner of its own accord, but who may only touch what they own, as users may, gets it.
    const mayTouchAll = allowedBy.owning === undefined && caller.scopes === undefined
    const byDefault = mayTouchAll ? [] : [caller.objectId]
    const data = {
      ...completeKeyCredentials(servicePrincipals, undefined, keepPasswords({}, draft.data), directory),
      appId,
      createdDateTime: isoSecond(directory.now()),
      ownerIds: bindReferences(directory, servicePrincipals, 'owners', draft, byDefault),
    }
    return { id: randomUUID(), data }
  },

  update(current: Entity, draft: Draft, { directory }: GraphRequest): Data {
    const data = keepPasswords(current.data, draft.data)
    return completeKeyCredentials(servicePrincipals, current.data, data, directory)
  },

  remove(entity: Entity, { directory }: GraphRequest): void {
    // Microsoft's own applications stay, whatever the caller may do.
    if (applicationOf(directory, String(entity.data['appId'])) === undefined) throw denied()
    removeServicePrincipal(directory, entity)
  },
}

/**
 * Removes a service principal with all that was granted to it and on it.
 *
 * @param applicationId of the application whose deletion this is part of
 */
export function removeServicePrincipal(
  directory: Directory,
  principal: Entity,
  applicationId?: string,
): void {
  const related = [
    ['appRoleAssignments', 'principalId'],
    ['appRoleAssignments', 'resourceId'],
    ['oauth2PermissionGrants', 'clientId'],
    ['oauth2PermissionGrants', 'resourceId'],
  ] as const
  const companions = new Map<string, Companion>()
  for (const [set, property] of related) {
    for (const entity of directory.store.find(set, property, principal.id)) {
      companions.set(entity.id, { set, entity })
    }
  }
  forgetReferences(directory, principal.id)
  softDelete(directory, servicePrincipals, principal, {
    companions: [...companions.values()],
    with: applicationId,
  })
}

/**
 * The code in the details is the real service's. The message is not: clients take the real one for lag after the
 * creation of the application and repeat for minutes, and here there is no lag to wait for.
 */
function requireBackingApplication(directory: Directory, appId: string): void {
  if (applicationOf(directory, appId) !== undefined || directory.microsoftApis.has(appId)) return
  throw badRequest(`The service principal cannot be created: no application has the appId '${appId}'.`, [
    {
      code: 'NoBackingApplicationObject',
      message: `No application has the appId '${appId}'.`,
      target: 'appId',
    },
  ])
}
