import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectStatus, openTenant, type TestTenant } from './client.ts'

let at: TestTenant

beforeAll(async () => {
  at = await openTenant()
})
afterAll(() => at.close())

describe('redirect URIs', () => {
  it.each([
    ['web', 'urn:ietf:wg:oauth:2.0:oob'],
    ['web', 'http://localhost:8080/callback'],
    ['spa', 'brk-multihub://addin.contoso.com'],
    ['spa', 'brk-multihub://addin.contoso.com/'],
    ['publicClient', 'urn:ietf:wg:oauth:2.0:oob'],
  ])('under %s can be %s', async (platform, uri) => {
    const body = { displayName: 'redirects', [platform]: { redirectUris: [uri] } }
    const { id } = expectStatus(await at.graph('POST', '/applications', body), 201)
    const read = expectStatus(await at.graph('GET', `/applications/${id}`), 200)
    expect(read[platform].redirectUris).toEqual([uri])
  })
})
