import { readFileSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { findStacks, selectStacks } from '../../../../scripts/fleet/find-stacks.ts'
import { renderMatrix } from '../../../../scripts/fleet/matrix.ts'
import { type FleetReport, fleetReport, gravest, toExitCode } from '../../../../scripts/fleet/report.ts'
import { declaredFacts, dueIn } from '../../../../scripts/fleet/stack-facts.ts'
import { summarize } from '../../../../scripts/fleet/summary.ts'
import { run } from '../../../support/stage.ts'

const REPOSITORY = resolve(import.meta.dirname, '../../../..')

const named = (...labels: string[]) =>
  labels.map((label) => {
    const at = label.lastIndexOf('/')
    const [project, stack] = at < 0 ? ['.', label] : [label.slice(0, at), label.slice(at + 1)]
    return { label, project, stack, projectDir: join('/srv', project) }
  })
const labels = (stacks: readonly { label: string }[]) => stacks.map(({ label }) => label)

describe('choosing stacks', () => {
  const all = named('dev', 'prod-eu', 'prod-us', 'teams/pay/prod-eu', 'teams/pay/dev')

  it.each([
    [['dev'], ['dev', 'teams/pay/dev']],
    [['./dev'], ['dev']],
    [['./prod-*'], ['prod-eu', 'prod-us']],
    [['prod-*'], ['prod-eu', 'prod-us', 'teams/pay/prod-eu']],
    [['teams/pay/*'], ['teams/pay/prod-eu', 'teams/pay/dev']],
    [['prod-?u'], ['prod-eu', 'teams/pay/prod-eu']],
    [
      ['*', '!dev'],
      ['prod-eu', 'prod-us', 'teams/pay/prod-eu'],
    ],
    [['!prod-*'], ['dev', 'teams/pay/dev']],
  ])('%j', (patterns, chosen) => {
    expect(labels(selectStacks(all, patterns))).toEqual(chosen)
  })

  it('refuses a pattern that matches nothing, with the nearest name, and patterns that leave nothing', () => {
    expect(() => selectStacks(all, ['prod-ue'])).toThrow(
      'No stack matches "prod-ue"; did you mean "prod-us" or "prod-eu"',
    )
    // A dot is no wild card, and a misspelt exclusion is a mistake, too.
    expect(() => selectStacks(all, ['d.v'])).toThrow('No stack matches "d.v"')
    expect(() => selectStacks(all, ['!stagin'])).toThrow('No stack matches "stagin"')
    expect(() => selectStacks(all, ['dev', '!dev'])).toThrow('leave no stack')
  })
})

describe('the matrix', () => {
  it('has a job for each stack, and for GitHub the limit of parallel jobs', () => {
    expect(JSON.parse(renderMatrix('github', named('dev', 'teams/pay/prod'), 5))).toEqual({
      'fail-fast': false,
      'max-parallel': 5,
      matrix: {
        include: [
          { stack: 'dev', project: '.', label: 'dev' },
          { stack: 'prod', project: 'teams/pay', label: 'teams/pay/prod' },
        ],
      },
    })
  })

  it('names the legs of Azure Pipelines apart', () => {
    expect(Object.keys(JSON.parse(renderMatrix('azure', named('a-b', 'a.b', '7'))))).toEqual([
      'a_b',
      'a_b_2',
      's_7',
    ])
    const long = Object.keys(
      JSON.parse(renderMatrix('azure', named('A', 'a', 'x'.repeat(200), 'x'.repeat(201)))),
    )
    expect(long.slice(0, 2)).toEqual(['A', 'a_2'])
    expect(new Set(long).size).toBe(4)
    for (const name of long) expect(name.length).toBeLessThanOrEqual(100)
  })

  it('is a child pipeline for GitLab', () => {
    expect(JSON.parse(renderMatrix('gitlab', named('dev')))).toMatchObject({
      stack: { parallel: { matrix: [{ STACK: 'dev', PROJECT: '.' }] } },
    })
  })

  it('is refused where the service would cut it off', () => {
    const many = named(...Array.from({ length: 257 }, (_, i) => `s${i}`))
    expect(JSON.parse(renderMatrix('github', many.slice(1))).matrix.include).toHaveLength(256)
    expect(() => renderMatrix('github', many)).toThrow('at most 256 jobs, got 257 stacks')
    expect(() => renderMatrix('gitlab', many)).toThrow('at most 200 jobs')
  })
})

describe('the summary of the jobs of a pipeline', () => {
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-summary-'))
  })
  afterAll(() => rm(dir, { recursive: true, force: true }))

  const keep = async (file: string, command: string, startedAt: string, stack: object) => {
    await mkdir(dirname(join(dir, file)), { recursive: true })
    const result = {
      project: '.',
      log: 'x.log',
      exitCode: 0,
      durationMs: 1000,
      status: 'succeeded',
      ...stack,
    }
    const report: FleetReport = {
      schemaVersion: 1,
      tool: { name: 'entra-apps', version: '0.0.0' },
      command,
      arguments: [],
      startedAt,
      durationMs: 1000,
      exitCode: 0,
      summary: { stacks: 1, succeeded: 1, failed: 0 },
      stacks: [result as FleetReport['stacks'][number]],
    }
    await writeFile(join(dir, file), JSON.stringify(report))
  }

  it('counts for each stack the first command that did not succeed, and misses no stack', async () => {
    await keep('0/up.json', 'up', '2027-01-01T00:00:00Z', { stack: 'dev' })
    await keep('0/verify.json', 'verify', '2027-01-01T00:00:05Z', {
      stack: 'dev',
      status: 'notReady',
      exitCode: 3,
      reason: 'not yet',
      report: { huge: true },
    })
    await keep('1/up.json', 'up', '2027-01-01T00:00:02Z', { stack: 'dev', project: 'teams/pay' })
    await keep('1/verify.json', 'verify', '2027-01-01T00:00:09Z', { stack: 'dev', project: 'teams/pay' })
    await writeFile(join(dir, '1/report.json'), '{"some": "other report"}')
    await writeFile(join(dir, '1/rotate.json'), '{"schemaVersion": 1, "to')

    const stacks = named('dev', 'teams/pay/dev', 'teams/pay/prod')
    const report = fleetReport.parse(summarize(stacks, dir))
    expect(report).toMatchObject({
      command: 'up, verify',
      startedAt: '2027-01-01T00:00:00Z',
      durationMs: 10_000,
      exitCode: 2,
      summary: { stacks: 3, succeeded: 1, failed: 2 },
      stacks: [
        { project: '.', status: 'notReady', exitCode: 3, reason: 'not yet', durationMs: 2000 },
        { project: 'teams/pay', stack: 'dev', status: 'succeeded', durationMs: 2000 },
        { project: 'teams/pay', stack: 'prod', status: 'couldNotRun', reason: `no report in ${dir}` },
      ],
    })
    expect(report.stacks[0]).not.toHaveProperty('report')
    expect(summarize(stacks.slice(0, 2), dir).exitCode).toBe(3)
    expect(summarize(stacks.slice(1, 2), dir).exitCode).toBe(0)
  })

  it('is refused where there is nothing to sum up', async () => {
    await mkdir(join(dir, 'empty'))
    expect(() => summarize(named('dev'), join(dir, 'empty'))).toThrow('there is no report in')
    expect(() => summarize(named('dev'), join(dir, 'nowhere'))).toThrow('cannot be read: ENOENT')
  })
})

describe('the exit code', () => {
  it('is the gravest', () => {
    expect([gravest([]), gravest([0, 3, 0]), gravest([2, 3]), gravest([2, 1, 0]), gravest([1, 130])]).toEqual(
      [0, 3, 2, 1, 130],
    )
  })

  it('of a process that crashed says that it could not run', () => {
    expect([toExitCode(134, null), toExitCode(null, 'SIGKILL'), toExitCode(null, 'SIGINT')]).toEqual([
      2, 2, 130,
    ])
  })
})

it('says which credentials and retirements are due, and when the next one is', () => {
  const generation = (issuedAt: string) => [
    { generation: 1, phase: 'current' as const, issuedAt, endDate: '2027-06-01T00:00:00Z' },
  ]
  const day = 86_400_000
  const policy = { rotateEvery: 30 * day, overlap: day, lifetime: 90 * day, revokeOverlap: day }
  const policies = { a: { s: { ...policy, rotateWhenDue: false, maxLive: 4, targets: [] } } }
  const both = { a: policies.a, b: policies.a, undeployed: policies.a }
  const ledger = {
    a: { s: generation('2027-01-01T00:00:00Z') },
    b: { s: generation('2027-01-20T00:00:00Z') },
  }
  const now = new Date('2027-02-01T00:00:00Z')
  const dueOf = (apps: Parameters<typeof dueIn>[0]['apps']) => dueIn({ apps, ledger }, both, now)
  expect(dueOf({})).toEqual({ due: ['a/s'], retirementsDue: [], dueNext: '2027-02-19T00:00:00.000Z' })
  const retired = (deleteFrom: string) => ({ retirement: { since: '2027-01-01T00:00:00Z', deleteFrom } })
  const apps = { x: retired('2027-02-01T00:00:00Z'), y: retired('2027-02-02T00:00:00Z'), z: {} }
  expect(dueOf(apps)).toMatchObject({ retirementsDue: ['x'], dueNext: '2027-02-02T00:00:00.000Z' })
  const retiring = { a: { s: { ...policies.a.s, isRetiring: true as const } } }
  expect(dueIn({ apps: {}, ledger }, retiring, now)).toEqual({ due: [], retirementsDue: [] })
})

describe('a command for several stacks', () => {
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-fleet-'))
    await mkdir(join(dir, 'teams/pay'), { recursive: true })
    await mkdir(join(dir, 'node_modules/other'), { recursive: true })
    for (const project of ['.', 'teams/pay', 'node_modules/other']) {
      await writeFile(join(dir, project, 'Pulumi.yaml'), 'name: x\nruntime: nodejs\n')
      await declare(join(project, 'Pulumi.dev.yaml'), 'displayName: X')
    }
    await declare('teams/pay/Pulumi.prod.yaml', 'displayNam: X')
  })
  afterAll(() => rm(dir, { recursive: true, force: true }))

  const declare = (file: string, setting: string) =>
    writeFile(join(dir, file), `config:\n  entra-apps:apps:\n    x: { ${setting} }\n`)
  const cli = (...args: string[]) =>
    run(process.execPath, [join(REPOSITORY, 'scripts/main.js'), ...args], { cwd: dir, env: process.env })
  const folder = (...path: string[]) => join(dir, '.entra-apps/fleet/check', ...path)

  it('counts the mistakes of a declaration', async () => {
    const project = await mkdtemp(join(dir, 'node_modules/mistaken-'))
    const file = join(project, 'Pulumi.dev.yaml')
    const problemIn = async (settings: string) => {
      await writeFile(file, `config:\n  entra-apps:apps:\n    x: { ${settings} }\n`)
      return declaredFacts(findStacks(project)[0]!, {}).problem
    }
    expect(await problemIn('displayName: X, colour: red')).toBe('1 mistake in the declaration')
    expect(await problemIn('displayNam: X')).toBe('2 mistakes in the declaration')
    expect(await problemIn('displayName: X')).toBeUndefined()
  })

  it('finds the stacks of projects below a folder', () => {
    expect(labels(findStacks(dir))).toEqual(['dev'])
    expect(labels(findStacks(dir, dir))).toEqual(['dev', 'teams/pay/dev', 'teams/pay/prod'])
  })

  it('sums up, keeps a log of each for nobody else, and resumes with what did not succeed', async () => {
    const junit = join(dir, 'all.xml')
    const all = ['check', '--below', dir, '--all-stacks', '--parallel', '2', '--json']
    const first = await cli(...all, '--junit', junit, '--markdown', join(dir, 'all.md'))
    expect(first.code, first.output).toBe(1)
    const report = fleetReport.parse(JSON.parse(first.stdout))
    expect(report).toMatchObject({ exitCode: 1, summary: { stacks: 3, succeeded: 2, failed: 1 } })
    expect(report.stacks[2]).toMatchObject({
      status: 'failed',
      report: { findings: [{ code: 'EA001' }, { code: 'EA001' }] },
    })
    expect(first.stderr).toMatch(/\[3\/3\] /)
    expect(readFileSync(join(dir, 'all.md'), 'utf8')).toContain('| teams/pay/prod | failed in')
    const xsd = readFileSync(join(REPOSITORY, 'docs/schemas/junit.xsd'), 'utf8')
    const valid = await validateXML({
      xml: [{ fileName: 'a.xml', contents: readFileSync(junit, 'utf8') }],
      schema: [xsd],
    })
    expect(valid.errors).toEqual([])

    await declare('teams/pay/Pulumi.prod.yaml', 'displayName: X')
    const second = await cli('check', '--below', dir, '--resume')
    expect(second.code, second.output).toBe(0)
    expect(second.stderr.match(/: started/g)).toHaveLength(1)
    expect(second.stdout).toContain('3 of 3 stacks succeeded')
    const log = folder('teams%2Fpay%2Fprod.log')
    expect(readFileSync(log, 'utf8')).toContain('No findings in the stack prod')
    expect([statSync(log).mode & 0o777, statSync(folder()).mode & 0o777]).toEqual([0o600, 0o700])
  })

  it('sums up the reports of jobs for one stack each, and misses the job that left none', async () => {
    const reports = join(dir, 'reports')
    await mkdir(reports)
    for (const [n, project] of ['.', 'teams/pay'].entries()) {
      const job = await cli('check', '--below', '.', '--stacks', `${project}/dev`, '--json')
      await writeFile(join(reports, `${n}.json`), job.stdout)
    }
    const args = ['stacks', '--below', '.', '--summary', reports]
    const ended = await cli(...args, '--markdown', join(dir, 'jobs.md'), '--junit', join(dir, 'jobs.xml'))
    expect(ended.stdout).toContain('teams/pay/prod: could not run: no report in')
    expect(ended.stdout).toContain('check: 2 of 3 stacks succeeded')
    expect(ended.stdout).not.toContain('log:')
    expect(ended.code).toBe(2)
    expect(readFileSync(join(dir, 'jobs.md'), 'utf8')).toContain('| teams/pay/prod | could not run |')
    expect(readFileSync(join(dir, 'jobs.xml'), 'utf8')).toContain('tests="3" failures="0" errors="1"')
    expect((await cli(...args, '--stacks', 'dev')).code).toBe(0)
    expect((await cli('stacks', '--junit', 'x.xml')).stderr).toContain(
      '--markdown and --junit need --summary',
    )
  })

  it.each([
    [['--all-stacks', '--stack', 'dev'], '--stack goes with one stack, not with --all-stacks'],
    [['--all-stacks', '--sarif'], '--sarif goes with one stack'],
    [['--parallel', '2'], '--parallel needs --stacks or --all-stacks'],
    [['--below', '.', '--resume', '--stacks', 'prd'], 'No stack matches "prd"'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await cli('check', ...args)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })

  it('hands on every option but its own', async () => {
    const { stdout } = await cli('verify', '--all-stacks', '--no-probes', '--app', 'a', 'b', '--json')
    expect(fleetReport.parse(JSON.parse(stdout)).arguments).toEqual(['--app=a', '--app=b', '--no-probes'])
  })
})
