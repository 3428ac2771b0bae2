import { anyOf, type Requirement } from '../../request/route.ts'

export const readApplications = anyOf(
  'Application.Read.All',
  'Application.ReadWrite.All',
  'Application.ReadWrite.OwnedBy',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
)

export const writeOwned: readonly Requirement[] = [
  ...anyOf('Application.ReadWrite.All'),
  { allOf: ['Application.ReadWrite.OwnedBy'], owning: 'target' },
]

export const writeOwnedOrDirectory: readonly Requirement[] = [
  ...writeOwned,
  ...anyOf('Directory.ReadWrite.All'),
]

export const addOwner: readonly Requirement[] = [
  { allOf: ['Application.ReadWrite.All', 'Directory.Read.All'] },
  { allOf: ['Application.ReadWrite.OwnedBy', 'Directory.Read.All'], owning: 'target' },
  ...anyOf('Directory.ReadWrite.All'),
]

export const assignAppRole: readonly Requirement[] = ['Application.Read.All', 'Directory.Read.All'].map(
  (read) => ({
    allOf: ['AppRoleAssignment.ReadWrite.All', read],
  }),
)

export const readGrants = anyOf(
  'DelegatedPermissionGrant.Read.All',
  'DelegatedPermissionGrant.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
)

export const writeGrants = anyOf('DelegatedPermissionGrant.ReadWrite.All', 'Directory.ReadWrite.All')
