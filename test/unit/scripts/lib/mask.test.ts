import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Mask } from '../../../../scripts/lib/mask.ts'

const SECRET = 'q~8Q"é+/abc~DEF%g<hi'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const hex = (text: string) => Buffer.from(text).toString('hex')

/** What `System.Text.Json` writes. */
const net = (text: string) =>
  JSON.stringify(text).replace(/\\"|[^ -~]|[&'+<>`]/g, (found) => {
    const unit = found.at(-1)!.charCodeAt(0).toString(16).toUpperCase()
    return `\\u${unit.padStart(4, '0')}`
  })

it.each<[string, (text: string) => string]>([
  ['itself', (text) => text],
  ['in a URL', encodeURIComponent],
  [
    'in a URL, with small letters',
    (text) => encodeURIComponent(text).replace(/%../g, (c) => c.toLowerCase()),
  ],
  ['in a form', (text) => new URLSearchParams({ secret: text }).toString()],
  ['in JSON', (text) => JSON.stringify(text)],
  ['in the JSON of Go', (text) => JSON.stringify(text).replaceAll('<', '\\u003c')],
  ['in the JSON of .NET', net],
  ['in JSON in JSON', (text) => JSON.stringify(JSON.stringify({ text }))],
  ['in base64', base64],
  ['in base64 for URLs', (text) => Buffer.from(text).toString('base64url')],
  ['in hexadecimal', hex],
  ['in capital hexadecimal', (text) => hex(text).toUpperCase()],
  ['in XML', (text) => text.replaceAll('"', '&quot;').replaceAll('<', '&lt;')],
])('replaces a secret %s, alone and behind a user of any length', (_, encode) => {
  const mask = new Mask()
  mask.add(SECRET)
  for (const before of ['', 'a:', 'ab:', 'abc:', '11111111-2222-4333-8444-555555555555:']) {
    const form = encode(`${before}${SECRET}`)
    const own = encode(`${before}${SECRET}`).slice(encode(before).length)
    const masked = mask.apply(`before ${form} after`)
    expect(masked).toMatch(/^before .*\*\*\*.* after$/)
    for (let i = 0; i + 8 <= own.length; i++) expect(masked).not.toContain(own.slice(i, i + 8))
  }
})

it('replaces a key in base64 that is wrapped into lines, wherever it stands in there', () => {
  const key = Array.from({ length: 26 }, (_, i) => `${i}`.padEnd(64, 'MIIEvQ/Bk+q')).join('\n')
  const mask = new Mask()
  mask.add(key)
  for (const width of [64, 76]) {
    for (const before of ['', 'x', 'xy']) {
      const wrapped = base64(before + key).match(new RegExp(`.{1,${width}}`, 'g'))!
      const shown = mask.apply(wrapped.join('\n')).split('\n')
      expect(shown.filter((line) => line !== '***' && line.length > 40)).toEqual([])
    }
  }
})

it('takes time for the text, not for the number of secrets', () => {
  const mask = new Mask()
  mask.add(...Array.from({ length: 3000 }, (_, i) => createHash('sha256').update(`${i}`).digest('base64url')))
  const text = `${'aB3/'.repeat(250_000)} ${'nothing to see here '.repeat(50_000)}`
  const started = performance.now()
  expect(mask.apply(text)).toBe(text)
  expect(performance.now() - started).toBeLessThan(3000)
})

it('replaces anything that looks like a token', () => {
  const jwt = 'eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl'
  expect(new Mask().apply(`Bearer ${jwt}, again ${jwt}.`)).toBe('Bearer ***, again ***.')
})

it('leaves nothing of any secret in any text', () => {
  const secret = fc.string({ minLength: 8, maxLength: 40 })
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), fc.string(), (secrets, around) => {
      const mask = new Mask()
      mask.add(...secrets)
      const masked = mask.apply(`${around}${secrets.join(around)}${around}`)
      for (const each of secrets) if (!'***'.includes(each)) expect(masked).not.toContain(each)
    }),
  )
})

it('replaces each line of a key, which may be quoted line by line', () => {
  const lines = [
    '-----BEGIN PRIVATE KEY-----',
    'MIIEvQIBADANBgkq',
    'hkiG9w0BAQEF',
    '-----END PRIVATE KEY-----',
  ]
  const mask = new Mask()
  mask.add(lines.join('\n'))
  expect(mask.apply(`1: ${lines[1]}\n2: ${lines[2]}`)).toBe('1: ***\n2: ***')
})

it('does not garble text for the sake of an empty or tiny value', () => {
  const mask = new Mask()
  mask.add('', undefined, 'a')
  expect(mask.apply('a banana')).toBe('a banana')
})
