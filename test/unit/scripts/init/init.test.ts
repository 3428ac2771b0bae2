import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import manifest from '../../../../package.json' with { type: 'json' }
import { add } from '../../../../scripts/commands/add.ts'
import { check } from '../../../../scripts/commands/check.ts'
import { type InitOptions, init } from '../../../../scripts/commands/init.ts'
import { TEMPLATE } from '../../../../scripts/commands/shared-options.ts'
import { writeFiles } from '../../../../scripts/init/files.ts'
import { PIPELINES } from '../../../../scripts/init/pipelines.ts'
import { readTree } from '../../../support/read-tree.ts'
import { recordingTerminal } from '../../../support/terminal.ts'

const TENANT = '11111111-2222-3333-4444-555555555555'

let projectDir: string
beforeEach(async () => {
  projectDir = await mkdtemp(join(tmpdir(), 'files-'))
})
afterEach(() => rm(projectDir, { recursive: true, force: true }))

async function run(options: Partial<InitOptions> = {}) {
  const terminal = recordingTerminal()
  const context = { projectDir, env: {}, terminal, signal: new AbortController().signal }
  const code = await init({ template: 'daemon', app: 'files', yes: true, ...options }, context)
  return { code, printed: terminal.printed.join('\n'), noted: terminal.noted.join('\n') }
}

function runAdd(name: string, template: string, more: { dryRun?: boolean } = {}) {
  const terminal = recordingTerminal()
  const context = { projectDir, env: {}, terminal, signal: new AbortController().signal }
  const code = add({ name, template, ...more }, context)
  return { code, printed: terminal.printed.join('\n'), noted: terminal.noted.join('\n') }
}

const read = (path: string) => readFile(join(projectDir, path), 'utf8')
async function write(path: string, content: string) {
  await mkdir(dirname(join(projectDir, path)), { recursive: true })
  await writeFile(join(projectDir, path), content)
}

describe('init', () => {
  it('writes a project whose applications pass the rules, from every template', async () => {
    const { code, printed } = await run({ tenant: TENANT })
    expect(code).toBe(0)
    expect(printed).toMatch(/Next:\n {2}npm install\n {2}npx entra-apps demo$/)
    for (const template of TEMPLATE.choices ?? []) expect(runAdd(template, template).code).toBe(0)
    const terminal = recordingTerminal()
    expect(check({ projectDir }, terminal), terminal.printed.join('\n')).toBe(0)
    expect(terminal.printed.join('\n')).not.toMatch(/warning/i)
    expect(parse(await read('Pulumi.dev.yaml'))).toEqual({ config: { 'azuread:tenantId': TENANT } })
    expect(JSON.parse(await read('package.json')).dependencies).toEqual({
      'entra-apps': manifest.version,
      ...manifest.peerDependencies,
    })
  })

  it.each(PIPELINES)('run twice for the pipeline "%s" changes nothing', async (pipeline) => {
    await run({ pipeline })
    const before = await readTree(projectDir)
    const { code, printed } = await run({ pipeline })
    expect(code).toBe(0)
    expect(printed).not.toMatch(/create|add to|differs/)
    expect(await readTree(projectDir)).toEqual(before)
  })

  it('shows the plan before it says that a pipeline needs another place for the state', async () => {
    const terminal = recordingTerminal()
    const order: string[] = []
    const ordered = {
      ...terminal,
      print: () => void order.push('plan'),
      note: (text: string) => void order.push(text),
    }
    const context = { projectDir, env: {}, terminal: ordered, signal: new AbortController().signal }
    await init({ template: 'daemon', app: 'files', yes: true, dryRun: true, pipeline: 'github' }, context)
    expect(order).toEqual(['plan', 'plan', expect.stringContaining('set PULUMI_BACKEND_URL there')])
  })

  it('with --dry-run writes nothing', async () => {
    const { code, printed } = await run({ dryRun: true, pipeline: 'github' })
    expect(code).toBe(0)
    expect(printed).toMatch(/create {3}Pulumi\.yaml[\s\S]*Nothing was written\.$/)
    expect(await readTree(projectDir)).toEqual({})
  })

  it('never overwrites: what differs is shown, and the next commands wait for it', async () => {
    const owned = { 'Pulumi.yaml': 'name: mine\n', 'apps/files.yaml': 'displayName: Mine\n' }
    for (const [path, content] of Object.entries(owned)) await write(path, content)
    const { code, printed, noted } = await run()
    expect(code).toBe(1)
    for (const [path, content] of Object.entries(owned)) expect(await read(path)).toBe(content)
    expect(printed).toContain('  - displayName: Mine\n')
    expect(printed).not.toContain('Next:')
    expect(noted).toContain('Pulumi.yaml, apps/files.yaml: left as they are.')
  })

  it('adds to package.json, .gitignore and editor settings what they lack, and shows that alone', async () => {
    await write(
      'package.json',
      '{\n    "name": "mine",\n    "scripts": {\n        "demo": "mine"\n    }\n}\n',
    )
    await write('.gitignore', '/node_modules\n*.log')
    await write('.vscode/settings.json', '{ "editor.tabSize": 8 }')
    const { code, printed } = await run()
    expect(code).toBe(0)
    expect(JSON.parse(await read('package.json'))).toMatchObject({
      name: 'mine',
      scripts: { demo: 'mine', 'check:apps': 'entra-apps check' },
    })
    expect(await read('package.json')).toMatch(/^ {4}"name": "mine",$/m)
    expect(await read('.gitignore')).toBe('/node_modules\n*.log\n.entra-apps/\n.env\n.env.*\n')
    expect(JSON.parse(await read('.vscode/settings.json'))).toHaveProperty(['editor.tabSize'], 8)
    const shown = /package\.json gets:\n([\s\S]*?)\n\n/.exec(printed)?.[1]
    expect(shown).toContain('"check:apps": "entra-apps check"')
    expect(shown).not.toMatch(/^ {2}-|"mine"/m)
  })

  it('leaves JSON with comments to its owner', async () => {
    const settings = '{\n  // wide\n  "editor.tabSize": 8\n}\n'
    await write('.vscode/settings.json', settings)
    expect((await run()).code).toBe(1)
    expect(await read('.vscode/settings.json')).toBe(settings)
  })

  it.each([
    ['^3.100.0', true],
    ['^3.271.0', false],
    ['workspace:*', false],
  ])('says when package.json asks for @pulumi/pulumi %s: %s', async (range, isSaid) => {
    await write('package.json', JSON.stringify({ devDependencies: { '@pulumi/pulumi': range } }))
    const { noted } = await run()
    const needed = manifest.peerDependencies['@pulumi/pulumi']
    expect(noted.includes(`Run: npm install @pulumi/pulumi@${needed}`)).toBe(isSaid)
    expect(JSON.parse(await read('package.json')).dependencies).not.toHaveProperty('@pulumi/pulumi')
  })

  it('says that a tenant is not written into a stack that exists without it', async () => {
    await run()
    expect((await run({ tenant: TENANT })).noted).toContain('Pulumi.dev.yaml: left as it is')
    await write('Pulumi.dev.yaml', `encryptionsalt: v1:x\nconfig:\n  azuread:tenantId: ${TENANT}\n`)
    expect((await run({ tenant: TENANT })).code).toBe(0)
  })

  it('declares no second application in a project that has some', async () => {
    await write('apps/other.yaml', 'displayName: Other\n')
    const terminal = recordingTerminal()
    const context = { projectDir, env: {}, terminal, signal: new AbortController().signal }
    await init({ template: 'daemon', yes: true }, context)
    expect(Object.keys(await readTree(projectDir)).filter((path) => path.startsWith('apps'))).toEqual([
      'apps/other.yaml',
    ])
  })

  it.each([
    [{ app: 'No Name' }, '--app: "No Name" is not a valid name'],
    [{ tenant: 'contoso' }, '--tenant: "contoso" is not a valid GUID'],
    [{ state: 'floppy' }, '--state: "floppy" must be one of: local, azure-blob'],
    [{ pipeline: 'jenkins' }, '--pipeline: "jenkins" must be one of: github, azure, gitlab, none'],
    [{ stack: 'local' }, '--stack: "local" is the stack of the local tenant'],
  ])('refuses %j and writes nothing', async (options, message) => {
    await expect(run(options)).rejects.toMatchObject({
      code: 'BAD_OPTIONS',
      message: expect.stringContaining(message),
    })
    expect(await readTree(projectDir)).toEqual({})
  })

  it('asks nobody where there is no terminal', async () => {
    await expect(run({ yes: false, tenant: 'later' })).rejects.toMatchObject({
      code: 'NO_TERMINAL',
      message: expect.stringContaining('Give --state, --pipeline, or take the defaults with --yes'),
    })
  })
})

describe('add', () => {
  it('needs a project, and a name that is free', async () => {
    expect(() => runAdd('web', 'web')).toThrow(expect.objectContaining({ code: 'NO_PROJECT' }))
    await run()
    await write('apps/web.yml', 'displayName: Web\n')
    expect(() => runAdd('web', 'web')).toThrow(expect.objectContaining({ code: 'NAME_TAKEN' }))
    expect(() => runAdd('a/b', 'web')).toThrow(expect.objectContaining({ code: 'BAD_OPTIONS' }))
  })

  it('never overwrites an application, and with --dry-run writes none', async () => {
    await run()
    const before = await readTree(projectDir)
    expect(runAdd('files', 'web').code).toBe(1)
    expect(runAdd('phone', 'native', { dryRun: true }).code).toBe(0)
    expect(await readTree(projectDir)).toEqual(before)
  })
})

describe('a file that stands in the way', () => {
  const file = (path: string, existing?: string) =>
    ({ path, action: existing === undefined ? 'create' : 'add', content: 'new', existing }) as const

  it('is not overwritten when it appears meanwhile, and what was written before is named', async () => {
    await write('b', 'somebody was faster')
    expect(() => writeFiles(projectDir, [file('a'), file('b')])).toThrow(
      expect.objectContaining({
        code: 'FILE_CHANGED',
        message: expect.stringContaining('Written before: a.'),
      }),
    )
    expect(await read('b')).toBe('somebody was faster')
  })

  it('names what was written before when one cannot be read any more', async () => {
    await mkdir(join(projectDir, 'b'))
    expect(() => writeFiles(projectDir, [file('a'), file('b')])).toThrow(
      expect.objectContaining({
        code: 'FILE_INACCESSIBLE',
        message: expect.stringMatching(/Cannot read b .*Written before: a\./),
      }),
    )
    expect(() => writeFiles(projectDir, [file('b')])).toThrow(/Nothing was written\./)
  })

  it('stays a link when it is added to', async () => {
    await write('real', 'old')
    await symlink('real', join(projectDir, 'link'))
    writeFiles(projectDir, [file('link', 'old')])
    expect(await read('real')).toBe('new')
  })
})

it('templates have the same names in the options, the folder and the docs', async () => {
  const repository = join(import.meta.dirname, '../../../..')
  const files = await readdir(join(repository, 'scripts/init/templates'))
  const names = files.filter((file) => file.endsWith('.yaml')).map((file) => basename(file, '.yaml'))
  expect([...(TEMPLATE.choices ?? [])].sort()).toEqual(names.sort())
  const docs = await readFile(join(repository, 'docs/library.md'), 'utf8')
  expect(docs).toContain(`# ${TEMPLATE.choices?.join(', ')}\n`)
})
