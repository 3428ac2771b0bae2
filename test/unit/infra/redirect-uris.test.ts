import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseRedirectUri } from '../../../infra/redirect-uris.ts'

describe('normaliseRedirectUri', () => {
  it.each([
    ['https://files.example.com', 'https://files.example.com/'],
    ['https://files.example.com/', 'https://files.example.com/'],
    ['https://files.example.com/cb', 'https://files.example.com/cb'],
    ['http://localhost:3000', 'http://localhost:3000/'],
    ['msal://auth', 'msal://auth'],
    ['not a uri', 'not a uri'],
  ])('%s → %s', (given, wanted) => expect(normaliseRedirectUri(given)).toBe(wanted))

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        const once = normaliseRedirectUri(url)
        expect(normaliseRedirectUri(once)).toBe(once)
      }),
    )
  })
})
