import { describe, expect, it } from 'vitest'
import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import { type Properties, Secret } from '../../../plugin/protocol/wire.ts'
import { Provider } from '../../../plugin/provider.ts'
import { appRoleAssignment } from '../../../plugin/resources/app-role-assignment.ts'
import { application } from '../../../plugin/resources/application.ts'
import { applicationPassword } from '../../../plugin/resources/application-password.ts'
import { delegatedPermissionGrant } from '../../../plugin/resources/delegated-permission-grant.ts'
import { servicePrincipal } from '../../../plugin/resources/service-principal.ts'
import { Bench, unsetAsNull } from './bench.ts'

const FILES_READ_ALL = 'Files.Read.All'

// Adding an owner needs to read the directory beside the right to change the object.
const bench = new Bench('Directory.Read.All')
const check = bench.check.bind(bench)
const make = bench.make.bind(bench)
const update = bench.update.bind(bench)
const expectSettled = bench.expectSettled.bind(bench)
const owned = bench.owned.bind(bench)
const invoke = bench.invoke.bind(bench)

async function graphServicePrincipal(): Promise<Properties> {
  const { result } = await invoke('getServicePrincipal', { clientId: MICROSOFT_GRAPH_APP_ID })
  return result
}

const RICH: Properties = {
  displayName: 'Rich',
  description: 'desc',
  notes: 'note',
  identifierUris: ['api://rich-zeta', 'api://rich-alpha'],
  tags: ['b', 'a'],
  groupMembershipClaims: ['SecurityGroup', 'ApplicationGroup'],
  oauth2PostResponseRequired: true,
  supportUrl: 'https://s.example.com',
  web: {
    logoutUrl: 'https://h.example.com/logout',
    redirectUris: ['https://z.example.com/cb', 'https://a.example.com/cb'],
    implicitGrant: { idTokenIssuanceEnabled: true },
  },
  singlePageApplication: { redirectUris: ['https://spa.example.com/'] },
  publicClient: { redirectUris: ['myapp://auth', 'http://localhost'] },
  appRoles: [
    {
      id: 'b0000000-0000-4000-8000-000000000002',
      allowedMemberTypes: ['User', 'Application'],
      description: 'r2',
      displayName: 'R2',
      value: 'Role.Two',
    },
    {
      id: 'a0000000-0000-4000-8000-000000000001',
      allowedMemberTypes: ['Application'],
      description: 'r1',
      displayName: 'R1',
      value: 'Role.One',
    },
  ],
  api: {
    requestedAccessTokenVersion: 2,
    oauth2PermissionScopes: [
      {
        id: 'e0000000-0000-4000-8000-000000000005',
        adminConsentDescription: 'd',
        adminConsentDisplayName: 'n',
        value: 'Files.Do',
      },
    ],
  },
  requiredResourceAccesses: [
    {
      resourceAppId: MICROSOFT_GRAPH_APP_ID,
      resourceAccesses: [
        { id: 'df021288-bdef-4463-88db-98f22de89214', type: 'Role' },
        { id: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d', type: 'Scope' },
      ],
    },
  ],
  optionalClaims: {
    accessTokens: [
      { name: 'groups', additionalProperties: ['sam_account_name'] },
      { name: 'email', essential: true },
    ],
  },
}

describe('an application', () => {
  it('has the outputs that the official plugin gives one with a name alone', async () => {
    const made = await make(application, owned({ displayName: 'Plain' }))
    const objectId = made.id.replace('/applications/', '')
    expect(made.state).toEqual({
      __meta: expect.stringContaining('"schema_version":"2"'),
      api: {
        knownClientApplications: [],
        mappedClaimsEnabled: false,
        oauth2PermissionScopes: [],
        requestedAccessTokenVersion: 1,
      },
      appRoleIds: {},
      appRoles: [],
      clientId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      description: '',
      deviceOnlyAuthEnabled: false,
      disabledByMicrosoft: '',
      displayName: 'Plain',
      fallbackPublicClientEnabled: false,
      featureTags: [{ customSingleSignOn: false, enterprise: false, gallery: false, hide: false }],
      groupMembershipClaims: null,
      id: made.id,
      identifierUris: null,
      logoImage: '',
      logoUrl: '',
      marketingUrl: '',
      notes: '',
      oauth2PermissionScopeIds: {},
      oauth2PostResponseRequired: false,
      objectId,
      optionalClaims: made.state['optionalClaims'],
      owners: [bench.tenant.deployer.objectId],
      password: null,
      preventDuplicateNames: false,
      privacyStatementUrl: '',
      publicClient: { redirectUris: [] },
      publisherDomain: expect.stringMatching(/\./),
      requiredResourceAccesses: [],
      serviceManagementReference: '',
      signInAudience: 'AzureADMyOrg',
      singlePageApplication: { redirectUris: [] },
      supportUrl: '',
      tags: [],
      templateId: '',
      termsOfServiceUrl: '',
      web: {
        homepageUrl: '',
        implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
        logoutUrl: '',
        redirectUris: [],
      },
    })
    await expectSettled(application, made)
  })

  it('keeps every property, with sets in the order of the official state', async () => {
    const made = await make(application, owned(RICH))
    await expectSettled(application, made)
    expect(made.state).toMatchObject({
      identifierUris: ['api://rich-alpha', 'api://rich-zeta'],
      tags: ['a', 'b'],
      groupMembershipClaims: ['ApplicationGroup', 'SecurityGroup'],
      oauth2PostResponseRequired: true,
      appRoleIds: {
        'Role.One': 'a0000000-0000-4000-8000-000000000001',
        'Role.Two': 'b0000000-0000-4000-8000-000000000002',
      },
      oauth2PermissionScopeIds: { 'Files.Do': 'e0000000-0000-4000-8000-000000000005' },
      appRoles: [
        { value: 'Role.Two', allowedMemberTypes: ['Application', 'User'], enabled: true },
        { value: 'Role.One' },
      ],
      web: { redirectUris: ['https://a.example.com/cb', 'https://z.example.com/cb'] },
    })
  })

  it('is updated to exactly the new inputs, enabled permissions included', async () => {
    const uris = { identifierUris: ['api://changing'] }
    const made = await make(application, owned({ ...RICH, ...uris }))
    const [role] = RICH['appRoles'] as Properties[]
    const changed = await update(
      application,
      made,
      owned({
        displayName: 'Renamed',
        ...uris,
        appRoles: [{ ...role, description: 'other' }],
        web: { redirectUris: ['https://new.example.com/cb'] },
      }),
    )
    await expectSettled(application, changed)
    expect(changed.state).toMatchObject({
      displayName: 'Renamed',
      description: '',
      appRoles: [{ value: 'Role.Two', description: 'other', enabled: true }],
      oauth2PermissionScopeIds: {},
      requiredResourceAccesses: [],
      tags: ['a', 'b'],
      web: { logoutUrl: '', redirectUris: ['https://new.example.com/cb'] },
      publicClient: { redirectUris: [] },
    })
  })

  it('says its features in tags, and back', async () => {
    const made = await make(
      application,
      owned({ displayName: 'F', featureTags: [{ enterprise: true, hide: true }] }),
    )
    expect(made.state['tags']).toEqual(['HideApp', 'WindowsAzureActiveDirectoryIntegratedApp'])
    await expectSettled(application, made)
    const plain = await update(application, made, owned({ displayName: 'F', tags: ['mine'] }))
    expect(plain.state['featureTags']).toEqual([
      { customSingleSignOn: false, enterprise: false, gallery: false, hide: false },
    ])
  })

  it('has the configured owners and not the caller, who then may not touch it again', async () => {
    const other = await make(application, owned({ displayName: 'Owner' }))
    const principal = await make(servicePrincipal, owned({ clientId: other.state['clientId'] }))
    const owner = principal.state['objectId'] as string
    const made = await make(application, { displayName: 'Left alone', owners: [owner] })
    expect(made.state['owners']).toEqual([owner])
    const touched = update(application, made, { displayName: 'Touched', owners: [owner] })
    await expect(touched).rejects.toMatchObject({ code: 'GRAPH_REFUSED', status: 403 })
  })

  it('changes owners', async () => {
    const other = await make(application, owned({ displayName: 'Second' }))
    const principal = await make(servicePrincipal, owned({ clientId: other.state['clientId'] }))
    const second = principal.state['objectId'] as string
    const made = await make(application, owned({ displayName: 'Shared' }))
    const shared = await update(application, made, {
      displayName: 'Shared',
      owners: [bench.tenant.deployer.objectId, second],
    })
    expect(shared.state['owners']).toEqual([bench.tenant.deployer.objectId, second].sort())
    const back = await update(application, shared, owned({ displayName: 'Shared' }))
    expect(back.state['owners']).toEqual([bench.tenant.deployer.objectId])
  })

  it('is refused under a name that exists, when asked to', async () => {
    await make(application, owned({ displayName: 'Twin' }))
    const twin = make(application, owned({ displayName: 'Twin', preventDuplicateNames: true }))
    await expect(twin).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
  })

  it('shows drift in a refresh, and is gone after a delete', async () => {
    const made = await make(application, owned({ displayName: 'Drifting' }))
    await update(application, made, owned({ displayName: 'Drifted', description: 'out of band' }))
    const subject = { type: application.token, id: made.id }
    const live = await bench.provider.read(subject, made.state, made.inputs)
    expect(live?.state).toMatchObject({ displayName: 'Drifted', description: 'out of band' })
    expect(live?.inputs).toEqual({ ...made.inputs, displayName: 'Drifted' })
    expect(
      bench.provider.diff(application.token, live!.state, made.inputs).changes.map(({ path }) => path),
    ).toEqual(['displayName', 'description'])
    await bench.provider.remove(subject, made.state)
    await expect(bench.provider.read(subject, made.state, made.inputs)).resolves.toBeUndefined()
    await expect(bench.provider.remove(subject, made.state)).rejects.toMatchObject({ status: 404 })
  })

  it('is imported with inputs that would have made it', async () => {
    const uris = { identifierUris: ['api://imported'] }
    const made = await make(application, owned({ ...RICH, ...uris }))
    const imported = await bench.provider.read({ type: application.token, id: made.id }, {}, {})
    expect(unsetAsNull(imported?.state)).toEqual(unsetAsNull(made.state))
    const inputs = check(application, imported!.inputs)
    expect(bench.provider.diff(application.token, made.state, inputs).changes).toEqual([])
  })
})

describe('a service principal', () => {
  it('follows its application, and is replaced with it', async () => {
    const app = await make(
      application,
      owned({ displayName: 'Backed', web: { redirectUris: ['https://b.example.com/'] } }),
    )
    const { clientId } = app.state
    const made = await make(servicePrincipal, owned({ clientId, description: 'd', tags: ['t'] }))
    await expectSettled(servicePrincipal, made)
    expect(made.state).toMatchObject({
      displayName: 'Backed',
      redirectUris: ['https://b.example.com/'],
      servicePrincipalNames: [],
      type: 'Application',
      useExisting: null,
    })
    const changed = await update(servicePrincipal, made, owned({ clientId, notes: 'n' }))
    expect(changed.state).toMatchObject({ description: '', notes: 'n', tags: ['t'] })
    await expectSettled(servicePrincipal, changed)
    const imported = await bench.provider.read({ type: servicePrincipal.token, id: made.id }, {}, {})
    expect(bench.provider.diff(servicePrincipal.token, imported!.state, changed.inputs).changes).toEqual([])
  })

  it('is refused where there is one, with its id for the import', async () => {
    const app = await make(application, owned({ displayName: 'Once' }))
    const { clientId } = app.state
    const made = await make(servicePrincipal, owned({ clientId }))
    const second = make(servicePrincipal, owned({ clientId }))
    await expect(second).rejects.toThrow(`Import it with id ${made.id}, or set useExisting`)
    const adopted = await make(servicePrincipal, owned({ clientId, useExisting: true, notes: 'adopted' }))
    expect(adopted).toMatchObject({ id: made.id, state: { useExisting: true, notes: 'adopted' } })
  })
})

describe('an application password', () => {
  it('is shown once, survives a refresh, and is gone after a delete', async () => {
    const app = await make(application, owned({ displayName: 'Secretive' }))
    const made = await make(applicationPassword, {
      applicationId: app.id,
      displayName: 'k',
      endDate: '2030-05-05T00:00:00Z',
      rotateWhenChanged: { month: '1' },
    })
    expect(made.state).toMatchObject({
      displayName: 'k',
      endDate: '2030-05-05T00:00:00Z',
      startDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
      rotateWhenChanged: { month: '1' },
      endDateRelative: null,
    })
    expect(made.state['value']).toBeInstanceOf(Secret)
    const secret = String((made.state['value'] as Secret).value)
    const subject = { type: applicationPassword.token, id: made.id }
    const stored: Properties = { ...made.state, value: secret }
    const live = await bench.provider.read(subject, stored, made.inputs)
    expect(live).toEqual({ state: made.state, inputs: made.inputs })
    const signIn = new Provider({
      env: {
        ...bench.environment(),
        ARM_CLIENT_ID: app.state['clientId'] as string,
        ARM_CLIENT_SECRET: secret,
      },
    })
    await make(servicePrincipal, owned({ clientId: app.state['clientId'] }))
    await expect(signIn.configure({})).resolves.toBeUndefined()
    await bench.provider.remove(subject, stored)
    await expect(bench.provider.read(subject, stored, made.inputs)).resolves.toBeUndefined()
    await expect(signIn.configure({})).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' })
  })
})

describe('consent', () => {
  it('to an application permission is granted, read, imported and taken back', async () => {
    const graph = await graphServicePrincipal()
    const app = await make(application, owned({ displayName: 'Granted' }))
    const principal = await make(servicePrincipal, owned({ clientId: app.state['clientId'] }))
    const made = await make(appRoleAssignment, {
      appRoleId: (graph['appRoleIds'] as Properties)[FILES_READ_ALL],
      principalObjectId: principal.state['objectId'],
      resourceObjectId: graph['objectId'],
    })
    expect(made.id).toMatch(
      new RegExp(`^/servicePrincipals/${String(graph['objectId'])}/appRoleAssignedTo/[^/]+$`),
    )
    expect(made.state).toMatchObject({
      principalDisplayName: 'Granted',
      principalType: 'ServicePrincipal',
      resourceDisplayName: 'Microsoft Graph',
    })
    await expectSettled(appRoleAssignment, made)
    const subject = { type: appRoleAssignment.token, id: made.id }
    const imported = await bench.provider.read(subject, {}, {})
    expect(imported).toEqual({ state: made.state, inputs: made.inputs })
    await bench.provider.remove(subject, made.state)
    await expect(bench.provider.read(subject, made.state, made.inputs)).resolves.toBeUndefined()
  })

  it('to delegated permissions is granted, changed and taken back', async () => {
    const graph = await graphServicePrincipal()
    const app = await make(application, owned({ displayName: 'Delegated' }))
    const principal = await make(servicePrincipal, owned({ clientId: app.state['clientId'] }))
    const grant: Properties = {
      servicePrincipalObjectId: principal.state['objectId'],
      resourceServicePrincipalObjectId: graph['objectId'],
    }
    const made = await make(delegatedPermissionGrant, { ...grant, claimValues: ['User.Read', 'Files.Read'] })
    expect(made.state).toMatchObject({ claimValues: ['Files.Read', 'User.Read'], userObjectId: '' })
    await expectSettled(delegatedPermissionGrant, made)
    const changed = await update(delegatedPermissionGrant, made, { ...grant, claimValues: ['openid'] })
    expect(changed.state['claimValues']).toEqual(['openid'])
    await expectSettled(delegatedPermissionGrant, changed)
    const subject = { type: delegatedPermissionGrant.token, id: made.id }
    await bench.provider.remove(subject, changed.state)
    await expect(bench.provider.read(subject, changed.state, changed.inputs)).resolves.toBeUndefined()
  })
})

describe('data sources', () => {
  it('tell who deploys', async () => {
    const { tenantId, deployer } = bench.tenant
    expect((await invoke('getClientConfig')).result).toEqual({
      id: `${tenantId}-${deployer.clientId}-${deployer.objectId}`,
      tenantId,
      clientId: deployer.clientId,
      objectId: deployer.objectId,
    })
  })

  it("know Microsoft's own APIs by name", async () => {
    const { result } = await invoke('getApplicationPublishedAppIds')
    expect(result).toMatchObject({ id: 'appIds', result: { MicrosoftGraph: MICROSOFT_GRAPH_APP_ID } })
    expect(Object.keys(result['result'] as Properties)).toHaveLength(120)
  })

  it('find a service principal by client id, display name and object id', async () => {
    const byClientId = await graphServicePrincipal()
    expect(byClientId).toMatchObject({ displayName: 'Microsoft Graph', samlSingleSignOns: expect.any(Array) })
    expect((byClientId['appRoleIds'] as Properties)[FILES_READ_ALL]).toMatch(/^[0-9a-f-]{36}$/)
    const others: Properties[] = [{ displayName: 'Microsoft Graph' }, { objectId: byClientId['objectId'] }]
    for (const args of others) {
      expect((await invoke('getServicePrincipal', args)).result).toEqual(byClientId)
    }
  })

  it('find an application, with blocks as lists', async () => {
    const made = await make(
      application,
      owned({ displayName: 'Found', web: { homepageUrl: 'https://f.example.com' } }),
    )
    const { result } = await invoke('getApplication', { displayName: 'Found' })
    expect(result).toMatchObject({
      id: made.id,
      clientId: made.state['clientId'],
      webs: [{ homepageUrl: 'https://f.example.com', implicitGrants: [{ idTokenIssuanceEnabled: false }] }],
      apis: [{ requestedAccessTokenVersion: 1 }],
      owners: [bench.tenant.deployer.objectId],
    })
  })

  it('say what is not found, ambiguous or asked for in two ways', async () => {
    await expect(invoke('getServicePrincipal', { displayName: 'Nobody' })).rejects.toThrow(
      'No service principal in this tenant has the displayName "Nobody"',
    )
    await make(application, owned({ displayName: 'Double' }))
    await make(application, owned({ displayName: 'Double' }))
    await expect(invoke('getApplication', { displayName: 'Double' })).rejects.toMatchObject({
      code: 'AMBIGUOUS',
    })
    const { failures } = await invoke('getServicePrincipal', {
      displayName: 'x',
      clientId: MICROSOFT_GRAPH_APP_ID,
    })
    expect(failures).toEqual([
      {
        property: 'clientId',
        reason: 'exactly one of clientId, displayName, objectId must be given, clientId and displayName are',
      },
    ])
  })
})
