import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { type Ended, openStage, type Stage } from '../../support/stage.ts'
import { certificatePem } from '../../unit/infra/rules/certificate.ts'

const official = process.env['ENTRA_APPS_AZUREAD_PLUGIN']

const PROGRAM = join(import.meta.dirname, 'every-resource.js')

/** The provider waits up to 20 s after some of its writes, and polls: minutes in all. */
const TIMEOUT_MS = 900_000

/** Passwords have no importer in the provider. */
const IMPORTABLE = /^azuread:(?!.*Password)/

/** What the data sources give after `up` in that state. */
const reads = (state: string) => ({
  application: `Full ${state}`,
  servicePrincipal: `Full ${state}`,
  servicePrincipals: [`Full ${state}`],
  group: state,
  groups: [`Team ${state}`, 'Unified', 'Dynamic'],
  user: state,
  users: ['worker@contoso.onmicrosoft.com', 'manager@contoso.onmicrosoft.com'],
  directoryObject: 'Group',
  graph: '00000003-0000-0000-c000-000000000000',
})

interface Resource {
  readonly type: string
  readonly urn: string
  readonly id: string
}

/**
 * What the local tenant is for: the unmodified provider takes each of its resources through their whole life there.
 * Runs where ENTRA_APPS_AZUREAD_PLUGIN names an official plugin.
 */
describe.skipIf(!official)('every resource of the official plugin', () => {
  let stage: Stage

  const pulumi = async (...args: string[]): Promise<Ended> => {
    const ended = await stage.pulumiWithPlugin(official, ...args)
    expect(ended.code, ended.output).toBe(0)
    return ended
  }

  beforeAll(async () => {
    stage = await openStage({
      deployerRoles: [
        'Application.ReadWrite.All',
        'AppRoleAssignment.ReadWrite.All',
        'DelegatedPermissionGrant.ReadWrite.All',
        'Directory.ReadWrite.All',
        'Directory.Read.All',
        'Domain.Read.All',
        'Group.ReadWrite.All',
        'User.ReadWrite.All',
      ],
    })
    const runtime = { name: 'nodejs', options: { typescript: false } }
    await writeFile(join(stage.dir, 'Pulumi.yaml'), stringify({ name: 'entra-apps', runtime, main: PROGRAM }))
    const certificateFile = join(stage.dir, 'certificate.pem')
    await writeFile(certificateFile, await certificatePem({ notAfter: '2036-01-01T00:00:00Z', bits: 2048 }))
    await pulumi('config', 'set', 'certificateFile', certificateFile)
  }, TIMEOUT_MS)
  afterAll(() => stage?.close())

  it(
    'is created, left alone, updated, imported and destroyed',
    async () => {
      for (const state of ['one', 'two']) {
        await pulumi('config', 'set', 'state', state)
        await pulumi('up', '--yes', '--skip-preview', '--parallel', '32')
        await pulumi('preview', '--refresh', '--expect-no-changes')
        expect(JSON.parse((await pulumi('stack', 'output', 'read', '--json')).stdout)).toEqual(reads(state))
      }
      const wanted = await importFile()
      await pulumi('stack', 'init', 'imported', '--no-select')
      const options = ['--stack', 'imported', '--generate-code=false', '--protect=false', '--yes']
      const imported = await pulumi('import', '--file', wanted.file, ...options)
      expect(imported.output).toContain(`${wanted.count} imported`)
      await pulumi('stack', 'rm', 'imported', '--force', '--yes')
      await pulumi('destroy', '--yes', '--skip-preview', '--parallel', '32')
      const unserved = stage.tenant.requests().filter(({ status }) => status >= 500)
      expect(unserved).toEqual([])
    },
    TIMEOUT_MS,
  )

  /** What of the stack can be imported, as `pulumi import` reads it. */
  async function importFile(): Promise<{ readonly file: string; readonly count: number }> {
    const exported = join(stage.dir, 'state.json')
    await pulumi('stack', 'export', '--file', exported)
    const { deployment } = JSON.parse(await readFile(exported, 'utf8')) as {
      deployment: { resources: readonly Resource[] }
    }
    const resources = deployment.resources
      .filter(({ type }) => IMPORTABLE.test(type))
      .map(({ type, urn, id }) => ({ type, name: urn.split('::').at(-1), id }))
    const file = join(stage.dir, 'import.json')
    await writeFile(file, JSON.stringify({ resources }))
    return { file, count: resources.length }
  }
})
