import { globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import manifest from '../../../package.json' with { type: 'json' }
import { buildProgram } from '../../../scripts/cli.ts'
import { MATRIX_KINDS, type MatrixKind, renderMatrix } from '../../../scripts/fleet/matrix.ts'
import { PIPELINES, pipelineFiles } from '../../../scripts/init/pipelines.ts'
import { processTerminal } from '../../../scripts/lib/terminal.ts'

const REPOSITORY = resolve(import.meta.dirname, '../../..')
const GITHUB = globSync('.github/workflows/*.yml', { cwd: REPOSITORY })
const FILES = [
  ...GITHUB,
  ...globSync(['action.yml', 'azure-pipelines.yml', '.azure-pipelines/*.yml', '.gitlab/*.yml'], {
    cwd: REPOSITORY,
  }),
]
/** The pipelines for many stacks. */
const FLEETS: Readonly<Record<MatrixKind, readonly string[]>> = {
  github: ['.github/workflows/fleet.yml'],
  azure: ['.azure-pipelines/fleet.yml'],
  gitlab: ['.gitlab/entra-fleet.yml', '.gitlab/entra-stack.yml'],
}
const SCRIPT_KEYS: readonly string[] = ['run', 'script', 'bash', 'inlineScript']
const scripts: Readonly<Record<string, string>> = manifest.scripts

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
}

interface Job {
  readonly steps: readonly Step[]
  readonly needs?: string | readonly string[]
  readonly permissions?: Readonly<Record<string, string>>
  readonly environment?: string
  readonly 'timeout-minutes'?: number
}

const read = (file: string) => parse(readFileSync(join(REPOSITORY, file), 'utf8'), { strict: true })

/** The text under one of the keys, or each of a list of texts, wherever it stands. */
function textsUnder(keys: readonly string[], node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]) => {
    const texts = [value].flat().filter((each) => typeof each === 'string')
    return keys.includes(key) && texts.length > 0 ? texts : textsUnder(keys, value)
  })
}

/** What is run through npm, as words; what a shell does with the output is cut off. */
function npmCommands(node: unknown): string[][] {
  const lines = textsUnder(SCRIPT_KEYS, node).flatMap((text) => text.split('\n'))
  return lines.flatMap((line) => {
    const command = /\bnpm (?!run --silent entra-apps --).*$/.exec(line)?.[0].split(/ [|>]/)[0]
    return command ? [command.replaceAll('"', '').trim().split(/\s+/)] : []
  })
}

/** The words that reach our own command line; none for a script that is another program. */
function ownArguments([, verb, ...rest]: readonly string[]): readonly string[] {
  if (verb !== 'run') return []
  const [name = '', ...passed] = rest.filter((word) => word !== '-s')
  expect(Object.keys(scripts), `npm run ${name}`).toContain(name)
  const own = /^node scripts\/main\.js ?(.*)$/.exec(scripts[name] ?? '')?.[1]
  if (own === undefined) return []
  if (passed.length > 0) expect(passed[0], `npm run ${name} ${passed.join(' ')}`).toBe('--')
  return [...own.split(' '), ...passed.slice(1)].filter(Boolean)
}

/** What the action and the templates run, by `command` or by the function `run`: commands with their arguments, as words. */
function ownCommands(node: unknown): string[][] {
  const words = (text: string) =>
    text
      .replaceAll(/\$\{\{.*'(--\w+)'.*\}\}/g, '$1')
      .split(/\s+/)
      .filter(Boolean)
  const called = textsUnder(SCRIPT_KEYS, node).flatMap((text) => [...text.matchAll(/^run ([^>|\n]*)/gm)])
  return [...textsUnder(['command'], node), ...called.map(([, args = '']) => args)]
    .map(words)
    .filter(([first]) => first !== '${{')
}

/** Parses as the command line would, without running anything. */
function judge(args: readonly string[]): { readonly command: string; readonly unknown: readonly string[] } {
  let command: Command = buildProgram(processTerminal(), () => {})
  let rest = [...args]
  for (;;) {
    const next = command.commands.find((each) => each.name() === rest[0])
    if (!next) break
    command = next
    rest = rest.slice(1)
  }
  const { operands, unknown } = command.parseOptions(rest)
  return { command: command.name(), unknown: [...operands, ...unknown] }
}

describe.each(FILES)('%s', (file) => {
  const text = readFileSync(join(REPOSITORY, file), 'utf8')
  const pipeline = read(file)

  it('calls commands with options that exist', () => {
    for (const args of [...npmCommands(pipeline).map(ownArguments), ...ownCommands(pipeline)]) {
      if (args.length === 0) continue
      const found = judge(args)
      expect(found.command, args.join(' ')).not.toBe('entra-apps')
      expect(found.unknown, args.join(' ')).toEqual([])
    }
  })

  it('names exact versions of what it runs from elsewhere', () => {
    for (const [, used] of text.matchAll(/^ *(?:- )?uses: (.*)$/gm)) {
      expect(used).toMatch(/^(\.\/|[\w-]+(\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/)
    }
    for (const task of textsUnder(['task'], pipeline)) expect(task).toMatch(/^\w+@\d+$/)
  })

  it('uses only files that are there', () => {
    const local = textsUnder(['uses'], pipeline).filter((used) => used.startsWith('./'))
    for (const action of local) read(`${action}action.yml`)
    for (const template of textsUnder(['template'], pipeline)) {
      read(template.startsWith('/') ? template.slice(1) : join(dirname(file), template))
    }
  })

  it('installs packages without running their scripts', () => {
    for (const command of npmCommands(pipeline).filter(([, verb]) => verb === 'ci' || verb === 'install')) {
      expect(command).toEqual(['npm', 'ci', '--ignore-scripts'])
    }
  })

  it('logs in without a secret of the deployer', () => {
    expect(JSON.stringify(pipeline)).not.toMatch(/ARM_CLIENT_SECRET|AZURE_CREDENTIALS|servicePrincipalKey/)
  })
})

describe.each(GITHUB)('%s', (file) => {
  const workflow = read(file) as { permissions: unknown; jobs: Record<string, Job> }

  it('gives jobs no more than they need, and an end', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
    for (const [name, job] of Object.entries(workflow.jobs)) {
      expect(job['timeout-minutes'], `timeout of ${name}`).toBeGreaterThan(0)
      for (const needed of [job.needs ?? []].flat()) expect(Object.keys(workflow.jobs)).toContain(needed)
      const logsIn = JSON.stringify(job).includes('ARM_CLIENT_ID')
      const publishes = JSON.stringify(job).includes('npm publish')
      const isTrusted = logsIn || publishes
      expect(job.permissions?.['id-token'], `id-token of ${name}`).toBe(isTrusted ? 'write' : undefined)
      // What trusts a job is tied to its environment, so that no other branch or job can log in or publish.
      expect(job.environment !== undefined, `environment of ${name}`).toBe(isTrusted)
    }
  })

  it('shows a secret to no step but those that run the commands which need it', () => {
    const isSecret = (value: unknown) => JSON.stringify(value ?? '').includes('secrets.')
    for (const [name, { steps, ...job }] of Object.entries(workflow.jobs)) {
      expect(isSecret(job), `secrets of the whole job ${name}`).toBe(false)
      for (const step of steps.filter(isSecret)) {
        const text = step.uses === './' ? `npm run -s ${step.with?.['command']}` : (step.run ?? '')
        const commands = [...text.matchAll(/\bnpm run -s (\w+)/g)].map(([, command]) => command)
        expect(commands.length, name).toBeGreaterThan(0)
        for (const each of commands)
          expect(['up', 'doctor', 'verify', 'rotate', 'report'], name).toContain(each)
        // The set-up runs other people's code, and is done by then.
        expect(steps.indexOf(step), name).toBeGreaterThan(steps.findIndex(({ uses }) => uses === './'))
        expect(isSecret({ ...step, env: undefined }), `secrets outside env in ${name}`).toBe(false)
        const hasToken = step.env?.['GITHUB_TOKEN'] !== undefined
        expect(hasToken, `delivery token of ${text}`).toBe(commands.includes('rotate'))
      }
    }
    expect(isSecret({ ...workflow, jobs: undefined }), 'secrets of the whole workflow').toBe(false)
  })

  it('keeps no token of the repository in the checkout', () => {
    const checkouts = Object.values(workflow.jobs)
      .flatMap(({ steps }) => steps)
      .filter(({ uses }) => uses?.startsWith('actions/checkout@'))
    expect(checkouts.length).toBeGreaterThan(0)
    for (const step of checkouts) expect(step.with).toMatchObject({ 'persist-credentials': false })
  })

  it('writes nothing that others chose into a shell', () => {
    for (const script of textsUnder(SCRIPT_KEYS, workflow)) expect(script).not.toContain('${{')
  })
})

describe.each(PIPELINES.filter((each) => each !== 'none'))('what init writes for %s', (service) => {
  const files = pipelineFiles(service)
  const texts = Object.values(files)

  it('is YAML, and calls commands of the package with options that exist', () => {
    for (const text of texts) parse(text, { strict: true })
    const calls = texts.flatMap((text) => [
      ...ownCommands(parse(text)),
      ...[...text.matchAll(/\bnpx entra-apps ([^\n`|>]*)/g)].map(([, args = '']) =>
        args.replaceAll(/["']/g, '').trim().split(/\s+/),
      ),
    ])
    expect(calls.length).toBeGreaterThan(3)
    for (const args of calls) {
      const found = judge(args)
      expect(found.command, args.join(' ')).not.toBe('entra-apps')
      expect(
        found.unknown.filter((each) => each.startsWith('-')),
        args.join(' '),
      ).toEqual([])
    }
  })

  it('names files that it writes, and none of this repository', () => {
    const nodes = texts.map((text) => parse(text))
    for (const used of textsUnder(['uses'], nodes).filter((each) => each.startsWith('./'))) {
      expect(Object.keys(files)).toContain(`${used.slice(2)}/action.yml`)
    }
    for (const template of textsUnder(['template'], nodes)) {
      const paths = Object.keys(files)
      expect(
        paths.some((path) => paths.includes(join(dirname(path), template))),
        template,
      ).toBe(true)
    }
    for (const text of texts) {
      expect(text).not.toMatch(/npm run (?!--silent entra-apps --)|scripts\/main|engine\/go|'infra\/|\[\[/)
    }
  })
})

const argumentsIn = (files: readonly string[]) =>
  files
    .flatMap((file) => [...npmCommands(read(file)).map(ownArguments), ...ownCommands(read(file))])
    .filter(([command]) => command)
const commandsOf = (files: readonly string[]) =>
  [...new Set(argumentsIn(files).map(([command]) => command))].sort()

it('checks, previews, deploys, proves, rotates and reports on either service', () => {
  const wanted = ['check', 'doctor', 'report', 'rotate', 'up', 'verify']
  expect(commandsOf(GITHUB.filter((file) => !FLEETS.github.includes(file)))).toEqual(wanted)
  expect(commandsOf(['.azure-pipelines/stages.yml'])).toEqual(wanted)
})

describe.each(MATRIX_KINDS)('the pipeline for many stacks on %s', (kind) => {
  const text = FLEETS[kind].map((file) => readFileSync(join(REPOSITORY, file), 'utf8')).join('\n')
  const matrix = renderMatrix(kind, [{ label: 'teams/pay/prod', stack: 'prod', project: 'teams/pay' }])

  it('plans, deploys, proves, rotates, reports and sums up, one stack a job', () => {
    expect(commandsOf(FLEETS[kind])).toEqual(['doctor', 'report', 'rotate', 'stacks', 'up', 'verify'])
    for (const [command, ...args] of argumentsIn(FLEETS[kind])) {
      if (command === 'stacks') continue
      expect(args.slice(args.indexOf('--stacks')), command).toContainEqual(
        expect.stringMatching(/^\$(STACK|PROJECT\/\$STACK)$/),
      )
      // The summary is made of what each job printed, and of the same stacks by the same names.
      expect(args.join(' '), command).toMatch(/--preview|--json/)
      expect(args.join(' '), command).toContain('--below .')
    }
    expect(text).toContain(`--matrix ${kind}`)
    expect(text).toMatch(/npm run -s stacks -- --summary/)
  })

  it('reads of the matrix what is in it', () => {
    const names =
      kind === 'github'
        ? [...text.matchAll(/\bmatrix\.(\w+) \}\}/g)].filter(([, name]) => name !== 'include')
        : [...text.matchAll(/\$(PROJECT|STACK)\b/g)]
    expect(names.length).toBeGreaterThan(1)
    for (const [, name = ''] of names) {
      expect(matrix.toUpperCase(), name).toContain(`"${name.toUpperCase()}":`)
    }
    if (kind === 'github') {
      for (const name of ['max-parallel', 'matrix']) expect(JSON.parse(matrix)).toHaveProperty(name)
    }
    if (kind === 'gitlab') {
      const { include, stack } = JSON.parse(matrix)
      expect(read(include[0].local)).toHaveProperty([stack.extends])
    }
  })
})

it('dependabot looks at every manifest there is', () => {
  const { updates } = read('.github/dependabot.yml') as {
    updates: { 'package-ecosystem': string; directory?: string; directories?: string[] }[]
  }
  const directories = (ecosystem: string) =>
    updates
      .filter((each) => each['package-ecosystem'] === ecosystem)
      .flatMap(({ directory, directories = [] }) => [directory ?? [], directories].flat())
  const goModules = globSync('engine/go/*/go.mod', { cwd: REPOSITORY })
  expect(goModules.length).toBeGreaterThan(0)
  expect(directories('gomod')).toEqual(['/engine/go/*'])
  expect(directories('npm')).toEqual(['/'])
  expect(directories('github-actions')).toEqual(['/'])
})

it('the page on pipelines documents every input, parameter and output', () => {
  const page = readFileSync(join(REPOSITORY, 'docs/pipelines.md'), 'utf8')
  const action = read('action.yml')
  const [component] = readFileSync(join(REPOSITORY, 'templates/pipeline.yml'), 'utf8').split('\n---\n')
  const names = [
    ...Object.keys(action.inputs),
    ...Object.keys(action.outputs),
    ...Object.keys(parse(component ?? '').spec.inputs),
    ...['stages', 'command'].flatMap((file) =>
      read(`.azure-pipelines/${file}.yml`).parameters.map(({ name }: { name: string }) => name),
    ),
  ]
  for (const name of names) expect(page).toContain(`\`${name}\``)
})
