import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { stackOutputs } from '../../../infra/contract/outputs.ts'
import { publishedApisByName } from '../../../microsoft/apis.ts'
import { checkProject } from '../../../scripts/check/check.ts'
import { renderCheck, renderCheckJson } from '../../../scripts/check/render.ts'
import { renderSarif } from '../../../scripts/check/sarif.ts'
import { graphFailure, loginFailure } from '../../../scripts/proof/catalogue/failure.ts'
import { explain } from '../../../scripts/proof/catalogue/index.ts'
import { judgeProbe, parseProbe } from '../../../scripts/proof/checks/probes.ts'
import { readBatch } from '../../../scripts/proof/connection/batch.ts'
import { DirectoryReader } from '../../../scripts/proof/directory/reader.ts'
import type { GraphRequest } from '../../../scripts/proof/model/ports.ts'
import { readEngineState } from '../../../scripts/stack/engine-state.ts'
import { readOutputs } from '../../../scripts/stack/workspace.ts'
import { NIGHTLY } from '../../support/backends/index.ts'
import { recordingTerminal } from '../../support/terminal.ts'

/** How long and in how much memory: docs/reliability.md. */
const RUNS = { numRuns: NIGHTLY ? 3000 : 150 }

const STACK_TRACE = /^\s+at .*:\d+:\d+/m

/** Names that mean something to JavaScript, to YAML, to pipelines or to us. */
const name = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', 'app', 'a-b', '', '##vso[x]', '::error::', 'a\nb'),
  fc.string({ unit: 'binary', maxLength: 20 }),
)

const settings = [
  'displayName',
  'signInAudience',
  'redirectUris',
  'web',
  'permissions',
  'Microsoft Graph',
  'application',
  'secrets',
  'certificates',
  'generate',
  'deliver',
  'dotenv',
  'file',
  'variable',
  'lifetime',
  'scopes',
  'admin',
  'appRoles',
  'assignments',
  'user',
  'owners',
  'knownClients',
  'identifierUris',
  'suppress',
  'federatedCredentials',
  'claims',
  'logo',
  'verify',
]

const leaf = fc.oneof(
  fc.constantFrom(
    null,
    '90d',
    'grant',
    'https://a.example/',
    'http://me:pw@[::1',
    'AzureADMyOrg',
    '.env',
    '00000000-0000-0000-0000-000000000001',
    'GET /users',
    'EA104',
    -1,
    1e308,
    Number.NaN,
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.boolean(),
  fc.integer(),
)

/** Values in the shape of declarations, more or less. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...settings), name), tie('value'), {
      maxKeys: 6,
      noNullPrototype: true,
    }),
  ),
}))

describe('any declaration is read, or refused with findings', () => {
  const dir = mkdtempSync(join(tmpdir(), 'fuzz-'))
  mkdirSync(join(dir, 'apps'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  const { colors } = recordingTerminal()
  const catalogue = publishedApisByName()
  const check = (stack: string, app: string) => {
    writeFileSync(join(dir, 'Pulumi.dev.yaml'), stack)
    writeFileSync(join(dir, 'apps', 'shared.yaml'), app)
    const report = checkProject({ projectDir: dir, stacks: ['dev'], catalogue })
    expect(renderCheck(report, colors)).not.toMatch(STACK_TRACE)
    JSON.parse(renderCheckJson(report))
    JSON.parse(renderSarif(report))
  }

  it('in the shape of one', { timeout: 120_000 }, () => {
    const apps = fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true })
    fc.assert(
      fc.property(apps, value, (declared, shared) =>
        check(stringify({ config: { 'entra-apps:apps': declared } }), stringify(shared)),
      ),
      RUNS,
    )
  })

  it('in the shape of nothing', { timeout: 120_000 }, () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 })
    const yaml = fc.array(
      fc.constantFrom('a: ', '&a ', '*a', '- ', '[', '{', '? ', '!!', '\n', '  ', '"', '|', '<<: ', '%'),
    )
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          yaml.map((parts) => parts.join('')),
        ),
        (content) => check(content, content),
      ),
      RUNS,
    )
  })
})

/** An error that explains itself: it has a code, and its message holds nothing of what was read. */
async function explained(work: () => unknown): Promise<void> {
  try {
    await work()
  } catch (error) {
    expect(error).toMatchObject({ code: expect.any(String) })
    expect((error as Error).message).not.toMatch(STACK_TRACE)
  }
}

describe('anything that Pulumi prints', () => {
  it('as outputs is read, or refused without a word of it', { timeout: 120_000 }, async () => {
    const outputs = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.jsonValue().map((json) => JSON.stringify(json)),
      fc.record({ apps: value, ledger: value, secretValues: value }).map((json) => JSON.stringify(json)),
    )
    await fc.assert(
      fc.asyncProperty(outputs, async (text) => {
        const pulumi = { read: async () => text, mask: recordingTerminal().mask }
        await explained(() => readOutputs(pulumi as never, undefined))
        expect(() => stackOutputs.safeParse(text)).not.toThrow()
      }),
      RUNS,
    )
  })

  it('as state is read, or refused', { timeout: 120_000 }, async () => {
    const state = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.record({ deployment: value }).map((json) => JSON.stringify(json)),
    )
    await fc.assert(
      fc.asyncProperty(state, (text) => explained(() => readEngineState(text))),
      RUNS,
    )
  })
})

describe('anything that Graph or a proxy answers', () => {
  const now = new Date('2026-06-01T00:00:00Z')
  const body = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.jsonValue().map((json) => JSON.stringify(json)),
    fc
      .record({ error: value, error_codes: value, value, responses: value })
      .map((json) => JSON.stringify(json)),
  )
  const header = fc.option(fc.string({ unit: 'binary', maxLength: 30 }), { nil: undefined })
  const answer = fc
    .record({ status: fc.integer({ min: 200, max: 599 }), body, header })
    .map((each) => ({ ...each, header: () => each.header }))

  it('is explained as a refusal', () => {
    fc.assert(
      fc.property(answer, (each) => {
        for (const failure of [graphFailure(each, now), loginFailure(each, now)]) {
          const { meaning, message, code } = explain(failure)
          expect([typeof meaning, typeof message, typeof code]).toEqual(['string', 'string', 'string'])
          expect(message.length).toBeLessThan(600)
          expect(message).not.toMatch(STACK_TRACE)
        }
        judgeProbe(parseProbe('GET /users'), each, now)
        expect(readBatch(each, 3, now)).toHaveLength(3)
      }),
      RUNS,
    )
  })

  it('is read as an object or a list, or is a failure; lists come to an end', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 3 }), async (answers) => {
        let asked = 0
        let clock = now.getTime()
        const ports = {
          graphUrl: 'https://graph.microsoft.com',
          requestToken: async () => ({ ok: true as const, token: 't' }),
          askGraph: async (_: GraphRequest) => ({
            ok: true as const,
            answer: answers[asked++ % answers.length]!,
          }),
          now: () => new Date(clock),
          sleep: async (ms: number) => {
            clock += ms
          },
          random: () => 0.5,
        }
        const deployer = {
          tenantId: 't',
          clientId: 'c',
          credential: { kind: 'ambient' as const },
          description: '',
        }
        const reader = new DirectoryReader(ports, deployer)
        expect(typeof (await reader.object('/me')).ok).toBe('boolean')
        expect(typeof (await reader.list('/users')).ok).toBe('boolean')
        expect(asked).toBeLessThan(5000)
      }),
      RUNS,
    )
  })
})
