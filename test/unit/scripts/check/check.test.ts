import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Ajv } from 'ajv'
import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import { publishedApisByName } from '../../../../microsoft/apis.ts'
import { checkProject, stacksOf } from '../../../../scripts/check/check.ts'
import { renderCheck } from '../../../../scripts/check/render.ts'
import { renderSarif } from '../../../../scripts/check/sarif.ts'
import { check } from '../../../../scripts/commands/check.ts'
import { recordingTerminal } from '../../../support/terminal.ts'
import { project } from './project.ts'

const DEV = `config:
  entra-apps:apps:
    one:
      displayName: One
      redirectUris:
        web: ["http://public.example/cb"]
      permissions:
        Microsoft Graph:
          application: [Files.Raed.All]
    shared:
      notes: of dev
      tags: [a b]
`
const PROD = `config:
  entra-apps:apps:
    shared:
      redirectUris: { web: ["https://a.example/"] }
`
const SHARED = `displayName: Shared
redirectUris:
  web: [/relative]
  spa:
    - https://b.example/#x
`

const files = { 'Pulumi.dev.yaml': DEV, 'Pulumi.prod.yaml': PROD, 'apps/shared.yaml': SHARED }
const report = async (given: Readonly<Record<string, string>> = files) => {
  const projectDir = await project(given)
  return checkProject({ projectDir, stacks: stacksOf(projectDir), catalogue: publishedApisByName() })
}

describe('check', () => {
  it('finds mistakes in identities, too, where they are written', async () => {
    const { findings } = await report({
      'Pulumi.dev.yaml': 'config:\n  entra-apps:identities:\n    jobs: { directoryRoles: [Exchang] }\n',
      'identities/jobs.yaml':
        'name: jobs\npermissions:\n  Microsoft Graph: { application: [User.Raed.All] }\n',
    })
    expect(findings.map(({ code, place }) => [code, `${place.file}:${place.line}`])).toEqual([
      ['EA609', 'identities/jobs.yaml:3'],
      ['EA614', 'Pulumi.dev.yaml:3'],
    ])
  })

  it('finds each mistake in the file and line where it is written, with the stacks that have it', async () => {
    const { findings } = await report()
    expect(
      findings.map(({ code, place, stacks }) => [
        code,
        `${place.file}:${place.line}:${place.column}`,
        ...stacks,
      ]),
    ).toEqual([
      ['EA101', 'apps/shared.yaml:3:9', 'dev'],
      ['EA104', 'apps/shared.yaml:5:7', 'dev', 'prod'],
      ['EA109', 'Pulumi.dev.yaml:6:15', 'dev'],
      ['EA609', 'Pulumi.dev.yaml:9:25', 'dev'],
      ['EA209', 'Pulumi.dev.yaml:12:14', 'dev'],
    ])
  })

  it('reports an unknown API beside a mistake of form', async () => {
    const app =
      'displayName: A\ntypo: x\npermissions: { Microsoft Grph: { application: [Files.Read.All] } }\n'
    const { findings } = await report({ 'Pulumi.dev.yaml': 'config: {}\n', 'apps/a.yaml': app })
    expect(findings.map(({ code }) => code).sort()).toEqual(['EA001', 'EA610'])
  })

  it('reports a file that is not valid YAML with its line', async () => {
    const { findings } = await report({ 'Pulumi.dev.yaml': 'config:\n  a: [1\n  b: 2\n' })
    expect(findings).toMatchObject([{ code: 'EA001', place: { file: 'Pulumi.dev.yaml' } }])
    expect(findings[0]?.place.line).toBeGreaterThan(1)
  })

  it('says place, code, path, mistake and fix on two lines, and the sum last', async () => {
    const lines = renderCheck(await report(), pc.createColors(false)).split('\n')
    expect(lines.slice(0, 2)).toEqual([
      'apps/shared.yaml:3:9 error EA101 apps.shared.redirectUris.web[0]: "/relative" is not an absolute URI.',
      '    → write it with scheme and host, as in https://host/path.',
    ])
    expect(lines.at(-1)).toBe('4 errors, 1 warning in 2 stacks (dev, prod).')
  })

  it.each([
    ['errors', files, 1],
    [
      'warnings only',
      { 'Pulumi.dev.yaml': `${DEV.replace('http:', 'https:').replace('a b', 'ab')}      displayName: S\n` },
      0,
    ],
  ])('ends with the right code on %s', async (_, given, code) => {
    const projectDir = await project(given)
    const terminal = recordingTerminal()
    expect(check({ projectDir, json: true }, terminal)).toBe(code)
    expect(JSON.parse(terminal.printed.join('')).findings).not.toEqual([])
  })

  it('refuses a stack that the project does not have', async () => {
    const projectDir = await project(files)
    expect(() => check({ projectDir, stack: 'prd' }, recordingTerminal())).toThrow(
      /no stack "prd".*: dev, prod/,
    )
  })

  it('writes SARIF 2.1.0', async () => {
    const log = JSON.parse(renderSarif(await report()))
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(
      sarifSchema(),
    )
    expect(validate(log), JSON.stringify(validate.errors)).toBe(true)
    expect(validate({ ...log, version: '2.0' })).toBe(false)
    const [run] = log.runs
    expect(run.results.length).toBe(5)
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId)
    expect(run.results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'apps/shared.yaml', uriBaseId: 'PROJECT' },
      region: { startLine: 3, startColumn: 9 },
    })
  })
})

/** The schema as OASIS publishes it, made readable for a validator of a later JSON Schema draft. */
function sarifSchema(): object {
  const main = createRequire(import.meta.url).resolve('@microsoft/jest-sarif')
  const file = join(dirname(main), 'schemas/sarif-2.1.0-rtm.5.json')
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(file, 'utf8'))
  return schema
}
