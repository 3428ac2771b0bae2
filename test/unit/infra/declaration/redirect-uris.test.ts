import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseRedirectUri } from '../../../../infra/declaration/redirect-uris.ts'

describe('normaliseRedirectUri', () => {
  it.each([
    ['https://files.example.com', 'https://files.example.com/'],
    ['https://files.example.com/', 'https://files.example.com/'],
    ['https://files.example.com/cb', 'https://files.example.com/cb'],
    ['http://localhost:3000', 'http://localhost:3000/'],
    ['brk-multihub://files.example.com', 'brk-multihub://files.example.com/'],
    ['brk-multihub://files.example.com/cb', 'brk-multihub://files.example.com/cb'],
    ['msal://auth', 'msal://auth'],
    ['not a uri', 'not a uri'],
  ])('%s → %s', (given, wanted) => expect(normaliseRedirectUri(given)).toBe(wanted))

  it('changes nothing the second time', () => {
    const uri = fc
      .tuple(
        fc.constantFrom('http', 'HTTPS', 'brk-multihub', 'msal'),
        fc.stringMatching(/^[a-z]{1,8}(:\d{1,4})?$/),
        fc.constantFrom('', '/', '/cb', '//', '?q=/', '#f'),
      )
      .map(([scheme, host, rest]) => `${scheme}://${host}${rest}`)
    fc.assert(
      fc.property(uri, (given) => {
        const once = normaliseRedirectUri(given)
        expect(normaliseRedirectUri(once)).toBe(once)
      }),
    )
  })
})
