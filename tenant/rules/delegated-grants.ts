import type { Directory } from '../directory/directory.ts'
import { GraphError, invalidValue, valueRequired } from '../errors/graph-error.ts'
import { grantId } from '../lib/ids.ts'
import type { Draft } from '../model/body.ts'
import { oauth2PermissionGrants } from '../model/grants.ts'
import type { GraphRequest } from '../request/graph-request.ts'
import type { Data, Entity } from '../store/entity.ts'
import type { Made, Rules } from './rules.ts'

const RESOURCE = oauth2PermissionGrants.resourceName

/** Microsoft Graph: Create, Update and Delete a delegated permission grant (oauth2PermissionGrant). */
export const delegatedGrantRules: Rules = {
  create(draft: Draft, { directory }: GraphRequest): Made {
    const clientId = requireId(directory, draft.data, 'clientId', 'servicePrincipals')
    const resourceId = requireId(directory, draft.data, 'resourceId', 'servicePrincipals')
    const principalId = readPrincipal(directory, draft.data)
    const id = grantId(...[clientId, resourceId, principalId].filter((each) => each !== null))
    if (directory.store.get(oauth2PermissionGrants.name, id) !== undefined) {
      throw new GraphError(409, 'Request_MultipleObjectsWithSameKeyValue', 'Permission entry already exists.')
    }
    return { id, data: { ...draft.data, clientId, resourceId, principalId } }
  },

  update(_current: Entity, draft: Draft): Data {
    return draft.data
  },

  remove(entity: Entity, { directory }: GraphRequest): void {
    directory.store.remove(oauth2PermissionGrants.name, entity.id)
  },
}

/** A grant is for everybody, or for the one principal it names. */
function readPrincipal(directory: Directory, data: Data): string | null {
  const forOne = data['consentType'] === 'Principal'
  if (data['principalId'] === null) {
    if (forOne) throw valueRequired(RESOURCE, 'principalId')
    return null
  }
  if (!forOne) throw invalidValue(RESOURCE, 'principalId', "It goes with the consentType 'Principal' only.")
  return requireId(directory, data, 'principalId', 'users')
}

function requireId(directory: Directory, data: Data, property: string, set: string): string {
  const id = String(data[property])
  const entity = directory.store.get(set, id)
  // Not the 404 text: clients take that for lag and repeat for minutes.
  if (entity === undefined) throw invalidValue(RESOURCE, property, `'${id}' is not an object of ${set}.`)
  return entity.id
}
