import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { adoptionReport } from '../../../scripts/adopt/report.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../../tenant/index.ts'
import { type Ended, openStage, type Stage } from '../../support/stage.ts'
import { makePortalApp, type PortalApp } from './portal-app.ts'

const DEPLOYER_ROLES = [
  ...LEAST_PRIVILEGE_DEPLOYER_ROLES,
  'Application.ReadWrite.All',
  'User.Read.All',
  'Group.ReadWrite.All',
]

const ok = (ended: Ended) => expect(ended.code, ended.output).toBe(0)

/** Whatever is changed, the provider sends sets in an order of its own, which settings of redirect URIs follow. */
function meaningOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(meaningOf)
    return items.every((each) => typeof each === 'string') ? items.sort() : items
  }
  if (typeof value === 'string') return value.includes(',') ? value.split(',').sort() : value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === 'redirectUriSettings' ? byUri(each) : meaningOf(each),
    ]),
  )
}

function byUri(settings: readonly { readonly uri: string; readonly index: number | null }[]): unknown {
  return Object.fromEntries(settings.map(({ uri, index }) => [uri, index]))
}

describe.sequential('adopting an application that somebody made by hand', () => {
  let stage: Stage
  let app: PortalApp
  let before: unknown
  beforeAll(async () => {
    stage = await openStage({ deployerRoles: DEPLOYER_ROLES })
    app = await makePortalApp(stage)
    before = await app.snapshot()
  })
  afterAll(() => stage?.close())

  const file = () => join(stage.dir, 'apps/files.yaml')
  const edit = async (change: (declared: Record<string, unknown>) => Record<string, unknown>) => {
    const declared = parse(await readFile(file(), 'utf8')) as Record<string, unknown>
    await writeFile(file(), stringify(change(declared)))
  }

  it('shows what it would do, and does nothing', async () => {
    const ended = await stage.cli('adopt', '--client-id', app.clientId, '--app', 'files', '--dry-run')
    ok(ended)
    expect(ended.stdout).toContain('displayName: Portal Made')
    await expect(readFile(file(), 'utf8')).rejects.toThrow('ENOENT')
    const state = await stage.pulumi('stack', 'export')
    expect(state.stdout).not.toContain(app.objectId)
  })

  it('imports every object, writes the file and leaves the directory as it was', async () => {
    const ended = await stage.cli('adopt', '--client-id', app.clientId, '--app', 'files', '--json')
    ok(ended)
    const { adopted, notAdoptable } = adoptionReport.parse(JSON.parse(ended.stdout))
    expect(notAdoptable).toEqual([])
    const [report] = adopted
    // Two objects, two URIs, one client, three assignments, two consented roles, one grant, two federated credentials.
    expect(report?.imports).toBe(13)
    expect(
      report?.foreign.map(({ kind, displayName, endDate }) => `${kind} ${displayName} ${endDate}`),
    ).toEqual(['secret of the portal 2027-11-01T00:00:00Z', 'certificate CN=portal 2036-01-01T00:00:00Z'])
    expect(report?.leftAlone).toEqual([
      expect.stringContaining('the logo'),
      expect.stringMatching(/the consent to Mail\.Read of Microsoft Graph \(delegated, for one person/),
    ])
    expect(await readFile(file(), 'utf8')).toBe(report?.yaml)
    expect(await app.snapshot()).toEqual(before)
  })

  it('the next deployments have nothing to do', async () => {
    ok(await stage.pulumi('preview', '--expect-no-changes'))
    ok(await stage.pulumi('up', '--yes', '--expect-no-changes'))
    ok(await stage.pulumi('refresh', '--yes', '--expect-no-changes'))
    expect(await app.snapshot()).toEqual(before)
  })

  it.skipIf(!process.env['ENTRA_APPS_AZUREAD_PLUGIN'])(
    'the plugin of this repository sees no change either',
    async () => {
      ok(await stage.pulumiWithPlugin(undefined, 'up', '--yes', '--expect-no-changes'))
      ok(await stage.pulumiWithPlugin(undefined, 'refresh', '--yes', '--expect-no-changes'))
    },
  )

  it('verify and report are right about it', async () => {
    const verified = await stage.cli('verify', '--live')
    ok(verified)
    expect(verified.output).toContain('foreign secrets')
    ok(await stage.cli('report'))
  })

  it('a change of the file changes just that', async () => {
    await edit((declared) => ({ ...declared, notes: 'Ask Grace' }))
    const ended = await stage.pulumi('up', '--yes')
    ok(ended)
    expect(ended.stdout).toMatch(/~ 1 updated/)
    const [path] = Object.keys(before as object)
    const changed = structuredClone(before) as Record<string, Record<string, unknown>>
    changed[path!]!['notes'] = 'Ask Grace'
    expect(meaningOf(await app.snapshot())).toEqual(meaningOf(changed))
  })

  it('gets a secret of our own beside the foreign one, which stays until somebody removes it', async () => {
    const secrets = { main: { displayName: 'Main', lifetime: '90d' } }
    await edit((declared) => ({ ...declared, secrets }))
    const ended = await stage.pulumi('up', '--yes')
    ok(ended)
    expect(ended.stdout).toMatch(/\+ 1 created/)
    const verified = await stage.cli('verify', '--live', '--successes', '1')
    ok(verified)
    expect(verified.output).toMatch(/foreign secrets[\s\S]*of the portal/)
    const { passwordCredentials } = await app.graph('GET', `/applications/${app.objectId}`)
    const names = (passwordCredentials as { displayName: string }[]).map(({ displayName }) => displayName)
    expect(names.sort()).toEqual(['Main g1', 'of the portal'])
  })

  it('is not adopted a second time', async () => {
    const ended = await stage.cli('adopt', '--name', 'Portal Made')
    expect(ended.code).toBe(2)
    expect(ended.output).toContain('is managed by this stack already, as "files"')
  })
})
