import { anyOf, type Requirement, type RouteRow } from '../../request/route.ts'

const readUsers = anyOf(
  'User.ReadBasic.All',
  'User.Read.All',
  'User.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
)

const writeUsers = anyOf('User.ReadWrite.All', 'Directory.ReadWrite.All')

const readMe = anyOf(
  'User.Read',
  'User.ReadWrite',
  'User.ReadBasic.All',
  'User.Read.All',
  'User.ReadWrite.All',
)

const readMembership = anyOf(
  'GroupMember.Read.All',
  'Group.Read.All',
  'GroupMember.ReadWrite.All',
  'Group.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
)

/** Which groups an object is in, and what it owns; the same for users, groups and service principals. */
export function membershipRows(owner: string, read: readonly Requirement[]): readonly RouteRow[] {
  return [
    ['GET', `${owner}/memberOf`, 'list', read, 'List memberOf'],
    ['GET', `${owner}/transitiveMemberOf`, 'list', read, 'List transitiveMemberOf'],
    ['POST', `${owner}/getMemberGroups`, 'getMemberGroups', read, 'directoryObject: getMemberGroups'],
    ['POST', `${owner}/checkMemberGroups`, 'checkMemberGroups', read, 'directoryObject: checkMemberGroups'],
  ]
}

/** Users. */
export const userRows: readonly RouteRow[] = [
  ['GET', '/users', 'list', readUsers, 'List users'],
  ['GET', '/users/delta', 'delta', readUsers, 'user: delta'],
  ['GET', '/users/$count', 'count', readUsers, 'List users'],
  ['POST', '/users', 'create', writeUsers, 'Create User'],
  ['GET', '/users/{id}', 'get', readUsers, 'Get user'],
  ['PATCH', '/users/{id}', 'update', writeUsers, 'Update user'],
  ['DELETE', '/users/{id}', 'delete', anyOf('User.ReadWrite.All'), 'Delete a user'],
  [
    'GET',
    '/users/{id}/manager',
    'get',
    anyOf('User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'),
    'List manager',
  ],
  ['PUT', '/users/{id}/manager/$ref', 'setReference', writeUsers, 'Assign manager'],
  ['DELETE', '/users/{id}/manager/$ref', 'clearReference', writeUsers, 'Remove manager'],
  ['GET', '/users/{id}/ownedObjects', 'list', readUsers, 'List ownedObjects'],
  [
    'GET',
    '/users/{id}/appRoleAssignments',
    'list',
    anyOf('Directory.Read.All', 'AppRoleAssignment.ReadWrite.All'),
    'List appRoleAssignments granted to a user',
  ],
  [
    'GET',
    '/users/{id}/oauth2PermissionGrants',
    'list',
    anyOf(
      'DelegatedPermissionGrant.Read.All',
      'DelegatedPermissionGrant.ReadWrite.All',
      'Directory.Read.All',
      'Directory.ReadWrite.All',
    ),
    "List a user's oauth2PermissionGrants",
  ],
  ...membershipRows('/users/{id}', readMembership),
  [
    'POST',
    '/invitations',
    'create',
    anyOf('User.Invite.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'),
    'Create invitation',
  ],
  ['GET', '/me', 'get', readMe, 'Get user'],
  [
    'GET',
    '/me/manager',
    'get',
    anyOf('User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'),
    'List manager',
  ],
  ['GET', '/me/ownedObjects', 'list', readMe, 'List ownedObjects'],
  ...membershipRows('/me', [...anyOf('User.Read'), ...readMembership]),
]

const readGroups = readMembership

const writeGroups = anyOf('Group.ReadWrite.All', 'Directory.ReadWrite.All')

const writeMembers = anyOf('GroupMember.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All')

/** Groups. */
export const groupRows: readonly RouteRow[] = [
  ['GET', '/groups', 'list', readGroups, 'List groups'],
  ['GET', '/groups/delta', 'delta', readGroups, 'group: delta'],
  ['GET', '/groups/$count', 'count', readGroups, 'List groups'],
  [
    'POST',
    '/groups',
    'create',
    anyOf('Group.Create', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'),
    'Create group',
  ],
  ['GET', '/groups/{id}', 'get', readGroups, 'Get group'],
  ['PATCH', '/groups/{id}', 'update', writeGroups, 'Update group'],
  ['DELETE', '/groups/{id}', 'delete', writeGroups, 'Delete group'],
  ['GET', '/groups/{id}/owners', 'list', readGroups, 'List group owners'],
  ['POST', '/groups/{id}/owners/$ref', 'addReference', writeGroups, 'Add group owners'],
  ['DELETE', '/groups/{id}/owners/{ownerId}/$ref', 'removeReference', writeGroups, 'Remove group owner'],
  ['GET', '/groups/{id}/members', 'list', readGroups, 'List group members'],
  ['GET', '/groups/{id}/members/$count', 'count', readGroups, 'List group members'],
  ['POST', '/groups/{id}/members/$ref', 'addReference', writeMembers, 'Add members'],
  ['DELETE', '/groups/{id}/members/{memberId}/$ref', 'removeReference', writeMembers, 'Remove member'],
  ['GET', '/groups/{id}/transitiveMembers', 'list', readGroups, 'List group transitive members'],
  ['GET', '/groups/{id}/transitiveMembers/$count', 'count', readGroups, 'List group transitive members'],
  [
    'GET',
    '/groups/{id}/appRoleAssignments',
    'list',
    anyOf('Directory.Read.All', 'AppRoleAssignment.ReadWrite.All'),
    'List appRoleAssignments granted to a group',
  ],
  ...membershipRows('/groups/{id}', readGroups),
]
