import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AppDeclarationInput } from '../../infra/declaration/schema.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../tenant/index.ts'
import { type DirectoryReader, readDirectory } from '../support/directory-objects.ts'
import { deployerGraph } from '../support/rehearsal.ts'
import { type Ended, openStage, type Stage } from '../support/stage.ts'
import { upSteps } from '../support/steps.ts'

const GRAPH = '00000003-0000-0000-c000-000000000000'
const trust = (i: number) => ({ other: { issuer: 'https://issuer.example', subject: `workload-${i}` } })
const trusts = (prefix: string) =>
  Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${prefix}-${i}`, trust(i)]))
const role = (displayName: string, id?: string) => ({
  displayName,
  description: displayName,
  for: ['users', 'applications'] as ('users' | 'applications')[],
  ...(id !== undefined && { id }),
})
const scope = (displayName: string) => ({ admin: { displayName, description: displayName } })
const ROLE_ID = '5a1e7e5c-7b0f-4b0e-9d53-0f6a5b1f2c3d'

const API: AppDeclarationInput = {
  displayName: 'Files API',
  identifierUris: ['api://{clientId}', 'api://{tenantId}/files'],
  scopes: { 'Files.Read': scope('Read files') },
  appRoles: { Importer: role('Importer'), Reader: role('Reader', ROLE_ID) },
  preAuthorizedClients: { client: ['Files.Read'] },
  assignments: [
    { user: 'ada@contoso.onmicrosoft.com', role: 'Reader' },
    { group: 'Staff', role: 'Reader' },
  ],
}

const CLIENT: AppDeclarationInput = {
  displayName: 'Client',
  permissions: {
    'Microsoft Graph': { application: ['User.Read.All'], delegated: ['User.Read'] },
    'files-api': { application: ['Importer', 'Reader'], delegated: ['Files.Read'] },
  },
  consent: 'grant',
  federatedCredentials: { first: trust(1), second: trust(2) },
}

const MANY: AppDeclarationInput = { displayName: 'Many', federatedCredentials: trusts('old') }

/** What Entra allows once is refused under a new name while the old one is there; each step starts from the one before. */
describe.sequential('what is only renamed', () => {
  let stage: Stage
  let directory: DirectoryReader
  let apps: Record<string, AppDeclarationInput> = { client: CLIENT, 'files-api': API, many: MANY }
  beforeAll(async () => {
    stage = await openStage({
      deployerRoles: [...LEAST_PRIVILEGE_DEPLOYER_ROLES, 'Directory.Read.All', 'Group.ReadWrite.All'],
    })
    stage.tenant.control.seed({ groups: [{ displayName: 'Staff' }] })
    directory = await readDirectory(stage.tenant)
    await up(apps)
  })
  afterAll(() => stage?.close())

  const ok = (ended: Ended) => expect(ended.code, ended.output).toBe(0)
  const up = async (declared: Record<string, AppDeclarationInput>) => {
    apps = declared
    await stage.declare(apps)
    const steps = await upSteps(stage)
    ok(await stage.pulumi('preview', '--refresh', '--expect-no-changes'))
    return steps.sort()
  }
  const client = (change: Partial<AppDeclarationInput>) => ({
    ...apps,
    client: { ...apps['client'], ...change } as AppDeclarationInput,
  })
  const api = (change: Partial<AppDeclarationInput>) => ({
    ...apps,
    'files-api': { ...apps['files-api'], ...change } as AppDeclarationInput,
  })
  const granted = async () => {
    const principal = await directory.servicePrincipal('Client')
    return directory.list(`/servicePrincipals/${principal['id']}/appRoleAssignments`)
  }

  it('is a federated credential: its predecessor goes first, and the rest stays', async () => {
    const steps = await up(client({ federatedCredentials: { main: trust(1), second: trust(2) } }))
    expect(steps).toEqual([
      'create-replacement ApplicationFederatedIdentityCredential client-federated-main',
      'delete-replaced ApplicationFederatedIdentityCredential client-federated-first',
      'replace ApplicationFederatedIdentityCredential client-federated-main',
    ])
    const app = await directory.application('Client')
    const found = await directory.list(`/applications/${app['id']}/federatedIdentityCredentials`)
    expect(found.map(({ name, subject }) => [name, subject]).sort()).toEqual([
      ['main', 'workload-1'],
      ['second', 'workload-2'],
    ])
  })

  it('are twenty of them at once, which are all there can be', async () => {
    await up({ ...apps, many: { ...MANY, federatedCredentials: trusts('new') } })
    const app = await directory.application('Many')
    const found = await directory.list(`/applications/${app['id']}/federatedIdentityCredentials`)
    expect(found.every(({ name }) => String(name).startsWith('new-'))).toBe(true)
    expect(found).toHaveLength(20)
  })

  it('are twenty of other workloads in place of them', async () => {
    const others = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`other-${i}`, trust(100 + i)]))
    await up({ ...apps, many: { ...MANY, federatedCredentials: others } })
    const app = await directory.application('Many')
    const found = await directory.list(`/applications/${app['id']}/federatedIdentityCredentials`)
    expect(found.map(({ subject }) => subject)).toContain('workload-119')
    expect(found).toHaveLength(20)
  })

  it('is a user by object id, and a group that has another name in the tenant', async () => {
    const graph = await deployerGraph(stage.tenant)
    const [staff] = await directory.list("/groups?$filter=displayName eq 'Staff'")
    await graph('PATCH', `/groups/${staff?.['id']}`, { displayName: 'Everyone' })
    const [ada] = await directory.list("/users?$filter=userPrincipalName eq 'ada@contoso.onmicrosoft.com'")
    const assignments = [
      { user: String(ada?.['id']), role: 'Reader' },
      { group: 'Everyone', role: 'Reader' },
    ]
    expect(await up(api({ assignments }))).toEqual([])
  })

  it('is an API by app id instead of its name', async () => {
    const { 'Microsoft Graph': graph = {}, ...rest } = CLIENT.permissions ?? {}
    expect(await up(client({ permissions: { ...rest, [GRAPH]: graph } }))).toEqual([])
  })

  it('is an identifier URI by the id itself', async () => {
    const { appId } = await directory.application('Files API')
    const identifierUris = [`api://${appId}`, `api://${stage.tenant.tenantId}/files`]
    expect(await up(api({ identifierUris }))).toEqual([])
  })

  it('is an app role that keeps its id, and with it everything granted', async () => {
    const before = await granted()
    const permissions = { 'files-api': { application: ['Importer', 'Viewer'], delegated: ['Files.Read'] } }
    const declared = api({
      appRoles: { Importer: role('Importer'), Viewer: role('Viewer', ROLE_ID) },
      assignments: (apps['files-api']?.assignments ?? []).map((each) => ({ ...each, role: 'Viewer' })),
    })
    const steps = await up({ ...declared, client: { ...apps['client'], permissions } as AppDeclarationInput })
    expect(steps).toEqual([
      'delete AppRoleAssignment client-microsoft-graph-User.Read.All',
      'delete ServicePrincipalDelegatedPermissionGrant client-microsoft-graph-delegated',
      'update Application client',
      'update Application files-api',
    ])
    const after = await granted()
    expect(before.filter(({ id }) => after.some((each) => each['id'] === id))).toHaveLength(2)
  })

  it('is not an app role or scope without a given id: that is another one, with grants of its own', async () => {
    const steps = await up({
      ...api({
        scopes: { 'Files.See': scope('See files') },
        appRoles: { Loader: role('Loader'), Viewer: role('Viewer', ROLE_ID) },
        preAuthorizedClients: { client: ['Files.See'] },
      }),
      ...{
        client: {
          ...apps['client'],
          permissions: { 'files-api': { application: ['Loader', 'Viewer'], delegated: ['Files.See'] } },
        } as AppDeclarationInput,
      },
    })
    expect(steps).toEqual([
      'create AppRoleAssignment client-files-api-Loader',
      'delete AppRoleAssignment client-files-api-Importer',
      'update Application client',
      'update Application files-api',
      'update ApplicationPreAuthorized files-api-client-client',
      'update ServicePrincipalDelegatedPermissionGrant client-files-api-delegated',
    ])
    const api_ = await directory.application('Files API')
    const names = (api_['appRoles'] as { value: string }[]).map(({ value }) => value).sort()
    expect(names).toEqual(['Loader', 'Viewer'])
  })

  it('can be destroyed', async () => {
    ok(await stage.pulumi('destroy', '--yes'))
  })
})
