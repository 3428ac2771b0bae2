import { type Directory, entitiesNamed } from '../directory/directory.ts'
import { entitySet } from '../model/index.ts'
import type { Entity } from '../store/entity.ts'
import type { Client } from './client.ts'
import { disabledUser, unknownUser, userNotAssigned } from './refusals/user.ts'
import { isAssigned } from './resource.ts'

/**
 * The user with this object id or user principal name, if the client may sign them in.
 *
 * @throws LoginError AADSTS50034 for nobody, 50057 for an account that is switched off, 50105 when the client takes
 *   assigned users only and this is none
 */
export function requireUser(directory: Directory, client: Client, userId: string): Entity {
  const [user] = entitiesNamed(directory, entitySet('users'), userId)
  if (user === undefined) throw unknownUser(userId, directory.tenantName)
  if (user.data['accountEnabled'] === false) throw disabledUser()
  const { principal } = client
  const assignedOnly = principal?.data['appRoleAssignmentRequired'] === true
  if (assignedOnly && !isAssigned(directory, user, principal)) {
    throw userNotAssigned(client.displayName, client.appId, String(user.data['userPrincipalName']))
  }
  return user
}
