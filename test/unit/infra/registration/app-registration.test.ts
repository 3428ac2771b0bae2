import { runtime } from '@pulumi/pulumi'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exposedIds } from '../../../../infra/declaration/derived-ids.ts'
import { DeclarationError } from '../../../../infra/declaration/problems.ts'
import { type AppDeclarationInput, appDeclaration } from '../../../../infra/declaration/schema.ts'
import { registerApps } from '../../../../infra/program/register.ts'
import { AppRegistration } from '../../../../infra/registration/app-registration.ts'
import { policiesOf } from '../../../../infra/rotation/policy.ts'
import { DEPLOYER_ID, GRAPH, IDENTITY, mockEngine, type Registered, settled, TENANT_ID } from '../mocks.ts'

let registered: Registered[]

beforeEach(async () => {
  registered = await mockEngine()
})

// What is still on its way would arrive at the mocks of the next test.
afterEach(() => runtime.disconnect())

/** Once everything is registered. */
async function all(output: Parameters<typeof settled>[0] | undefined): Promise<void> {
  if (output) await settled(output)
  await runtime.disconnect()
}

const named = (type: string) => registered.filter((each) => each.type === type).map(({ name }) => name)
const inputsOf = (type: string, name: string) =>
  registered.find((each) => each.type === type && each.name === name)?.inputs

const daemon: AppDeclarationInput = {
  displayName: 'Daemon',
  permissions: { 'Microsoft Graph': { application: ['Files.Read.All'], delegated: ['User.Read'] } },
  consent: 'grant',
  identifierUris: ['api://{clientId}'],
  secrets: { main: { displayName: 'Main', lifetime: '90d' } },
  federatedCredentials: {
    github: { github: { repository: 'contoso/files', branch: 'main' } },
  },
  suppress: [{ rule: 'EA403', reason: 'a consumer without federation' }],
}

const filesApi: AppDeclarationInput = {
  displayName: 'Files API',
  appRoles: { Importer: { displayName: 'Importer', description: 'Imports', for: ['applications'] } },
}

describe('registerApps with identities', () => {
  it('grants to identities permissions of applications of the stack', async () => {
    const { outputs } = registerApps(
      { 'files-api': filesApi },
      { identities: { jobs: { name: 'jobs', permissions: { 'files-api': { application: ['Importer'] } } } } },
    )
    expect(
      await settled(outputs.identities['jobs'] as NonNullable<(typeof outputs.identities)[string]>),
    ).toMatchObject({
      servicePrincipalId: IDENTITY.objectId,
      permissions: { 'files-api': { appId: 'files-api-client-id', application: ['Importer'] } },
    })
    await all(outputs.apps['files-api'])
    expect(inputsOf('AppRoleAssignment', 'jobs-files-api-Importer')).toMatchObject({
      principalObjectId: IDENTITY.objectId,
      resourceObjectId: 'files-api-principal-id',
    })
  })
})

describe('AppRegistration', () => {
  it('trusts a managed identity by its name: its object id, with issuer and audience of the cloud', async () => {
    const byName = { managedIdentity: { name: IDENTITY.displayName } }
    const app = new AppRegistration('files', {
      displayName: 'Files',
      federatedCredentials: { jobs: byName },
    })
    const { federatedCredentials } = await settled(app.outputs)
    const trust = {
      issuer: `https://login.microsoftonline.com/${TENANT_ID}/v2.0`,
      subject: IDENTITY.objectId,
    }
    expect(federatedCredentials['jobs']).toMatchObject({ ...trust, audience: 'api://AzureADTokenExchange' })
    await all(app.outputs)
    expect(inputsOf('ApplicationFederatedIdentityCredential', 'files-federated-jobs')).toMatchObject({
      ...trust,
      audiences: ['api://AzureADTokenExchange'],
    })
  })

  it('registers one resource for each thing that is declared, and no other', async () => {
    const app = new AppRegistration('daemon', daemon)
    await all(app.outputs)
    expect(registered.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      'AppRoleAssignment daemon-microsoft-graph-Files.Read.All',
      'Application daemon',
      'ApplicationFederatedIdentityCredential daemon-federated-github',
      'ApplicationIdentifierUri daemon-uri-api-clientid-1e849f',
      'ApplicationPassword daemon-main-g1',
      'ServicePrincipal daemon',
      'ServicePrincipalDelegatedPermissionGrant daemon-microsoft-graph-delegated',
    ])
  })

  it('asks for permissions by id, and consents to exactly those', async () => {
    await all(new AppRegistration('daemon', daemon).outputs)
    expect(inputsOf('Application', 'daemon')).toMatchObject({
      owners: [DEPLOYER_ID],
      requiredResourceAccesses: [
        {
          resourceAppId: GRAPH.clientId,
          resourceAccesses: [
            { type: 'Role', id: GRAPH.appRoleIds['Files.Read.All'] },
            { type: 'Scope', id: GRAPH.oauth2PermissionScopeIds['User.Read'] },
          ],
        },
      ],
    })
    expect(inputsOf('AppRoleAssignment', 'daemon-microsoft-graph-Files.Read.All')).toEqual({
      appRoleId: GRAPH.appRoleIds['Files.Read.All'],
      principalObjectId: 'daemon-principal-id',
      resourceObjectId: GRAPH.objectId,
    })
    expect(inputsOf('ApplicationIdentifierUri', 'daemon-uri-api-clientid-1e849f')).toMatchObject({
      identifierUri: 'api://daemon-client-id',
    })
  })

  it('grants nothing where consent is only requested', async () => {
    await all(new AppRegistration('daemon', { ...daemon, consent: 'request' }).outputs)
    expect(named('AppRoleAssignment')).toEqual([])
    expect(named('ServicePrincipalDelegatedPermissionGrant')).toEqual([])
  })

  it('keeps secret values apart from what anybody may read', async () => {
    const app = new AppRegistration('daemon', daemon)
    const outputs = await settled(app.outputs)
    expect(outputs).toMatchObject({
      tenantId: TENANT_ID,
      clientId: 'daemon-client-id',
      secrets: { main: [{ generation: 1, phase: 'current', keyId: 'daemon-main-g1-key-id' }] },
    })
    expect(JSON.stringify(outputs)).not.toContain('daemon-main-g1-value')
    expect(await settled(app.secretValues)).toEqual({ main: { 1: 'daemon-main-g1-value' } })
    expect(await app.secretValues.isSecret).toBe(true)
    expect(await settled(app.currentSecret('main'))).toBe('daemon-main-g1-value')
  })

  it('issues a successor beside the generation that consumers hold', async () => {
    const generation = { issuedAt: '2026-01-01T00:00:00Z', endDate: '2026-06-01T00:00:00Z' }
    const generations = {
      main: [
        { generation: 1, phase: 'retired', ...generation },
        { generation: 2, phase: 'current', ...generation },
        { generation: 3, phase: 'issued', ...generation, endDate: '2026-09-01T00:00:00Z' },
      ],
    } as const
    const app = new AppRegistration('daemon', { ...daemon, generations })
    await all(app.outputs)
    expect(named('ApplicationPassword').sort()).toEqual(['daemon-main-g2', 'daemon-main-g3'])
    expect(inputsOf('ApplicationPassword', 'daemon-main-g3')).toMatchObject({
      displayName: 'Main g3',
      endDate: '2026-09-01T00:00:00Z',
    })
    expect((await settled(app.generations))['main']?.[0]).toEqual(generations.main[0])
  })

  it('refuses a mistake before it registers anything', () => {
    const wrong = { ...daemon, redirectUris: { web: ['http://example.com/'] } }
    expect(() => new AppRegistration('daemon', wrong)).toThrow(DeclarationError)
    expect(registered).toEqual([])
  })
})

describe('registerApps', () => {
  it('exports that an application is at its end, so that nothing rotates it', async () => {
    const { outputs } = registerApps({ daemon: { ...daemon, retire: { after: '30d' } } })
    const { retirement, rotation } = await settled(outputs.apps['daemon']!)
    await runtime.disconnect()
    expect(retirement).toBeDefined()
    expect(policiesOf({ daemon: rotation! })['daemon']?.['main']).toMatchObject({ isRetiring: true })
  })

  it('joins applications that refer to each other, in any order', async () => {
    const { outputs } = registerApps({
      importer: {
        displayName: 'Importer',
        permissions: { 'files-api': { application: ['Importer'] } },
        consent: 'grant',
        owners: ['files-api'],
      },
      'files-api': filesApi,
    })
    await all(outputs.apps['importer'])
    const api = appDeclaration.parse(filesApi)
    expect(inputsOf('AppRoleAssignment', 'importer-files-api-Importer')).toEqual({
      appRoleId: exposedIds('files-api', api).appRoles['Importer'],
      principalObjectId: 'importer-principal-id',
      resourceObjectId: 'files-api-principal-id',
    })
    expect(inputsOf('Application', 'importer')?.['owners']).toEqual(
      [DEPLOYER_ID, 'files-api-principal-id'].sort(),
    )
  })

  it('finds the record of a renamed application under its former name', async () => {
    const current = {
      generation: 4,
      phase: 'current',
      issuedAt: '2026-01-01T00:00:00Z',
      endDate: '2027-01-01T00:00:00Z',
    } as const
    const { outputs } = registerApps(
      { daemon: { ...daemon, formerly: ['robot'] } },
      { previous: { ledger: { robot: { main: [current] } } } },
    )
    await all(outputs.apps['daemon'])
    expect(named('ApplicationPassword')).toEqual(['daemon-main-g4'])
  })

  it('judges the declaration by the cloud that the stack deploys to', () => {
    runtime.setConfig('azuread:environment', 'china')
    const personal = { displayName: 'App', signInAudience: 'AzureADandPersonalMicrosoftAccount' } as const
    try {
      expect(() => registerApps({ app: personal })).toThrow(/EA213/)
    } finally {
      runtime.setAllConfig({})
    }
  })
})
