import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PLATFORMS } from '../../../infra/declaration/redirect-uris.ts'
import { readAppDeclaration } from '../../../infra/rules/validate.ts'
import { mapValues } from '../../../lib/map-values.ts'
import { publicRedirectUri, spaRedirectUri, webRedirectUri } from '../../../plugin/schema/rules.ts'
import { isCase } from '../../unit/infra/rules/case.ts'
import { redirectUriCases } from '../../unit/infra/rules/redirect-uri-cases.ts'
import { type Answer, expectStatus, openTenant, type TestTenant } from './client.ts'

let at: TestTenant

beforeAll(async () => {
  at = await openTenant()
})
afterAll(() => at.close())

describe('redirect URIs', () => {
  it.each([
    ['web', 'urn:ietf:wg:oauth:2.0:oob'],
    ['web', 'http://localhost:8080/callback'],
    ['web', 'ms-appx-web://Microsoft.AAD.BrokerPlugin/3adc1883-8036-40a8-9c4f-49f2b11f0a73'],
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

describe('the rules of declarations', () => {
  const clientId = 'eb1d60a2-4ab5-4fa9-b53d-0a62f2e8d29c'
  const allowed = Object.entries(redirectUriCases).flatMap(([code, { pass }]) =>
    pass.flatMap((given) => {
      const read = readAppDeclaration('app', { displayName: code, ...(isCase(given) ? given.app : given) })
      return read.ok ? [read.value] : []
    }),
  )

  it.each(allowed)('let pass what is taken: $displayName $redirectUris', async (app) => {
    const { displayName, redirectUris } = app
    const platforms = mapValues(redirectUris, (uris) => ({
      redirectUris: uris.map((uri) => uri.replaceAll('{clientId}', clientId)),
    }))
    expectStatus(await at.graph('POST', '/applications', { displayName, ...platforms }), 201)
  })

  const byProvider = { web: webRedirectUri, spa: spaRedirectUri, publicClient: publicRedirectUri }
  it.each(allowed)('let pass what the provider takes: $displayName $redirectUris', ({ redirectUris }) => {
    const refused = PLATFORMS.flatMap((platform) =>
      redirectUris[platform].flatMap(
        (uri) => byProvider[platform](uri.replaceAll('{clientId}', clientId)) ?? [],
      ),
    )
    expect(refused).toEqual([])
  })
})

describe('web.redirectUriSettings', () => {
  const uris = ['https://a.example.com/', 'https://b.example.com/']
  const create = async (web: object) =>
    expectStatus(await at.graph('POST', '/applications', { displayName: 'indexed', web }), 201)

  it('has an entry for each URI, with the index that was given', async () => {
    const redirectUriSettings = [{ uri: uris[1], index: 3 }]
    const { id, web } = await create({ redirectUris: uris, redirectUriSettings })
    expect(web.redirectUriSettings).toEqual([
      { uri: uris[0], index: null },
      { uri: uris[1], index: 3 },
    ])
    const change = { web: { redirectUris: [uris[1], 'https://c.example.com/'] } }
    expectStatus(await at.graph('PATCH', `/applications/${id}`, change), 204)
    const read = expectStatus(await at.graph('GET', `/applications/${id}`), 200)
    expect(new Map(read.web.redirectUriSettings.map((each: Answer) => [each.uri, each.index]))).toEqual(
      new Map([
        [uris[1], 3],
        ['https://c.example.com/', null],
      ]),
    )
  })

  it('is refused for a URI that the application does not have', async () => {
    const web = { redirectUris: [uris[0]], redirectUriSettings: [{ uri: uris[1], index: 1 }] }
    const answer = await at.graph('POST', '/applications', { displayName: 'stray', web })
    expect(expectStatus(answer, 400).error.details[0].target).toBe('web.redirectUriSettings')
  })
})
