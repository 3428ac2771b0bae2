import { stsPolicies, stsPolicyKindsOn } from '../../model/sts-policies.ts'
import { anyOf, entityRows, type RouteRow } from '../../request/route.ts'

const readPolicies = anyOf('Policy.Read.All', 'Policy.ReadWrite.ApplicationConfiguration')

const writePolicies = anyOf('Policy.ReadWrite.ApplicationConfiguration')

const readAuthorization = anyOf('Policy.Read.All', 'Policy.ReadWrite.Authorization')

const readConditionalAccess = anyOf('Policy.Read.All', 'Policy.Read.ConditionalAccess')

/** The reference asks for both, since policies name what the other permission reads. */
const writeConditionalAccess = ['Policy.Read.All', 'Policy.Read.ConditionalAccess'].map((read) => ({
  allOf: ['Policy.ReadWrite.ConditionalAccess', read],
}))

const CONDITIONAL_ACCESS = '/identity/conditionalAccess'

const STRENGTHS = '/policies/authenticationStrengthPolicies'

/** Who may sign in how. */
export const conditionalAccessRows: readonly RouteRow[] = [
  ...entityRows({
    address: `${CONDITIONAL_ACCESS}/policies`,
    read: readConditionalAccess,
    write: writeConditionalAccess,
    resource: 'conditionalAccessPolicy',
    plural: 'policies',
  }),
  ...entityRows({
    address: `${CONDITIONAL_ACCESS}/namedLocations`,
    read: readConditionalAccess,
    write: writeConditionalAccess,
    resource: 'namedLocation',
  }),
  ...entityRows({
    address: STRENGTHS,
    read: readConditionalAccess,
    write: writeConditionalAccess,
    resource: 'authenticationStrengthPolicy',
    plural: 'authenticationStrengthPolicies',
  }),
  [
    'POST',
    `${STRENGTHS}/{id}/updateAllowedCombinations`,
    'updateAllowedCombinations',
    writeConditionalAccess,
    'authenticationStrengthPolicy: updateAllowedCombinations',
  ],
]

const assignPolicies = [
  ...writePolicies,
  { allOf: ['Policy.Read.All', 'Application.ReadWrite.All'] },
] as const

/** Policies of the tenant: who may do what by default, and how long credentials may last. */
export const policyRows: readonly RouteRow[] = [
  ['GET', '/policies/authorizationPolicy', 'get', readAuthorization, 'Get authorizationPolicy'],
  [
    'PATCH',
    '/policies/authorizationPolicy',
    'update',
    anyOf('Policy.ReadWrite.Authorization'),
    'Update authorizationPolicy',
  ],
  ['GET', '/policies/defaultAppManagementPolicy', 'get', readPolicies, 'Get tenantAppManagementPolicy'],
  [
    'PATCH',
    '/policies/defaultAppManagementPolicy',
    'update',
    writePolicies,
    'Update tenantAppManagementPolicy',
  ],
  ...entityRows({
    address: '/policies/appManagementPolicies',
    read: readPolicies,
    write: writePolicies,
    resource: 'appManagementPolicy',
    plural: 'appManagementPolicies',
  }),
  ['GET', '/policies/appManagementPolicies/{id}/appliesTo', 'list', readPolicies, 'List appliesTo'],
  ...stsPolicies.flatMap(({ name, typeName }): readonly RouteRow[] => [
    ...entityRows({
      address: `/policies/${name}`,
      read: readPolicies,
      write: writePolicies,
      resource: typeName,
      plural: name,
    }),
    ['GET', `/policies/${name}/{id}/appliesTo`, 'list', readPolicies, 'List appliesTo'],
  ]),
  ...(['applications', 'servicePrincipals'] as const).flatMap((holders) => assignmentRows(holders)),
]

/** What is assigned to applications or service principals. */
function assignmentRows(holders: 'applications' | 'servicePrincipals'): readonly RouteRow[] {
  return ['appManagementPolicies', ...stsPolicyKindsOn(holders)].flatMap((kind): RouteRow[] => [
    ['GET', `/${holders}/{id}/${kind}`, 'list', readPolicies, `List ${kind}`],
    ['POST', `/${holders}/{id}/${kind}/$ref`, 'addReference', assignPolicies, `Assign ${kind}`],
    [
      'DELETE',
      `/${holders}/{id}/${kind}/{policyId}/$ref`,
      'removeReference',
      assignPolicies,
      `Remove ${kind}`,
    ],
  ])
}
