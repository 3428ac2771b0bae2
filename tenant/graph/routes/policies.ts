import { anyOf, type RouteRow } from './route.ts'

const readPolicies = anyOf('Policy.Read.All', 'Policy.ReadWrite.ApplicationConfiguration')

const writePolicies = anyOf('Policy.ReadWrite.ApplicationConfiguration')

const readAuthorization = anyOf('Policy.Read.All', 'Policy.ReadWrite.Authorization')

/** Policies of the tenant: who may do what by default, and how long credentials may last. */
export const policyRows: readonly RouteRow[] = [
  ['GET', '/policies/authorizationPolicy', 'get', readAuthorization, 'Get authorizationPolicy'],
  ['GET', '/policies/defaultAppManagementPolicy', 'get', readPolicies, 'Get tenantAppManagementPolicy'],
  [
    'PATCH',
    '/policies/defaultAppManagementPolicy',
    'update',
    writePolicies,
    'Update tenantAppManagementPolicy',
  ],
]
