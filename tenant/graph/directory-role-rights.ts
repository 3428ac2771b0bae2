import { MICROSOFT_GRAPH_APP_ID } from '../../microsoft/apis.ts'
import { DIRECTORY_ROLES, type DirectoryRole } from '../../microsoft/directory-roles.ts'
import type { Directory } from '../directory/directory.ts'
import { isObject, strings } from '../store/entity.ts'

/** Whether a permission is had. */
export type Allows = (permission: string) => boolean

/**
 * What the directory roles of a caller allow, over the whole directory: those assigned to it and those of the groups that
 * it is in.
 *
 * @param body of the request, which says what an app role is assigned on
 */
export function allowedByDirectoryRoles(directory: Directory, callerId: string, body: unknown): Allows {
  const roles = rolesOf(directory, callerId)
  if (roles.length === 0) return () => false
  const onGraph = isOnGraph(directory, body)
  return (permission) =>
    roles.some(({ permissions, exceptGraph }) => {
      if (permissions === 'all') return true
      if (permission === 'AppRoleAssignment.ReadWrite.All' && exceptGraph && onGraph) return false
      return permissions.includes(permission)
    })
}

function rolesOf(directory: Directory, callerId: string): readonly DirectoryRole[] {
  return [...directory.store.all('roleAssignments')]
    .filter(
      ({ data }) =>
        data['directoryScopeId'] === '/' && isHeldBy(directory, String(data['principalId']), callerId),
    )
    .flatMap(({ data }) => DIRECTORY_ROLES[String(data['roleDefinitionId'])] ?? [])
}

/** Groups that can hold roles have no groups in them, so their members are all that hold them. */
function isHeldBy(directory: Directory, principalId: string, callerId: string): boolean {
  const members = directory.store.get('groups', principalId)?.data['memberIds']
  return principalId === callerId || strings(members).includes(callerId)
}

function isOnGraph(directory: Directory, body: unknown): boolean {
  const resourceId = isObject(body) ? body['resourceId'] : undefined
  const resource = directory.store.get('servicePrincipals', String(resourceId))
  return resource?.data['appId'] === MICROSOFT_GRAPH_APP_ID
}
