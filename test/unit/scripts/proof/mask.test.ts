import fc from 'fast-check'
import pc from 'picocolors'
import { expect, it } from 'vitest'
import { Mask, maskedTerminal, secretsIn } from '../../../../scripts/lib/mask.ts'

const SECRET = 'q~8Q"é+/abc~DEF%ghi'

it('replaces a secret in every form in which it travels', () => {
  const mask = new Mask()
  mask.add(SECRET)
  for (const form of [
    SECRET,
    encodeURIComponent(SECRET),
    JSON.stringify(SECRET),
    Buffer.from(SECRET).toString('base64'),
  ]) {
    const masked = mask.apply(`before ${form} after`)
    expect(masked).toMatch(/^before .*\*\*\*.* after$/)
    expect(masked).not.toContain(form.slice(2, 12))
  }
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

it('stands before each of a terminal’s outputs', () => {
  const written: string[] = []
  const write = (text: string) => void written.push(text)
  const mask = new Mask()
  mask.add(SECRET)
  const terminal = maskedTerminal(
    { print: write, note: write, status: write, colors: pc.createColors(false) },
    mask,
  )
  terminal.print(SECRET)
  terminal.note(SECRET)
  terminal.status?.(SECRET)
  expect(written).toEqual(['***', '***', '***'])
})

it('knows the variables that hold secrets', () => {
  expect(secretsIn({ ARM_CLIENT_SECRET: 'one', AZURE_CLIENT_SECRET: 'two', ARM_CLIENT_ID: 'id' })).toEqual([
    'one',
    'two',
  ])
})
