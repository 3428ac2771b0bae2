import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getStack, runtime } from '@pulumi/pulumi'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { INTENT_VARIABLE } from '../../../../infra/contract/intent.ts'
import { MOVE_RECORD } from '../../../../infra/contract/move.ts'
import { PROJECT_DIR_VARIABLE } from '../../../../infra/program/project-dir.ts'
import {
  DEPLOYER_ID,
  GRAPH,
  GROUP,
  IDENTITY,
  mockEngine,
  type Registered,
  settled,
  TENANT_ID,
} from '../mocks.ts'

let projectDir: string
let registered: Registered[]
let exported: Record<string, unknown>
let calls: string[]

beforeEach(async () => {
  projectDir = mkdtempSync(join(tmpdir(), 'entra-apps-program-'))
  mkdirSync(join(projectDir, 'apps'))
  vi.stubEnv(PROJECT_DIR_VARIABLE, projectDir)
  exported = {}
  calls = []
  registered = await mockEngine({ exported, calls })
  runtime.setConfig('azuread:tenantId', TENANT_ID)
})

afterEach(async () => {
  await runtime.disconnect()
  runtime.setAllConfig({})
  vi.unstubAllEnvs()
  vi.resetModules()
  rmSync(projectDir, { recursive: true })
})

function declare(name: string, yaml: string): void {
  writeFileSync(join(projectDir, 'apps', `${name}.yaml`), yaml)
}

const program = () => import('../../../../infra/program/index.ts')

it('registers what apps/ and the stack declare together', async () => {
  declare('files', 'displayName: Files\nredirectUris:\n  web: [https://files.example.com/callback]\n')
  runtime.setConfig('entra-apps:apps', JSON.stringify({ files: { displayName: 'Files (test)' } }))
  const { apps, ledger } = await program()
  expect(await settled(apps['files'] as NonNullable<(typeof apps)[string]>)).toMatchObject({
    displayName: 'Files (test)',
    redirectUris: { web: ['https://files.example.com/callback'] },
  })
  expect(await settled(ledger['files'] as NonNullable<(typeof ledger)[string]>)).toEqual({})
})

it('reports every mistake of all applications, and registers nothing', async () => {
  declare('one', 'displayName: One\nredirectUris:\n  web: [http://public.example/]\n')
  declare('two', 'displayNam: Two\n')
  await expect(program()).rejects.toThrow(/^3 mistakes in Pulumi\.test\.yaml[\s\S]*apps\.one\.redirectUris/)
  expect(registered).toEqual([])
})

it('reports unknown names of the tenant beside every other mistake', async () => {
  declare(
    'one',
    [
      'displayName: One',
      'redirectUri: x',
      'redirectUris: { web: [http://public.example/] }',
      'permissions: { Microsoft Graph: { application: [7, Files.Read.Al] }, Microsoft Grph: { delegated: [a] } }',
      'consented: { Microsoft Grph: { delegated: [a] } }',
      'owners: [nobody@contoso.com]',
    ].join('\n'),
  )
  const error = await program().catch((thrown: Error) => thrown)
  const lines = String(error).match(/^ {2}apps\..*|^ {4}→ did you.*/gm)
  expect(lines).toEqual([
    '  apps.one.permissions."Microsoft Graph".application[0]: this is not a text [EA001].',
    '  apps.one.redirectUri: there is no setting "redirectUri" here [EA001].',
    '    → did you mean "redirectUris".',
    expect.stringMatching(/redirectUris\.web\[0\]: .*\[EA109\]/),
    expect.stringMatching(/application\[1\]: Microsoft Graph has no application permission "Files.Read.Al"/),
    '    → did you mean "Files.Read.All".',
    expect.stringMatching(/permissions\."Microsoft Grph": the API "Microsoft Grph" could not be looked up/),
    '    → did you mean "Microsoft Graph".',
    expect.stringMatching(/owners\[0\]: the user "nobody@contoso.com" could not be looked up/),
  ])
  expect(registered).toEqual([])
})

it('refuses groups as owners, by name and by id, before it registers anything', async () => {
  declare('one', `displayName: One\nowners: [${GROUP.displayName}, ${DEPLOYER_ID}]\n`)
  declare('two', `displayName: Two\nservicePrincipal: { owners: [${GROUP.objectId}] }\n`)
  const error = await program().catch((thrown: Error) => thrown)
  expect(String(error).match(/^ {2}apps\..*/gm)).toEqual([
    '  apps.one.owners[0]: "Editors" is a group, and groups cannot own applications.',
    `  apps.two.servicePrincipal.owners[0]: "${GROUP.objectId}" is a group, and groups cannot own applications.`,
  ])
  expect(registered).toEqual([])
})

it('refuses a permission that the tenant does not publish, before it registers anything', async () => {
  declare('one', 'displayName: One\npermissions: { Microsoft Graph: { application: [Files.Read.Al] } }\n')
  await expect(program()).rejects.toThrow(/did you mean "Files.Read.All"/)
  expect(registered).toEqual([])
})

describe('many applications', () => {
  const COUNT = 5

  beforeEach(() => {
    for (let i = 0; i < COUNT; i++) {
      declare(
        `app-${i}`,
        `displayName: App ${i}\npermissions: { Microsoft Graph: { application: [Files.Read.All], delegated: [User.Read] } }\nconsent: grant\nsecrets: { main: { displayName: Main, lifetime: 90d } }\n`,
      )
    }
  })

  it('ask for each fact once, however many applications need it', async () => {
    const { apps } = await program()
    await Promise.all(Object.values(apps).map(settled))
    expect(calls.sort()).toEqual([
      'azuread:index/getClientConfig:getClientConfig',
      'azuread:index/getServicePrincipal:getServicePrincipal',
      'pulumi:pulumi:readStackOutputs',
    ])
  })

  it('are five resources each and none beside, since each checkpoint writes all of them', async () => {
    await program()
    await runtime.disconnect()
    expect(registered.length).toBe(COUNT * 5)
    expect(new Set(registered.map(({ type }) => type))).toEqual(
      new Set([
        'Application',
        'ApplicationPassword',
        'AppRoleAssignment',
        'ServicePrincipal',
        'ServicePrincipalDelegatedPermissionGrant',
      ]),
    )
  })
})

describe('what the stack exported last', () => {
  const [current, issued] = ['current', 'issued'].map((phase, i) => ({
    generation: i + 1,
    phase,
    issuedAt: '2026-01-01T00:00:00Z',
    endDate: '2099-01-01T00:00:00Z',
    keyId: '44444444-4444-4444-8444-444444444444',
  }))

  beforeEach(() => {
    declare('one', 'displayName: One\nsecrets: { main: { displayName: Main, lifetime: 90d } }\n')
  })

  it('says which generations there are', async () => {
    Object.assign(exported, { ledger: { one: { main: [current, issued] } } })
    await program()
    await runtime.disconnect()
    const names = registered.filter(({ type }) => type === 'ApplicationPassword').map(({ name }) => name)
    expect(names).toEqual(['one-main-g1', 'one-main-g2'])
  })

  it('is completed by what has come from another stack, as long as it says nothing itself', async () => {
    const moved = { apps: {}, identities: {}, ledger: { one: { main: [current, issued] } } }
    writeFileSync(join(projectDir, 'intent.json'), JSON.stringify({ steps: [], moved }))
    vi.stubEnv(INTENT_VARIABLE, join(projectDir, 'intent.json'))
    Object.assign(exported, { ledger: { two: {} } })
    const { ledger } = await program()
    expect(await settled(ledger['one'] as NonNullable<(typeof ledger)[string]>)).toMatchObject({
      main: [{ generation: 1 }, { generation: 2, phase: 'issued' }],
    })
    vi.resetModules()
    Object.assign(exported, { ledger: { one: { main: [current] } } })
    const { ledger: own } = await program()
    expect(await settled(own['one'] as NonNullable<(typeof own)[string]>)).toMatchObject({
      main: [{ generation: 1 }],
    })
  })

  it('is left alone while a move that takes part in it is not finished', async () => {
    const nothing = { apps: {}, identities: {}, ledger: {} }
    const record = {
      schemaVersion: 1,
      names: ['one'],
      source: 'dev',
      target: 'prod',
      at: '2026-01-01T00:00:00Z',
      moved: nothing,
      files: {},
    }
    mkdirSync(join(projectDir, '.entra-apps'))
    const begin = (changed: object) =>
      writeFileSync(join(projectDir, MOVE_RECORD), JSON.stringify({ ...record, ...changed }))
    for (const side of ['source', 'target']) {
      begin({ [side]: getStack() })
      await expect(program()).rejects.toMatchObject({
        code: 'MOVE_UNDER_WAY',
        message: expect.stringContaining('npx entra-apps move one --stack'),
      })
      vi.resetModules()
    }
    expect(registered).toEqual([])
    begin({})
    await program()
  })

  it('stops the deployment when its ledger cannot be read', async () => {
    Object.assign(exported, { ledger: { one: { main: 'two generations' } } })
    await expect(program()).rejects.toMatchObject({ code: 'UNREADABLE_LEDGER' })
    expect(registered).toEqual([])
  })
})

it('grants to identities of identities/ and of the stack, and to nothing else', async () => {
  mkdirSync(join(projectDir, 'identities'))
  writeFileSync(
    join(projectDir, 'identities', 'jobs.yaml'),
    'name: jobs\npermissions: { graph: { application: [Files.Read.All] } }\n',
  )
  runtime.setConfig('entra-apps:identities', JSON.stringify({ jobs: { directoryRoles: ['Reports Reader'] } }))
  const { identities, apps } = await program()
  expect(apps).toEqual({})
  expect(await settled(identities['jobs'] as NonNullable<(typeof identities)[string]>)).toEqual({
    displayName: 'jobs',
    tenantId: TENANT_ID,
    clientId: IDENTITY.clientId,
    servicePrincipalId: IDENTITY.objectId,
    isUserAssigned: true,
    consent: 'grant',
    permissions: {
      'Microsoft Graph': {
        appId: GRAPH.clientId,
        application: ['Files.Read.All'],
        delegated: [],
        roleIds: GRAPH.appRoleIds,
      },
    },
    directoryRoles: { 'Reports Reader': '4a5d8f65-41da-4de4-8968-e035b65339cf' },
    probes: [],
  })
  expect(
    registered.map(({ type, name, inputs }) => [type, name, inputs['principalObjectId']]).sort(),
  ).toEqual([
    ['AppRoleAssignment', 'jobs-microsoft-graph-Files.Read.All', IDENTITY.objectId],
    ['DirectoryRoleAssignment', 'jobs-role-reports-reader', IDENTITY.objectId],
  ])
})

it('names a managed identity that the tenant does not have, and that an application is to trust', async () => {
  declare('files', 'displayName: F\nfederatedCredentials:\n  jobs: { managedIdentity: { name: nobody } }\n')
  await expect(program()).rejects.toThrow(
    /apps\.files\.federatedCredentials\.jobs\.managedIdentity\.name: the service principal "nobody"/,
  )
  expect(registered).toEqual([])
})

it('names identities that the tenant does not have beside other mistakes', async () => {
  runtime.setConfig(
    'entra-apps:identities',
    JSON.stringify({
      gone: { name: 'nobody' },
      jobs: { name: 'jobs', permissions: { graph: { application: ['X'] } } },
    }),
  )
  await expect(program()).rejects.toThrow(
    /^2 mistakes[\s\S]*identities\.jobs\.permissions[\s\S]*identities\.gone\.name: the service principal "nobody"/,
  )
  expect(registered).toEqual([])
})
