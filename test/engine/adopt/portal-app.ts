import { randomUUID } from 'node:crypto'
import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import { deployerGraph, deployerToken, trust } from '../../support/rehearsal.ts'
import type { Stage } from '../../support/stage.ts'
import { certificatePem } from '../../unit/infra/rules/certificate.ts'

type Json = Record<string, unknown>
type Graph = Awaited<ReturnType<typeof deployerGraph>>

/** An application as somebody made it by hand, with every feature a registration can have. */
export interface PortalApp {
  readonly objectId: string
  readonly clientId: string
  readonly servicePrincipalId: string
  readonly graph: Graph
  /** Everything in the directory that belongs to the application, to be compared before and after. */
  snapshot(): Promise<unknown>
}

export interface PortalOptions {
  readonly displayName?: string
  /** Whether the deployer is an owner. Default: it is, beside Ada and Grace. */
  readonly owned?: boolean
  /** Application permissions that somebody consented to. Default: those that are asked for. */
  readonly roles?: readonly string[]
}

/** Ids in an order that is not ours. */
const SCOPES = [
  { value: 'Files.Write', type: 'Admin', id: 'f0000000-0000-4000-8000-000000000002' },
  { value: 'Files.Read', type: 'User', id: '10000000-0000-4000-8000-000000000001' },
] as const

const ROLES = [
  {
    value: 'Editor',
    id: 'e0000000-0000-4000-8000-000000000002',
    allowedMemberTypes: ['User', 'Application'],
  },
  { value: null, id: '20000000-0000-4000-8000-000000000001', allowedMemberTypes: ['User'] },
  { value: 'Retired', id: '30000000-0000-4000-8000-000000000003', allowedMemberTypes: ['Application'] },
] as const

/** Makes it by raw Graph calls, as the deployer of the stage. */
export async function makePortalApp(
  stage: Pick<Stage, 'tenant'>,
  {
    displayName = 'Portal Made',
    owned = true,
    roles = ['User.Read.All', 'Files.Read.All'],
  }: PortalOptions = {},
): Promise<PortalApp> {
  const { tenant } = stage
  trust(tenant.caPem)
  const graph = await deployerGraph(tenant)
  const one = async (path: string) => ((await graph('GET', path))['value'] as Json[])[0] ?? {}
  const [ada, grace] = await Promise.all(
    ['ada', 'grace'].map(async (name) => {
      const user = await graph('GET', `/users/${name}@contoso.onmicrosoft.com`)
      return String(user['id'])
    }),
  )
  const [deployer] = (
    await graph('GET', `/servicePrincipals?$filter=appId eq '${tenant.deployer.clientId}'`)
  )['value'] as Json[]
  const api = await one(`/servicePrincipals?$filter=appId eq '${MICROSOFT_GRAPH_APP_ID}'`)
  const roleId = (value: string) => idIn(api['appRoles'], value)
  const scopeId = (value: string) => idIn(api['oauth2PermissionScopes'], value)
  const reference = (id: unknown) => `${tenant.graphUrl}/v1.0/directoryObjects/${id}`
  const group = await graph('POST', '/groups', {
    displayName: `Editors of ${displayName}`,
    mailEnabled: false,
    mailNickname: `editors-${randomUUID().slice(0, 8)}`,
    securityEnabled: true,
  })
  const client = await graph('POST', '/applications', { displayName: `Client of ${displayName}` })

  const application = await graph('POST', '/applications', {
    displayName,
    description: 'Made by hand',
    notes: 'Ask Ada',
    serviceManagementReference: 'CMDB-4711',
    signInAudience: 'AzureADMultipleOrgs',
    isFallbackPublicClient: true,
    isDeviceOnlyAuthSupported: true,
    groupMembershipClaims: 'SecurityGroup,ApplicationGroup',
    tags: ['team:files', 'HideApp'],
    info: {
      marketingUrl: 'https://www.example.com/',
      supportUrl: 'https://www.example.com/support',
      termsOfServiceUrl: 'https://www.example.com/terms',
      privacyStatementUrl: 'https://www.example.com/privacy',
    },
    web: {
      homePageUrl: 'https://files.example.com/',
      logoutUrl: 'https://files.example.com/logout',
      redirectUris: ['https://files.example.com/z', 'https://files.example.com/a'],
      implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: false },
    },
    spa: { redirectUris: ['https://spa.example.com/cb'] },
    publicClient: { redirectUris: ['http://localhost', 'myapp://auth'] },
    api: {
      acceptMappedClaims: true,
      requestedAccessTokenVersion: 2,
      knownClientApplications: [client['appId']],
      oauth2PermissionScopes: SCOPES.map(({ value, type, id }) => ({
        id,
        value,
        type,
        isEnabled: true,
        adminConsentDisplayName: `${value} for all`,
        adminConsentDescription: `Lets the app use ${value}`,
        userConsentDisplayName: type === 'User' ? `${value} for you` : null,
        userConsentDescription: null,
      })),
    },
    appRoles: ROLES.map(({ value, id, allowedMemberTypes }) => ({
      id,
      value,
      allowedMemberTypes,
      displayName: value ?? 'msiam_access',
      description: `The role ${value ?? 'msiam_access'}`,
      isEnabled: value !== 'Retired',
    })),
    optionalClaims: {
      idToken: [
        { name: 'upn', essential: true, additionalProperties: ['include_externally_authenticated_upn'] },
        { name: 'email' },
      ],
      accessToken: [{ name: 'groups', additionalProperties: ['sam_account_name', 'emit_as_roles'] }],
      saml2Token: [{ name: 'extension_ab603c56068041afb2f6832e2a17e237_team', source: 'user' }],
    },
    requiredResourceAccess: [
      {
        resourceAppId: MICROSOFT_GRAPH_APP_ID,
        resourceAccess: [
          { id: scopeId('User.Read'), type: 'Scope' },
          { id: roleId('User.Read.All'), type: 'Role' },
          { id: scopeId('offline_access'), type: 'Scope' },
          { id: roleId('Files.Read.All'), type: 'Role' },
        ],
      },
    ],
    'owners@odata.bind': [...(owned ? [deployer?.['id']] : []), ada].map(reference),
  })
  const objectId = String(application['id'])
  const clientId = String(application['appId'])
  await graph('PATCH', `/applications/${objectId}`, {
    identifierUris: [`api://${clientId}`, `api://${tenant.tenantId}/files`],
    api: {
      preAuthorizedApplications: [
        { appId: client['appId'], delegatedPermissionIds: SCOPES.map(({ id }) => id) },
      ],
    },
  })
  await beta(stage, objectId)
  await uploadLogo(stage, objectId)
  const principal = await graph('POST', '/servicePrincipals', {
    appId: clientId,
    appRoleAssignmentRequired: true,
    notes: 'Of the files team',
    description: 'Files for everybody',
    loginUrl: 'https://files.example.com/login',
    notificationEmailAddresses: ['z@contoso.com', 'a@contoso.com'],
    alternativeNames: ['subscription:1'],
    preferredSingleSignOnMode: 'saml',
    samlSingleSignOnSettings: { relayState: 'https://files.example.com/after' },
    tags: ['WindowsAzureActiveDirectoryIntegratedApp', 'HideApp'],
    'owners@odata.bind': [...(owned ? [deployer?.['id']] : []), grace].map(reference),
  })
  const servicePrincipalId = String(principal['id'])
  const assign = (principalId: unknown, resourceId: unknown, appRoleId: string) =>
    graph('POST', `/servicePrincipals/${resourceId}/appRoleAssignedTo`, {
      principalId,
      resourceId,
      appRoleId,
    })
  for (const role of roles) {
    await assign(servicePrincipalId, api['id'], roleId(role))
  }
  await assign(ada, servicePrincipalId, ROLES[1].id)
  await assign(group['id'], servicePrincipalId, ROLES[0].id)
  await assign(grace, servicePrincipalId, '00000000-0000-0000-0000-000000000000')
  const grant = { clientId: servicePrincipalId, resourceId: api['id'] }
  await graph('POST', '/oauth2PermissionGrants', {
    ...grant,
    consentType: 'AllPrincipals',
    scope: 'offline_access User.Read',
  })
  await graph('POST', '/oauth2PermissionGrants', {
    ...grant,
    consentType: 'Principal',
    principalId: ada,
    scope: 'Mail.Read',
  })
  for (const credential of FEDERATED) {
    await graph('POST', `/applications/${objectId}/federatedIdentityCredentials`, credential)
  }
  await graph('POST', `/applications/${objectId}/addPassword`, {
    passwordCredential: { displayName: 'of the portal', endDateTime: '2027-11-01T00:00:00Z' },
  })
  const pem = await certificatePem({ notAfter: '2036-01-01T00:00:00Z', bits: 2048 })
  await graph('PATCH', `/applications/${objectId}`, {
    keyCredentials: [
      {
        type: 'AsymmetricX509Cert',
        usage: 'Verify',
        displayName: 'CN=portal',
        key: Buffer.from(pem).toString('base64'),
      },
    ],
  })
  return {
    objectId,
    clientId,
    servicePrincipalId,
    graph,
    snapshot: () => snapshot(graph, objectId, servicePrincipalId),
  }
}

const FEDERATED = [
  {
    name: 'GitHub-main',
    issuer: 'https://token.actions.githubusercontent.com',
    subject: 'repo:contoso/files:ref:refs/heads/main',
    audiences: ['api://AzureADTokenExchange'],
    description: 'Deployments',
  },
  {
    name: 'elsewhere',
    issuer: 'https://issuer.example/',
    subject: 'workload-7',
    audiences: ['api://other'],
  },
]

async function snapshot(graph: Graph, objectId: string, principalId: string): Promise<unknown> {
  const paths = [
    `/applications/${objectId}`,
    `/applications/${objectId}/owners`,
    `/applications/${objectId}/federatedIdentityCredentials`,
    `/servicePrincipals/${principalId}`,
    `/servicePrincipals/${principalId}/owners`,
    `/servicePrincipals/${principalId}/appRoleAssignedTo`,
    `/servicePrincipals/${principalId}/appRoleAssignments`,
    `/servicePrincipals/${principalId}/oauth2PermissionGrants`,
    '/applications?$select=id',
    '/servicePrincipals?$select=id',
  ]
  const found: Json = {}
  for (const path of paths) found[path] = await graph('GET', path)
  return found
}

function idIn(list: unknown, value: string): string {
  const found = (list as { id: string; value: string }[]).find((each) => each.value === value)
  if (!found) throw new Error(`Microsoft Graph offers no ${value}`)
  return found.id
}

async function beta({ tenant }: Pick<Stage, 'tenant'>, objectId: string): Promise<void> {
  await authorised(
    tenant,
    'PATCH',
    `/beta/applications/${objectId}`,
    'application/json',
    JSON.stringify({ oauth2RequirePostResponse: true }),
  )
}

async function uploadLogo({ tenant }: Pick<Stage, 'tenant'>, objectId: string): Promise<void> {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  await authorised(tenant, 'PUT', `/v1.0/applications/${objectId}/logo`, 'image/png', png)
}

/** A request that is not JSON to v1.0. */
async function authorised(
  tenant: Stage['tenant'],
  method: string,
  path: string,
  type: string,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<void> {
  const response = await fetch(`${tenant.graphUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${await deployerToken(tenant)}`, 'content-type': type },
    body,
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
}
