import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkRedirectUris, normaliseRedirectUri, type RedirectUris } from '../../../infra/redirect-uris.ts'

const uris = (given: Partial<RedirectUris>): RedirectUris => ({
  web: [],
  spa: [],
  publicClient: [],
  ...given,
})
const messages = (given: Partial<RedirectUris>) =>
  checkRedirectUris(uris(given)).map(({ message }) => message)

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

describe('checkRedirectUris accepts', () => {
  it.each([
    ['https anywhere', { web: ['https://files.example.com/cb?tenant=1'] }],
    ['http on localhost', { spa: ['http://localhost:5173/'] }],
    ['http on 127.0.0.1', { web: ['http://127.0.0.1:8080/cb'] }],
    ['a scheme of its own for a native app', { publicClient: ['myapp://auth'] }],
    ['paths that differ only in case', { web: ['https://a.example/CB', 'https://a.example/cb'] }],
    ['256 characters', { web: [`https://a.example/${'x'.repeat(238)}`] }],
    ['256 URIs', { web: Array.from({ length: 256 }, (_, i) => `https://a.example/${i}`) }],
  ])('%s', (_, given) => expect(messages(given)).toEqual([]))
})

describe('checkRedirectUris refuses', () => {
  it.each([
    [
      'http to a public host',
      { web: ['http://files.example.com/cb'] },
      /http to a host other than this computer/,
    ],
    ['a relative URI', { web: ['/cb'] }, /not an absolute URI/],
    ['a fragment', { spa: ['https://a.example/#/cb'] }, /has a fragment/],
    ['a wildcard host', { web: ['https://*.example.com/cb'] }, /wildcard host/],
    ['[::1]', { web: ['http://[::1]:3000/'] }, /does not support/],
    ['credentials', { web: ['https://me:pw@a.example/'] }, /user name or password/],
    ['an unsupported character', { web: ['https://a.example/cb;x'] }, /contains ";"/],
    ['a scheme of its own for the web', { web: ['myapp://auth'] }, /web accepts https/],
    ['257 characters', { web: [`https://a.example/${'x'.repeat(239)}`] }, /257 characters/],
    [
      '257 URIs',
      { web: Array.from({ length: 257 }, (_, i) => `https://a.example/${i}`) },
      /257 redirect URIs/,
    ],
    ['the same URI twice', { web: ['https://a.example/', 'https://a.example/'] }, /listed twice/],
    [
      'the same URI on two platforms',
      { web: ['https://a.example/'], spa: ['https://a.example/'] },
      /listed twice/,
    ],
    [
      'loopback ports apart',
      { web: ['http://localhost:1/'], spa: ['http://localhost:2/'] },
      /ignores loopback ports/,
    ],
  ])('%s', (_, given, wanted) => {
    expect(messages(given)).toEqual([expect.stringMatching(wanted)])
  })

  it('never says the user name or password of a URI', () => {
    expect(JSON.stringify(checkRedirectUris(uris({ web: ['https://me:hunter2@a.example/'] })))).not.toContain(
      'hunter2',
    )
  })

  it('points at the entry', () => {
    const problems = checkRedirectUris(uris({ spa: ['https://a.example/', 'http://b.example/'] }))
    expect(problems.map(({ path }) => path)).toEqual([['spa', 1]])
  })
})
