import { type ChildProcess, spawn } from 'node:child_process'
import type grpc from '@grpc/grpc-js'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AppDeclaration } from '../../../infra/declaration/schema.ts'
import { Provider } from '../../../plugin/provider.ts'
import { serve } from '../../../plugin/server.ts'
import { mockEngine, type Registered, settled } from '../../unit/infra/mocks.ts'
import { EngineClient } from '../../unit/plugin/engine-client.ts'
import { declarations } from '../../unit/scripts/adopt/arbitrary.ts'

const official = process.env['ENTRA_APPS_AZUREAD_PLUGIN']

/** The same declarations in every run, so that a difference can be looked at again. */
const SEED = 20261128
const DECLARATIONS = 40

/** Texts that validators know: each takes the place of one text of the arguments. */
const ODD_TEXTS = [
  '',
  ' ',
  'plain',
  'x'.repeat(300),
  'http://a.example/cb',
  'https://a.example',
  'https://a.example/#f',
  'urn:a:b',
  'api://a',
  'msal1://auth',
  'ms-appx-web://a/b',
  'ftp://a.example/',
  '00000003-0000-0000-c000-000000000000',
  'not-a-guid',
  'ÄÖ',
]

/** What a program of ours hands to the provider, by type and without doubles. */
async function argumentsOf(declared: readonly AppDeclaration[]): Promise<Registered[]> {
  const { AppRegistration } = await import('../../../infra/registration/app-registration.ts')
  const registered = await mockEngine()
  for (const [i, each] of declared.entries()) {
    const { formerly: _, ...app } = each
    const input = {
      ...app,
      permissions: { 'Microsoft Graph': { application: ['Files.Read.All'], delegated: ['User.Read'] } },
      consent: 'grant' as const,
    }
    try {
      await settled(new AppRegistration(`app-${i}`, input).outputs)
    } catch (error) {
      // Random declarations break rules; what the rules refuse never reaches the provider.
      if ((error as { code?: string }).code !== 'INVALID_DECLARATION') throw error
    }
  }
  const unique = new Map(registered.map((each) => [`${each.type} ${JSON.stringify(each.inputs)}`, each]))
  return [...unique.values()].filter(({ token }) => token.startsWith('azuread:'))
}

describe.skipIf(!official)('the arguments that our program writes, checked by both plugins', () => {
  let child: ChildProcess
  let server: grpc.Server
  let ours: EngineClient
  let theirs: EngineClient
  let all: Registered[]

  beforeAll(async () => {
    const served = await serve(new Provider(), '6.9.1')
    server = served.server
    ours = new EngineClient(served.port)
    child = spawn(String(official), ['127.0.0.1:1'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const port = await new Promise<number>((resolve) =>
      child.stdout?.once('data', (text) => resolve(Number(String(text).trim()))),
    )
    theirs = new EngineClient(port)
    all = await argumentsOf(fc.sample(declarations, { seed: SEED, numRuns: DECLARATIONS }))
  }, 120_000)
  afterAll(() => {
    ours?.close()
    theirs?.close()
    server?.forceShutdown()
    child?.kill()
  })

  const check = async (client: EngineClient, { token }: Registered, news: object) => {
    const urn = `urn:pulumi:test::entra-apps::${token}::it`
    const { inputs, failuresList } = (await client.call('check', { Urn: urn, News: news })) as {
      inputs: object
      failuresList: { property: string }[]
    }
    return { inputs: sorted(inputs), failures: failuresList.length > 0 }
  }

  /** What changes of the arguments: the official plugin also lists what the directory will compute anew. */
  const diff = async (client: EngineClient, each: Registered, before: Registered) => {
    const urn = `urn:pulumi:test::entra-apps::${each.token}::it`
    const [olds, news] = [await check(client, each, before.inputs), await check(client, each, each.inputs)]
    const { diffsList, replacesList, changes } = (await client.call('diff', {
      Urn: urn,
      Id: 'x',
      Olds: { ...(olds.inputs as object), id: 'x' },
      News: news.inputs,
    })) as { diffsList: string[]; replacesList: string[]; changes: number }
    const given = new Set([...Object.keys(before.inputs), ...Object.keys(each.inputs)])
    const names = (list: readonly string[]) =>
      [...new Set(list)]
        .filter((name) => given.has(name))
        .sort()
        .join()
    return `${changes} ${names(diffsList)} replaces ${names(replacesList)}`
  }

  it('come back the same', async () => {
    expect(new Set(all.map(({ type }) => type)).size).toBeGreaterThan(5)
    for (const each of all) {
      const [a, b] = await Promise.all([check(ours, each, each.inputs), check(theirs, each, each.inputs)])
      expect(a, each.token).toEqual(b)
    }
  })

  it('differ in the same members from what was deployed before', async () => {
    const differences: string[] = []
    // The official plugin compares applications only once it is logged in; plugin-swap.test.ts does that.
    const others = all.filter(({ type }) => type !== 'Application')
    for (const [, same = []] of Object.entries(Object.groupBy(others, ({ token }) => token))) {
      for (const [i, each] of same.entries()) {
        const before = same[(i + 1) % same.length] ?? each
        const [a, b] = await Promise.all([diff(ours, each, before), diff(theirs, each, before)])
        if (a !== b) differences.push(`${each.type}: ours ${a}, theirs ${b}`)
      }
    }
    expect(differences).toEqual([])
  }, 120_000)

  it('are refused by both or by neither when a text is odd', async () => {
    const texts = textsIn(all)
    expect(texts.length).toBeGreaterThan(40)
    const differences: string[] = []
    for (const { resource, path } of texts) {
      for (const text of ODD_TEXTS) {
        const news = replaced(resource.inputs, path, text) as object
        const [a, b] = await Promise.all([check(ours, resource, news), check(theirs, resource, news)])
        if (a.failures !== b.failures)
          differences.push(
            `${resource.type} ${path.join('.')} ${JSON.stringify(text)}: ours ${a.failures}, theirs ${b.failures}`,
          )
      }
    }
    expect(differences).toEqual([])
  }, 120_000)
})

/** Texts in the arguments, by their path; those of one list or of different applications count once. */
function textsIn(all: readonly Registered[]): { resource: Registered; path: string[] }[] {
  const found = new Map<string, { resource: Registered; path: string[] }>()
  const visit = (resource: Registered, node: unknown, path: string[]) => {
    if (typeof node === 'string') {
      const key = `${resource.token} ${path.map((step) => (/^\d+$/.test(step) ? '*' : step)).join('.')}`
      if (!found.has(key)) found.set(key, { resource, path })
    } else if (typeof node === 'object' && node !== null) {
      for (const [step, each] of Object.entries(node)) visit(resource, each, [...path, step])
    }
  }
  for (const each of all) visit(each, each.inputs, [])
  return [...found.values()]
}

function replaced(node: unknown, [step, ...rest]: readonly string[], text: string): unknown {
  if (step === undefined) return text
  const copy: Record<string, unknown> = Array.isArray(node) ? ([...node] as never) : { ...(node as object) }
  copy[step] = replaced(copy[step], rest, text)
  return copy
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  )
}
