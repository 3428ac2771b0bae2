import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { graphAddress, graphSender } from '../../../../scripts/proof/connection/graph.ts'

const GRAPH = 'https://graph.microsoft.com'

interface Sent {
  readonly url: URL
  readonly token: string | undefined
  readonly body: string | undefined
}

/** A network that keeps what is sent and answers in turn; with 200 once the answers are used up. */
function network(...answers: Response[]) {
  const sent: Sent[] = []
  const fetch = async (url: unknown, init: RequestInit = {}) => {
    const token = new Headers(init.headers).get('authorization') ?? undefined
    sent.push({ url: new URL(String(url)), token, body: init.body as string | undefined })
    return answers.shift() ?? new Response('{}')
  }
  const ask = graphSender(GRAPH, { fetch: fetch as typeof globalThis.fetch })
  return {
    sent,
    ask: (path: string, method = 'GET', body?: unknown) => ask({ token: 'T', method, path, body }),
  }
}

const redirect = (location: string, status = 302) => new Response(null, { status, headers: { location } })

describe('a token', () => {
  it.each([
    "/applications?$filter=identifierUris/any(u:u eq 'https://api.example.com')",
    "/sites/getByUrl(url='https://contoso.sharepoint.com')",
    '/me@evil.example/x?y=https://',
    '@evil.example/users',
    '//evil.example/users',
    '/\\evil.example/users',
    'https://evil.example/users',
  ])('goes to Graph only, whatever the path holds: %s', async (path) => {
    const { sent, ask } = network()
    await ask(path)
    expect(sent.map(({ url }) => url.origin)).toEqual([GRAPH])
  })

  it('goes to Graph only, for any path there is', () => {
    const address = (path: string) => {
      try {
        return graphAddress(GRAPH, { path }).href
      } catch (error) {
        return (error as { code: string }).code
      }
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (path) => {
        expect(address(path)).toMatch(/^https:\/\/graph\.microsoft\.com\/v1\.0\/|^PATH_OUTSIDE_GRAPH$/)
      }),
    )
  })

  it('does not follow a redirect to another host, though the read does', async () => {
    const { sent, ask } = network(redirect('https://download.example/file'), redirect(`${GRAPH}/v1.0/me`))
    expect(await ask('/drives/1/items/2/content')).toMatchObject({ ok: true, answer: { status: 200 } })
    expect(sent.map(({ url, token }) => [url.origin, token])).toEqual([
      [GRAPH, 'Bearer T'],
      ['https://download.example', undefined],
      [GRAPH, undefined],
    ])
  })

  it.each([302, 307, 308])('nor does the body of a write (%i)', async (status) => {
    const { sent, ask } = network(redirect('https://evil.example/', status))
    const answer = await ask('/applications', 'POST', { secret: 'value' })
    expect(sent).toHaveLength(1)
    expect(answer).toMatchObject({ ok: false, failure: { code: 'REDIRECT_REFUSED' } })
  })

  it('is not sent over plain HTTP, nor round in circles', async () => {
    const plain = network(redirect('http://graph.microsoft.com/v1.0/me'))
    expect(await plain.ask('/me')).toMatchObject({ failure: { code: 'REDIRECT_REFUSED' } })
    const circle = network(...Array.from({ length: 20 }, () => redirect(`${GRAPH}/v1.0/me`)))
    expect(await circle.ask('/me')).toMatchObject({ failure: { code: 'REDIRECT_REFUSED' } })
    expect(circle.sent).toHaveLength(6)
  })
})

it('leaves the version alone: a path cannot climb out of it', () => {
  for (const path of ['/../beta/me', '/%2e%2e/beta/me', '/a/../../x']) {
    expect(() => graphAddress(GRAPH, { path })).toThrow(/is not a path below https:\/\/graph/)
  }
})

it('keeps a # in a filter, which would cut off the rest of it', () => {
  const { href } = graphAddress(GRAPH, { path: "/users?$filter=displayName eq 'C#'&$top=1" })
  expect(href).toBe(`${GRAPH}/v1.0/users?$filter=displayName%20eq%20%27C%23%27&$top=1`)
})

it('does not read an endless answer to its end', async () => {
  let chunks = 0
  const endless = new ReadableStream({
    pull: (controller) => {
      chunks++
      controller.enqueue(new Uint8Array(1024 * 1024))
    },
  })
  const { ask } = network(new Response(endless))
  expect(await ask('/users')).toMatchObject({ ok: false, failure: { code: 'BODY_TOO_LONG' } })
  expect(chunks).toBeLessThan(40)
})
