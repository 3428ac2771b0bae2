import { describe, expect, it } from 'vitest'
import { DirectoryReader } from '../../../../scripts/proof/directory/reader.ts'
import type { GraphRequest } from '../../../../scripts/proof/model/ports.ts'

const GRAPH = 'https://graph.microsoft.com'

/** A reader of a list whose pages hold one object each. @param next the page after a page, undefined after the last */
function readerOf(next: (page: number) => number | undefined): DirectoryReader {
  const askGraph = async ({ path }: GraphRequest) => {
    const page = Number(/page=(\d+)/.exec(path)?.[1] ?? 0)
    const following = next(page)
    const link = following === undefined ? {} : { '@odata.nextLink': `${GRAPH}/v1.0/users?page=${following}` }
    const body = JSON.stringify({ value: [{ id: String(page) }], ...link })
    return { ok: true as const, answer: { status: 200, header: () => undefined, body } }
  }
  const ports = {
    graphUrl: GRAPH,
    requestToken: async () => ({ ok: true as const, token: 't' }),
    askGraph,
    now: () => new Date(),
    sleep: async () => {},
    random: () => 0.5,
  }
  const credential = { kind: 'ambient' as const }
  return new DirectoryReader(ports, { tenantId: 't', clientId: 'c', credential, description: '' })
}

describe('a list of many pages', () => {
  it('is read to its end', async () => {
    const read = await readerOf((page) => (page < 1499 ? page + 1 : undefined)).list('/users')
    expect(read.ok && read.value.length).toBe(1500)
  })

  it('that leads back to its own pages is a failure, not a list', async () => {
    const read = await readerOf((page) => (page + 1) % 3).list('/users')
    expect(read).toMatchObject({ ok: false, failure: { code: 'NOT_GRAPH' } })
  })
})
