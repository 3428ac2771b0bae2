import { anyOf, type RouteRow } from '../../request/route.ts'

const readPolicies = anyOf('Policy.Read.All', 'Policy.ReadWrite.ApplicationConfiguration')

const writePolicies = anyOf('Policy.ReadWrite.ApplicationConfiguration')

const readAuthorization = anyOf('Policy.Read.All', 'Policy.ReadWrite.Authorization')

const assignPolicies = [
  ...writePolicies,
  { allOf: ['Policy.Read.All', 'Application.ReadWrite.All'] },
] as const

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
  ['GET', '/policies/appManagementPolicies', 'list', readPolicies, 'List appManagementPolicies'],
  ['POST', '/policies/appManagementPolicies', 'create', writePolicies, 'Create appManagementPolicy'],
  ['GET', '/policies/appManagementPolicies/{id}', 'get', readPolicies, 'Get appManagementPolicy'],
  ['PATCH', '/policies/appManagementPolicies/{id}', 'update', writePolicies, 'Update appManagementPolicy'],
  ['DELETE', '/policies/appManagementPolicies/{id}', 'delete', writePolicies, 'Delete appManagementPolicy'],
  ['GET', '/policies/appManagementPolicies/{id}/appliesTo', 'list', readPolicies, 'List appliesTo'],
  ...['/applications/{id}', '/servicePrincipals/{id}'].flatMap((holder): RouteRow[] => [
    ['GET', `${holder}/appManagementPolicies`, 'list', readPolicies, 'List appManagementPolicies'],
    [
      'POST',
      `${holder}/appManagementPolicies/$ref`,
      'addReference',
      assignPolicies,
      'Assign appliesTo for an appManagementPolicy',
    ],
    [
      'DELETE',
      `${holder}/appManagementPolicies/{policyId}/$ref`,
      'removeReference',
      assignPolicies,
      'Remove appliesTo from an appManagementPolicy',
    ],
  ]),
]
