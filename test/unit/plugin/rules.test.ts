import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../plugin/schema/property.ts'
import {
  claimValue,
  logoutUrl,
  publicRedirectUri,
  spaRedirectUri,
  timestamp,
  webRedirectUri,
} from '../../../plugin/schema/rules.ts'

describe('rules', () => {
  it.each<[string, Rule, string[], string[]]>([
    [
      'web redirect URI',
      webRedirectUri,
      [
        'https://a.example.com/',
        'http://localhost:3000/cb',
        'urn:ietf:wg:oauth:2.0:oob',
        'ms-appx-web://x/y',
      ],
      [
        '',
        'nope',
        'https://a.example.com',
        'myapp://auth/',
        'https:///path',
        `https://a.example.com/${'x'.repeat(256)}`,
      ],
    ],
    [
      'SPA redirect URI',
      spaRedirectUri,
      ['https://a.example.com/', 'brk-multihub://a.example.com/'],
      ['urn:ietf:wg:oauth:2.0:oob', 'https://a.example.com', 'myapp://auth/'],
    ],
    [
      'public client redirect URI',
      publicRedirectUri,
      ['myapp://auth', 'http://localhost', 'urn:ietf:wg:oauth:2.0:oob'],
      ['', 'myapp:', 'localhost'],
    ],
    [
      'logout URL',
      logoutUrl,
      ['https://a.example.com'],
      ['a.example.com', `https://a.example.com/${'x'.repeat(240)}`],
    ],
    [
      'claim value',
      claimValue,
      ['', 'Files.Read.All', "a!#$%&'()*+,-./:;<=>?@[]^_`{|}~"],
      ['.dot', 'two words', 'quo"te', 'back\\slash', 'ümlaut', 'x'.repeat(250)],
    ],
    [
      'timestamp',
      timestamp,
      ['2030-01-31T00:00:00Z', '2030-01-31T00:00:00.123+02:00'],
      ['2030-01-31', '2030-13-31T00:00:00Z', '2030-01-31T00:00:00'],
    ],
  ])('%s', (_, rule, allowed, refused) => {
    expect(allowed.map((value) => [value, rule(value)])).toEqual(allowed.map((value) => [value, undefined]))
    expect(refused.filter((value) => rule(value) === undefined)).toEqual([])
  })
})
