import { runtime } from '@pulumi/pulumi'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DeclarationError } from '../../../../infra/declaration/problems.ts'
import type { AppDeclarationInput } from '../../../../infra/declaration/schema.ts'
import { declaredStack } from '../../../../infra/program/preflight.ts'
import { registerApps } from '../../../../infra/program/register.ts'
import { ApiDirectory, ApiLookupError } from '../../../../infra/registration/apis.ts'
import { AppRegistration } from '../../../../infra/registration/app-registration.ts'
import { PrincipalDirectory } from '../../../../infra/registration/principals.ts'
import { GRAPH, mockEngine, type Registered, settled } from '../mocks.ts'

const FILES_READ_ALL = GRAPH.appRoleIds['Files.Read.All']
const USER_READ = GRAPH.oauth2PermissionScopeIds['User.Read']
const NOBODYS = '11111111-2222-4333-8444-555555555555'

let registered: Registered[]

beforeEach(async () => {
  registered = await mockEngine()
})

afterEach(() => runtime.disconnect())

/** A tenant in which no API has a service principal, in the provider's words. */
class NoApis extends ApiDirectory {
  override find(name: string) {
    return Promise.reject(new ApiLookupError(name, new Error('No service principal found matching that')))
  }
}

const byId = {
  displayName: 'By id',
  permissions: { [GRAPH.clientId]: { application: [FILES_READ_ALL.toUpperCase()], delegated: [USER_READ] } },
  consent: 'grant' as const,
} satisfies AppDeclarationInput

describe('permissions by id', () => {
  it('are granted and recorded by name, like the same by name', async () => {
    const app = new AppRegistration('byid', byId)
    const outputs = await settled(app.outputs)
    await runtime.disconnect()
    expect(registered.map(({ type, name }) => `${type} ${name}`)).toEqual(
      expect.arrayContaining([
        'AppRoleAssignment byid-microsoft-graph-Files.Read.All',
        'ServicePrincipalDelegatedPermissionGrant byid-microsoft-graph-delegated',
      ]),
    )
    const grant = registered.find(({ type }) => type === 'ServicePrincipalDelegatedPermissionGrant')
    expect(grant?.inputs['claimValues']).toEqual(['User.Read'])
    expect(outputs.permissions).toEqual({
      'Microsoft Graph': {
        appId: GRAPH.clientId,
        application: ['Files.Read.All'],
        delegated: ['User.Read'],
        roleIds: { 'Files.Read.All': FILES_READ_ALL },
      },
    })
  })

  it('of applications of the stack are theirs: roles, scopes and assignments', async () => {
    const id = '6f2d6b0a-2b8a-4a52-8d5e-0c2b9f1a7e11'
    const role = { displayName: 'Reader', description: 'Reads', id, for: ['users', 'applications'] as const }
    const { outputs } = registerApps({
      api: {
        displayName: 'API',
        appRoles: { Reader: { ...role, for: [...role.for] } },
        assignments: [{ group: NOBODYS, role: id.toUpperCase() }],
      },
      client: { displayName: 'Client', permissions: { api: { application: [id] } }, consent: 'grant' },
    })
    const api = await settled(outputs.apps['api']!)
    const client = await settled(outputs.apps['client']!)
    await runtime.disconnect()
    expect(api.assignments).toMatchObject([{ role: 'Reader', roleId: id }])
    expect(client.permissions['api']?.application).toEqual(['Reader'])
  })
})

describe('the declaration against the tenant', () => {
  const read = (permissions: object, more: object = {}, apis = new ApiDirectory()) =>
    declaredStack(
      { app: { displayName: 'App', permissions, ...more } },
      undefined,
      { apis, principals: new PrincipalDirectory() },
      'Pulumi.test.yaml',
      {},
    )
  const problemsOf = async (permissions: object, more?: object, apis?: ApiDirectory) => {
    const error = await read(permissions, more, apis).catch((thrown: unknown) => thrown)
    if (!(error instanceof DeclarationError)) throw error
    return error.problems
  }

  it('calls everything by its one name', async () => {
    const { declared: apps } = await read({
      graph: { application: [FILES_READ_ALL], delegated: [USER_READ, NOBODYS] },
    })
    expect(apps['app']?.permissions).toEqual({
      'Microsoft Graph': { application: ['Files.Read.All'], delegated: ['User.Read', NOBODYS] },
    })
  })

  it('refuses an id of the other kind, with the name', async () => {
    const [problem] = await problemsOf({ 'Microsoft Graph': { delegated: [FILES_READ_ALL] } })
    expect(problem?.message).toContain(
      `${FILES_READ_ALL} is the id of the application permission Files.Read.All`,
    )
    expect(problem?.fix).toContain('"Files.Read.All"')
  })

  it('refuses consent to an id that nobody publishes', async () => {
    const [problem] = await problemsOf({ 'Microsoft Graph': { delegated: [NOBODYS] } }, { consent: 'grant' })
    expect(problem?.message).toContain('nobody can consent to it')
  })

  it('reports all APIs that the tenant does not have, with what adds them', async () => {
    const asked = {
      '996def3d-b36c-4153-8607-a6fd3c01b89f': { application: ['API.ReadWrite.All'] },
      SharePoint: { application: ['Sites.Selected'] },
      'Office 365 Exchange Onlin': { application: ['Mail.Send'] },
    }
    const problems = await problemsOf(asked, {}, new NoApis())
    expect(problems.map(({ path, fix }) => [path.at(-1), fix])).toEqual([
      [
        '996def3d-b36c-4153-8607-a6fd3c01b89f',
        'add it: az ad sp create --id 996def3d-b36c-4153-8607-a6fd3c01b89f',
      ],
      ['SharePoint', 'add it: az ad sp create --id 00000003-0000-0ff1-ce00-000000000000'],
      ['Office 365 Exchange Onlin', 'did you mean "Office 365 Exchange Online"'],
    ])
  })
})
