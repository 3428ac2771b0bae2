import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { mergeDeclaration } from '../../../../infra/declaration/merge.ts'
import { mergeApps, readStackDeclaration } from '../../../../infra/declaration/stack-declaration.ts'
import { readDeclaration } from '../../../../infra/rules/validate.ts'
import { renderSettings, settingsOf } from '../../../../scripts/check/show-declaration.ts'
import { configShow } from '../../../../scripts/commands/config-show.ts'
import { recordingTerminal } from '../../../support/terminal.ts'
import { project } from './project.ts'

const repository = resolve(import.meta.dirname, '../../../..')

const SHARED = `displayName: Shared
notes: for everyone
redirectUris:
  web: [https://a.example/, https://b.example/]
secrets:
  main: { displayName: Main, lifetime: 90d }
`
const STACK = `config:
  azuread:environment: china
  entra-apps:apps:
    shared:
      displayName: Shared in China
      notes: null
      redirectUris: { web: [https://c.example/] }
    own: { displayName: Own }
`

describe('mergeDeclaration', () => {
  it('merges mappings, replaces lists, and takes out what is null', () => {
    expect(
      mergeDeclaration({ a: { b: 1, c: [1, 2], d: 4 }, e: 5 }, { a: { c: [3], d: null }, f: 6 }),
    ).toEqual({
      a: { b: 1, c: [3] },
      e: 5,
      f: 6,
    })
  })

  it('keeps what is not overridden, and yields nothing that is null', () => {
    const value = fc.letrec((tie) => ({
      leaf: fc.oneof(fc.string(), fc.integer(), fc.array(fc.string(), { maxLength: 3 })),
      tree: fc.dictionary(fc.string({ maxLength: 3 }), fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('tree'))),
    })).tree
    fc.assert(
      fc.property(value, value, (shared, own) => {
        expect(mergeDeclaration(shared, {})).toEqual(shared)
        expect(mergeDeclaration(shared, own)).toMatchObject(own as object)
        expect(mergeDeclaration(mergeDeclaration(shared, own), own)).toEqual(mergeDeclaration(shared, own))
      }),
    )
  })
})

describe('a stack over shared applications', () => {
  it('is merged the same way from files and from the settings that Pulumi hands over', async () => {
    const dir = await project({ 'apps/shared.yaml': SHARED, 'Pulumi.cn.yaml': STACK })
    const declared = readStackDeclaration(dir, 'cn')
    expect(declared.value).toEqual(mergeApps(dir, parse(STACK).config['entra-apps:apps']))
    expect(declared.value).toEqual({
      shared: {
        displayName: 'Shared in China',
        redirectUris: { web: ['https://c.example/'] },
        secrets: { main: { displayName: 'Main', lifetime: '90d' } },
      },
      own: { displayName: 'Own' },
    })
  })

  it('shows where each setting is written', async () => {
    const dir = await project({ 'apps/shared.yaml': SHARED, 'Pulumi.cn.yaml': STACK })
    const declared = readStackDeclaration(dir, 'cn')
    const result = readDeclaration(declared.value)
    if (!result.ok) throw new Error('the declaration is right')
    const lines = renderSettings(settingsOf(result.value, declared))
      .split('\n')
      .map((line) => line.replace(/ +# /, ' # '))
    expect(lines).toContain('apps.shared.displayName: "Shared in China" # Pulumi.cn.yaml:5')
    expect(lines).toContain('apps.shared.redirectUris.web: ["https://c.example/"] # Pulumi.cn.yaml:7')
    expect(lines).toContain('apps.shared.secrets.main.lifetime: "90d" # apps/shared.yaml:6')
    expect(lines).toContain('apps.shared.signInAudience: "AzureADMyOrg" # default')
    expect(lines.some((line) => line.startsWith('apps.shared.notes'))).toBe(false)
  })

  it('shows identities beside applications', async () => {
    const dir = await project({
      'identities/jobs.yaml': 'name: jobs\n',
      'Pulumi.cn.yaml': 'config:\n  entra-apps:identities:\n    jobs: { directoryRoles: [Reports Reader] }\n',
    })
    const terminal = recordingTerminal()
    expect(configShow({ projectDir: dir }, {}, terminal)).toBe(0)
    const lines = terminal.printed.join('\n').replaceAll(/ +# /g, ' # ')
    expect(lines).toContain('identities.jobs.name: "jobs" # identities/jobs.yaml:1')
    expect(lines).toContain('identities.jobs.directoryRoles: ["Reports Reader"] # Pulumi.cn.yaml:3')
  })

  it('takes a shared application out with null', async () => {
    const dir = await project({ 'apps/shared.yaml': SHARED })
    expect(mergeApps(dir, { shared: null, own: {} })).toEqual({ own: {} })
  })
})

describe('the JSON Schemas for editors', () => {
  const schema = (name: string) => {
    const text = readFileSync(join(repository, `docs/schemas/${name}.schema.json`), 'utf8')
    return {
      text,
      validate: new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(text)),
    }
  }

  it.each(['dev', 'local'])('take Pulumi.%s.yaml as it is, which names them', (stack) => {
    const text = readFileSync(join(repository, `Pulumi.${stack}.yaml`), 'utf8')
    const { validate } = schema('stack')
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true)
    expect(text).toMatch(/^# yaml-language-server: \$schema=docs\/schemas\/stack\.schema\.json$/m)
  })

  it('ask for what an application needs, and nothing of a stack that only overrides', () => {
    expect(schema('app').validate({})).toBe(false)
    expect(schema('app').validate(parse(SHARED))).toBe(true)
    const { validate } = schema('stack')
    expect(validate(parse(STACK)), JSON.stringify(validate.errors)).toBe(true)
    expect(validate({ config: { 'entra-apps:apps': { app: { displayNam: 'x' } } } })).toBe(false)
  })

  it('suggest permission names and take others', () => {
    const { text, validate } = schema('app')
    expect(text).toContain('"Files.Read.All"')
    const app = (permissions: object) => ({ displayName: 'x', permissions })
    expect(validate(app({ 'Microsoft Graph': { application: ['Brand.New.All'] } }))).toBe(true)
    expect(validate(app({ 'Microsoft Graph': { aplication: [] } }))).toBe(false)
    expect(validate(app({ 'Another API': { delegated: ['x'] } }))).toBe(true)
  })
})
