import { anyOf, type RouteRow } from './route.ts'

const readUsers = anyOf(
  'User.ReadBasic.All',
  'User.Read.All',
  'User.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
)

/** Users. */
export const userRows: readonly RouteRow[] = [
  ['GET', '/users', 'list', readUsers, 'List users'],
  ['GET', '/users/{id}', 'get', readUsers, 'Get user'],
]

const readGroups = anyOf(
  'GroupMember.Read.All',
  'Group.Read.All',
  'GroupMember.ReadWrite.All',
  'Group.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
)

/** Groups. */
export const groupRows: readonly RouteRow[] = [
  ['GET', '/groups', 'list', readGroups, 'List groups'],
  ['GET', '/groups/{id}', 'get', readGroups, 'Get group'],
]
