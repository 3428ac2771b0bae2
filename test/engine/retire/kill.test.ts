import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { AppDeclarationInput } from '../../../infra/declaration/schema.ts'
import { NIGHTLY } from '../../support/backends/index.ts'
import { deployerGraph } from '../../support/rehearsal.ts'
import { FILE_MANAGER } from '../../support/stage.ts'
import { KilledRun, type Moment, type TenantRequest } from '../rotation/killed-run.ts'
import { openRotationStage, ROTATED, type RotationStage, requestToken } from '../rotation/support.ts'
import { DELETIONS, deletedPaths, isDisabling, RETIREMENT, recordsDeletion } from './support.ts'

/**
 * When a run is killed: by its own hand at the boundary of a step, or with its engine inside the deployment. `outputs`: once
 * they say that the application is deleted, which is when everything else is done.
 */
type KillAt =
  | { readonly when: string; readonly boundary: string }
  | {
      readonly when: string
      readonly inside: Moment | 'outputs'
      readonly isWrite?: (request: TenantRequest) => boolean
    }

const boundaries = (...steps: string[]): KillAt[] =>
  steps.flatMap((step) =>
    ['before', 'after'].map((side) => ({ when: `${side} ${step}`, boundary: `${side} ${step}` })),
  )
const inside = (
  moments: readonly (Moment | 'outputs')[],
  what = '',
  isWrite?: (request: TenantRequest) => boolean,
): KillAt[] =>
  moments.map((moment) => ({
    when: `at ${[what, moment].filter(Boolean).join(': ')}`,
    inside: moment,
    ...(isWrite && { isWrite }),
  }))

/** Around every write of the stack's file, of the tenant and of the state; the state holds the record, which are the outputs. */
const SWITCHING: readonly KillAt[] = [
  ...boundaries('set', 'deploy'),
  ...inside(['start', 'request', 'write', 'recorded'], '', isDisabling),
]

const DELETING: readonly KillAt[] = [
  ...boundaries('unprotect', 'deploy'),
  ...inside(['start', 'request', 'outputs']),
  ...Object.entries(DELETIONS).flatMap(([what, isWrite]) => inside(['write', 'recorded'], what, isWrite)),
]
const APPS = DELETING.map((_, i) => `app${i}`)

const MONTH_LATER = 31 * 86_400_000

async function kill(rotation: RotationStage, mode: string, at: KillAt, ahead = 0): Promise<void> {
  const [, app = ''] = mode.split(' ')
  const killAt = 'boundary' in at ? `^${at.boundary}$` : '$^'
  const run = new KilledRun(rotation, ahead, killAt, mode, RETIREMENT)
  if ('boundary' in at) expect((await run.end()).signal, run.output).toBe('SIGKILL')
  else if (at.inside === 'outputs') await run.killInside('deploy', (state) => recordsDeletion(state, app))
  else await run.killInside('deploy', at.inside, at.isWrite)
}

/** The run after the kill, without any help. @returns what it says of itself */
async function complete(rotation: RotationStage, mode: string, ahead = 0): Promise<string> {
  const { code, output } = await new KilledRun(rotation, ahead, '$^', mode, RETIREMENT).end()
  expect(code, output).toBe(0)
  return output
}

const outputsOf = async ({ stage }: RotationStage) =>
  JSON.parse((await stage.pulumi('stack', 'output', '--json')).stdout)

/** Minutes of kills: the nightly run alone. Each change tries one of each in retire.test.ts. */
describe.runIf(NIGHTLY).sequential('a retirement that is killed while it disables an application', () => {
  let rotation: RotationStage
  beforeAll(async () => {
    rotation = await openRotationStage()
    await rotation.rotate()
  })
  afterAll(() => rotation?.close())

  const stackFile = async () => parse(await readFile(join(rotation.stage.dir, 'Pulumi.test.yaml'), 'utf8'))
  const token = async () => rotation.token(await rotation.read('one.env'))

  it.each(SWITCHING)('$when', async (at) => {
    const before = await stackFile()
    await kill(rotation, 'retire fm', at)
    expect(await complete(rotation, 'retire fm')).toMatch(
      /phase: disabled, did: (disabled|nothing), refusals: 0/,
    )
    expect(await token()).toBe('7000112')
    expect((await stackFile()).config['entra-apps:apps'].fm.retire).toEqual({ after: '30d' })
    const { retirement } = (await outputsOf(rotation)).apps.fm
    expect(Date.parse(retirement.deleteFrom) - Date.parse(retirement.since)).toBe(30 * 86_400_000)

    await kill(rotation, 'cancel fm', at)
    expect(await complete(rotation, 'cancel fm')).toMatch(
      /phase: active, did: (cancelled|nothing), refusals: 0/,
    )
    expect(await token()).toBe('issued')
    expect(await stackFile()).toEqual(before)
    expect((await outputsOf(rotation)).apps.fm).not.toHaveProperty('retirement')
  })

  it('leaves nothing to deploy', () => rotation.expectUnchanged('after the kills'))
})

describe.runIf(NIGHTLY).sequential('a retirement that is killed while it deletes an application', () => {
  let rotation: RotationStage
  beforeAll(async () => {
    rotation = await openRotationStage()
    await deploy({})
    // Delivers the secrets, which are protected from then on.
    expect(await rotation.rotate()).toMatchObject({ ok: true })
    await deploy({ retire: { after: '30d' } })
  })
  afterAll(() => rotation?.close())

  const application = (displayName: string): AppDeclarationInput => ({
    displayName,
    permissions: { 'Microsoft Graph': { application: ['User.Read.All'], delegated: ['User.Read'] } },
    consent: 'grant',
    secrets: {
      main: { ...ROTATED, deliver: [{ dotenv: { file: `${displayName}.env`, variable: 'CLIENT_SECRET' } }] },
    },
  })
  const deploy = async (setting: Pick<AppDeclarationInput, 'retire'>) => {
    await rotation.stage.declare({
      fm: { ...FILE_MANAGER, secrets: { onedrive: ROTATED } },
      ...Object.fromEntries(APPS.map((name) => [name, { ...application(name), ...setting }])),
    })
    const up = await rotation.stage.pulumi('up', '--yes', '--skip-preview')
    expect(up.code, up.output).toBe(0)
  }

  it.each(DELETING.map((at, i) => ({ ...at, app: APPS[i]! })))('$when', async ({ app, ...at }) => {
    const { clientId } = (await outputsOf(rotation)).apps[app]
    const file = await readFile(join(rotation.stage.dir, `${app}.env`), 'utf8')
    const secret = parseEnv(file)['CLIENT_SECRET'] ?? ''
    expect(await requestToken(rotation.stage, clientId, secret)).toBe('7000112')
    await kill(rotation, `retire ${app}`, at, MONTH_LATER)
    expect(await complete(rotation, `retire ${app}`, MONTH_LATER)).toContain(
      'phase: deleted, did: deleted, refusals: 0',
    )
    expect(await requestToken(rotation.stage, clientId, secret)).toBe('700016')
    const { apps, deletedApps } = await outputsOf(rotation)
    expect(deletedApps[app]).toMatchObject({ clientId, displayName: app })
    expect(Object.keys(apps).sort()).toEqual(['fm', ...APPS.slice(APPS.indexOf(app) + 1)].sort())
  })

  it('deletes nothing twice, nothing else, and leaves nothing to deploy', async () => {
    const paths = deletedPaths(rotation.stage.tenant.requests())
    expect(paths.filter((path, i) => paths.indexOf(path) !== i)).toEqual([])
    const graph = await deployerGraph(rotation.stage.tenant)
    const { value } = await graph('GET', '/directory/deletedItems/microsoft.graph.application?$top=999')
    expect((value as { displayName: string }[]).map(({ displayName }) => displayName).sort()).toEqual(
      [...APPS].sort(),
    )
    expect(await rotation.token(await rotation.read('one.env'))).toBe('issued')
    await rotation.expectUnchanged('after the kills')
  })
})
