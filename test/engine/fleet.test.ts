import { readdirSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import type { AppDeclarationInput } from '../../infra/declaration/schema.ts'
import { fleetReport } from '../../scripts/fleet/report.ts'
import { inventoryReport } from '../../scripts/inventory/report.ts'
import { type BackendKind, missingFor, NIGHTLY } from '../support/backends/index.ts'
import { openStage, REPOSITORY, run, type Stage } from '../support/stage.ts'

const app = (displayName: string): AppDeclarationInput => ({
  displayName,
  permissions: { 'Microsoft Graph': { application: ['User.Read.All'] } },
  consent: 'grant',
  secrets: { main: { displayName: 'Main', lifetime: '90d', rotateEvery: '30d', overlap: '7d' } },
})

/** A shared back end is what many stacks have; a file where there is none, and every one of them nightly. */
const available = (['postgres', 'azblob', 'file'] as const).filter((kind) => missingFor(kind) === '')
const backends: readonly BackendKind[] = NIGHTLY ? available : available.slice(0, 1)

describe.sequential.each(backends)('a command for several stacks, with the state in %s', (backend) => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage({ backend })
    await stage.declare({ one: app('One') })
    await stage.pulumi('stack', 'init', 'other')
    const file = join(stage.dir, 'Pulumi.other.yaml')
    const settings = parse(await readFile(file, 'utf8')) as object
    await writeFile(file, stringify({ ...settings, config: { 'entra-apps:apps': { two: app('Two') } } }))
  })
  afterAll(() => stage?.close())

  it('deploys each, and lists what is there', async () => {
    const ended = await stage.cli('up', '--all-stacks', '--parallel', '2', '--json')
    expect(ended.code, ended.output).toBe(0)
    expect(fleetReport.parse(JSON.parse(ended.stdout)).summary).toEqual({
      stacks: 2,
      succeeded: 2,
      failed: 0,
    })
    const list = await stage.cli('stacks', '--json')
    const { stacks } = JSON.parse(list.stdout)
    expect(stacks, list.output).toMatchObject(
      ['other', 'test'].map((stack) => ({
        stack,
        tenant: stage.tenant.tenantId,
        declared: 1,
        deployed: 1,
        lastDeployment: expect.stringMatching(/^\d{4}-/),
        due: [],
      })),
    )
  })

  it('ends all of them safely when it is interrupted, and resumes with those', async () => {
    const main = join(REPOSITORY, 'scripts/main.js')
    const args = ['-C', stage.dir, 'rotate', '--now', '--successes', '1', '--all-stacks', '--parallel', '2']
    const issued = () => stage.log().match(/addPassword/g)?.length ?? 0
    const before = issued()
    let timer: NodeJS.Timeout | undefined
    const ended = await run(process.execPath, [main, ...args], {
      cwd: stage.dir,
      env: stage.env,
      onOutput: (soFar, kill) => {
        if (timer || soFar.match(/: started/g)?.length !== 2) return
        // In the middle of the first deployment, as soon as one has issued a secret.
        timer = setInterval(() => {
          if (issued() === before) return
          clearInterval(timer)
          kill('SIGINT')
        }, 20)
      },
    })
    expect(ended.code, ended.output).toBe(130)
    expect(ended.output).toContain('0 of 2 stacks succeeded')

    const resumed = await stage.cli(...args.slice(2), '--resume')
    expect(resumed.code, resumed.output).toBe(0)
    const verified = await stage.cli('verify', '--stacks', 'test', 'oth*', '--no-probes')
    expect(verified.code, verified.output).toBe(0)
  })

  it('lists which stack manages each registration, and says of which that is not known', async () => {
    const { dir } = stage
    const pay = join(dir, 'teams/pay')
    await mkdir(pay, { recursive: true })
    // The same state under another path, as if the project lay there.
    for (const file of ['Pulumi.yaml', 'Pulumi.test.yaml']) await copyFile(join(dir, file), join(pay, file))
    const inventory = async (...args: string[]) => {
      const ended = await stage.cli('inventory', '--json', ...args)
      expect(ended.code, ended.output).toBe(0)
      const report = inventoryReport.parse(JSON.parse(ended.stdout))
      const managers = report.entries.map(({ displayName, managedBy }) => [displayName, managedBy])
      const unread = report.missing.filter(({ part }) => part === 'stacks').map(({ message }) => message)
      return { report, unread, stderr: ended.stderr, managers: Object.fromEntries(managers) }
    }
    const all = await inventory('--all-stacks')
    expect([all.report.stacks, all.unread]).toEqual([['other', 'test'], []])
    expect(all.managers).toMatchObject({ One: 'test/one', Two: 'other/two' })
    expect(Object.values(all.managers).filter(Boolean)).toHaveLength(2)
    const below = await inventory('--below', dir, '--stacks', 'teams/pay/*', 'other')
    expect(below.managers).toMatchObject({ One: 'teams/pay/test/one', Two: 'other/two' })

    const away = '99999999-9999-4999-8999-999999999999'
    await writeFile(join(dir, 'Pulumi.away.yaml'), stringify({ config: { 'azuread:tenantId': away } }))
    await writeFile(join(dir, 'Pulumi.unread.yaml'), stringify({ config: {} }))
    const partial = await inventory('--stacks', '*', '!other')
    expect(partial.report.stacks).toEqual(['test'])
    expect(partial.unread).toEqual([
      expect.stringMatching(/^The stack unread cannot be read.*no stack "unread"/),
    ])
    expect(partial.managers).toMatchObject({ One: 'test/one', Two: undefined })
    expect(partial.stderr).toContain(`Left out, because they are of another tenant: away (${away})`)
    expect((await stage.cli('inventory', '--stacks', '*', '!other')).stdout).toMatch(/Two .*│ unknown +│/)
  })

  it('writes no secret into a log', async () => {
    const outputs = await Promise.all(
      ['test', 'other'].map((stack) =>
        stage.pulumi('stack', 'output', '--json', '--show-secrets', '--stack', stack),
      ),
    )
    const values = outputs.flatMap(({ stdout }) =>
      [...stdout.matchAll(/"\d+": "([^"]{20,})"/g)].map(([, value = '']) => value),
    )
    expect(values.length).toBeGreaterThanOrEqual(4)
    const folder = join(stage.dir, '.entra-apps/fleet')
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) =>
      each.isFile(),
    )
    expect(files.length).toBeGreaterThan(6)
    for (const { parentPath, name } of files) {
      const text = readFileSync(join(parentPath, name), 'utf8')
      for (const value of values) expect(text, name).not.toContain(value)
    }
  })
})
