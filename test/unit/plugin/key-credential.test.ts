import { describe, expect, it } from 'vitest'
import { encodeKey, goDuration, milliseconds, wholeSecond } from '../../../plugin/resources/key-credential.ts'

// Bytes that stand for DER: what they say does not matter here, that they are wrapped at 64 characters does.
const DER = Buffer.from(Array.from({ length: 100 }, (_, index) => index))
const LINES = DER.toString('base64').match(/.{1,64}/g)!
const PEM = `-----BEGIN CERTIFICATE-----\n${LINES.join('\n')}\n-----END CERTIFICATE-----\n`
const KEY = Buffer.from(PEM).toString('base64')

describe("a certificate's key", () => {
  it.each([
    ['pem', PEM],
    ['base64', DER.toString('base64')],
    ['base64', ` ${LINES.join('\r\n')}\n`],
    ['hex', DER.toString('hex')],
    ['hex', `${DER.toString('hex').toUpperCase()}\n`],
  ])('is base64 of PEM, given in %s', (encoding, certificate) => {
    expect(encodeKey(certificate, encoding)).toBe(KEY)
  })

  it('is PEM as it was given, without repairs', () => {
    expect(encodeKey('no certificate', 'pem')).toBe(Buffer.from('no certificate').toString('base64'))
  })

  it.each([
    ['base64', 'QUJ'],
    ['base64', 'QUJ*'],
    ['base64', ' '],
    ['hex', 'abc'],
    ['hex', 'xy'],
    ['hex', ''],
  ])('is undefined for text that is not %s: "%s"', (encoding, certificate) => {
    expect(encodeKey(certificate, encoding)).toBeUndefined()
  })
})

describe('a length of time', () => {
  it.each([
    ['240h', 864_000_000],
    ['2400h30m', 8_641_800_000],
    ['1.5h', 5_400_000],
    ['90s', 90_000],
    ['250ms', 250],
    ['1h1m1s', 3_661_000],
    ['-1h', -3_600_000],
  ])('%s', (text, length) => {
    expect(milliseconds(text)).toBe(length)
    expect(goDuration(text)).toBeUndefined()
  })

  it.each(['', '10', '10d', 'h', '1h 1m', '1.h', '--1h'])('is not "%s"', (text) => {
    expect(milliseconds(text)).toBeUndefined()
    expect(goDuration(text)).toContain(`is "${text}"`)
  })
})

it('dates lose their fractions of a second, and keep their zone', () => {
  expect(wholeSecond('2030-01-31T00:00:00.123Z')).toBe('2030-01-31T00:00:00Z')
  expect(wholeSecond('2030-01-31T00:00:00.5+02:00')).toBe('2030-01-31T00:00:00+02:00')
  expect(wholeSecond('2030-01-31T00:00:00Z')).toBe('2030-01-31T00:00:00Z')
})
