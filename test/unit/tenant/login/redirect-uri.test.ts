import { describe, expect, it } from 'vitest'
import { platformOf, registeredRedirectUris } from '../../../../tenant/login/redirect-uri.ts'

const application = {
  web: {
    redirectUris: [
      'https://files.example.com/callback',
      'https://bare.example.com/',
      'http://localhost:3000/web',
      'https://query.example.com/cb?tenant=1',
      'https://*.apps.example.com/cb',
    ],
  },
  spa: { redirectUris: ['https://spa.example.com/', 'http://127.0.0.1/spa'] },
  publicClient: { redirectUris: ['http://localhost/native', 'msal123://auth', 'urn:ietf:wg:oauth:2.0:oob'] },
}

describe('a redirect URI', () => {
  it.each([
    ['https://files.example.com/callback', 'web'],
    ['HTTPS://Files.Example.COM/callback', 'web'],
    ['https://files.example.com/Callback', undefined],
    ['https://files.example.com/callback/', undefined],
    ['https://files.example.com/x/../callback', undefined],
    ['https://files.example.com/callback?x=1', undefined],
    ['https://files.example.com:444/callback', undefined],
    ['http://files.example.com/callback', undefined],
    ['https://files.example.com.evil.example/callback', undefined],
    ['https://files.example.com@evil.example/callback', undefined],
    ['https://bare.example.com', 'web'],
    ['https://query.example.com/cb?tenant=1', 'web'],
    ['https://query.example.com/cb', undefined],
    ['http://localhost:4000/web', 'web'],
    ['http://localhost/web', 'web'],
    ['https://localhost:4000/web', undefined],
    ['http://localhost:4000/other', undefined],
    ['http://localhost:53682/native', 'publicClient'],
    ['http://127.0.0.1:53682/spa', 'spa'],
    ['http://127.0.0.1:53682/native', undefined],
    ['http://localhost.evil.example/native', undefined],
    ['https://spa.example.com', 'spa'],
    ['msal123://auth', 'publicClient'],
    ['msal123://AUTH', undefined],
    ['urn:ietf:wg:oauth:2.0:oob', 'publicClient'],
    ['https://one.apps.example.com/cb', 'web'],
    ['https://one.two.apps.example.com/cb', undefined],
    ['https://apps.example.com/cb', undefined],
    ['https://evil.example/.apps.example.com/cb', undefined],
    ['https://evil.example?.apps.example.com/cb', undefined],
    ['https://*.apps.example.com/cb', 'web'],
    ['', undefined],
    ['nonsense', undefined],
  ])('%s is found at: %s', (asked, platform) => {
    expect(platformOf(application, asked)).toBe(platform)
  })

  it('is found nowhere in an application that has none', () => {
    expect(platformOf({}, 'https://files.example.com/callback')).toBeUndefined()
    expect(registeredRedirectUris({ web: null, spa: {} })).toEqual([])
  })
})
