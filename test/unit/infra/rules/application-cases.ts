import { type Cases, type Declared, many, named, PERSONAL, text } from './case.ts'

const secret = { displayName: 's', lifetime: '90d' }
const logout = (logoutUrl: string): Declared => ({ web: { logoutUrl } })
const items = (count: number): Declared => ({ tags: many(count, (i) => `t${i}`) })

const PNG = '\x89PNG\r\n\x1a\n'
const image = (start: string, bytes: number) => Buffer.concat([Buffer.from(start, 'latin1')], bytes)
const logo = (file: Uint8Array | undefined) => ({
  app: { logo: 'logo.png' },
  context: { read: (name: string) => (name === 'logo.png' ? file : undefined) },
})

export const applicationCases: Cases = {
  EA121: {
    pass: [{}, logout('https://a.example/out')],
    fail: [logout('http://a.example/out'), logout('out')],
  },
  EA122: {
    pass: [logout(text(255, 'https://a.example/'))],
    fail: [logout(text(256, 'https://a.example/'))],
  },
  EA123: {
    pass: [{ web: { homepage: 'https://a.example' }, info: { support: 'http://a.example/help' } }],
    fail: [{ web: { homepage: 'a.example' } }, { info: { termsOfService: 'mailto:a@a.example' } }],
  },
  EA124: { pass: [{}], fail: [{ web: { implicitGrant: { idTokens: true } } }] },
  EA125: {
    pass: [{ fallbackPublicClient: true }, { secrets: { main: secret } }],
    fail: [{ fallbackPublicClient: true, secrets: { main: secret } }],
  },
  EA201: {
    pass: [{ displayName: text(120) }, { ...PERSONAL, displayName: text(121) }],
    fail: [{ displayName: text(121) }],
  },
  EA202: {
    pass: [{ ...PERSONAL, displayName: text(90) }, { displayName: text(91) }],
    fail: [{ ...PERSONAL, displayName: text(91) }],
  },
  EA203: {
    pass: [{ app: { displayName: 'A' }, others: { other: { displayName: 'B' } } }],
    fail: [{ app: { displayName: 'A' }, others: { other: { displayName: 'a' } } }],
  },
  EA204: {
    pass: [{ notes: text(1024), servicePrincipal: { description: text(1024) } }],
    fail: [{ description: text(1025) }, { servicePrincipal: { notes: text(1025) } }],
  },
  EA205: { pass: [items(1000), items(1201)], fail: [items(1001), items(1200)] },
  EA206: { pass: [items(1200)], fail: [items(1201)] },
  EA207: {
    pass: [{ owners: many(99, (i) => `u${i}@a.example`) }],
    fail: [{ owners: many(100, (i) => `u${i}@a.example`) }],
  },
  EA208: {
    pass: [{ tags: ['x', text(256)] }],
    fail: [{ tags: [''] }, { servicePrincipal: { tags: [text(257)] } }],
  },
  EA209: { pass: [{ tags: ['a-b'] }], fail: [{ tags: ['a b'] }] },
  EA210: {
    pass: [{ tags: ['a', 'b'], servicePrincipal: { tags: ['a'] } }],
    fail: [{ tags: ['a', 'A'] }, { servicePrincipal: { tags: ['a', 'a'] } }],
  },
  EA211: {
    pass: [{ ...PERSONAL, secrets: { a: secret } }, { secrets: { a: secret, b: secret, c: secret } }],
    fail: [{ ...PERSONAL, secrets: { a: secret, b: secret } }],
  },
  EA212: {
    pass: [{ ...PERSONAL }, { ...PERSONAL, accessTokenVersion: 2 }, { accessTokenVersion: 1 }],
    fail: [{ ...PERSONAL, accessTokenVersion: 1 }],
  },
  EA213: {
    pass: [{ app: {}, context: { cloud: 'china' } }, PERSONAL],
    fail: [{ app: PERSONAL, context: { cloud: 'usgovernment' } }],
  },
  EA214: {
    pass: [
      { app: {}, after: named(124, {}) },
      { app: {}, others: named(200, {}) },
    ],
    fail: [{ app: {}, after: named(125, {}) }],
  },
  EA215: {
    pass: [
      {},
      ...[PNG, '\xff\xd8\xff\xe0', 'GIF87a', 'GIF89a'].map((start) => logo(image(start, 100 * 1024))),
    ],
    fail: [logo(undefined), logo(image('<svg>', 100)), logo(image(PNG, 100 * 1024 + 1))],
  },
  EA216: {
    pass: [
      { app: {}, after: named(99, {}) },
      { app: {}, others: named(200, {}) },
    ],
    fail: [{ app: {}, after: named(100, {}) }],
  },
}
