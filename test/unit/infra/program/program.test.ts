import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runtime } from '@pulumi/pulumi'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { PROJECT_DIR_VARIABLE } from '../../../../infra/program/project-dir.ts'
import { mockEngine, type Registered, settled, TENANT_ID } from '../mocks.ts'

let projectDir: string
let registered: Registered[]

beforeEach(async () => {
  projectDir = mkdtempSync(join(tmpdir(), 'entra-apps-program-'))
  mkdirSync(join(projectDir, 'apps'))
  vi.stubEnv(PROJECT_DIR_VARIABLE, projectDir)
  registered = await mockEngine()
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

it('refuses a permission that the tenant does not publish, before it registers anything', async () => {
  declare('one', 'displayName: One\npermissions: { Microsoft Graph: { application: [Files.Read.Al] } }\n')
  await expect(program()).rejects.toThrow(/did you mean "Files.Read.All"/)
  expect(registered).toEqual([])
})
