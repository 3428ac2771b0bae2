import type { Rule } from '../schema/property.ts'

/** How a certificate is written: PEM text, or its DER bytes in base64 or hexadecimal digits. */
export const ENCODINGS = ['base64', 'hex', 'pem'] as const

/**
 * The `key` of Graph's keyCredential: base64 of the certificate's PEM text, as the official plugin sends it.
 *
 * @returns undefined when the text is not in that encoding
 */
export function encodeKey(certificate: string, encoding: string): string | undefined {
  if (encoding === 'pem') return toBase64(certificate)
  const digits = certificate.replaceAll(/\s/g, '')
  const form =
    encoding === 'hex' ? /^(?:[0-9a-f]{2})+$/i : /^(?:[a-z0-9+/]{4})*(?:[a-z0-9+/]{2}==|[a-z0-9+/]{3}=)?$/i
  if (digits === '' || !form.test(digits)) return undefined
  return toBase64(pemOf(Buffer.from(digits, encoding === 'hex' ? 'hex' : 'base64')))
}

const SECONDS: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
}

/** A length of time as Go writes it, such as `240h` or `2400h30m`: in milliseconds, or undefined when it is none. */
export function milliseconds(duration: string): number | undefined {
  if (!/^[+-]?(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+$/.test(duration)) return undefined
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g)]
  const total = parts.reduce((sum, [, number, unit]) => sum + Number(number) * SECONDS[unit!]! * 1000, 0)
  return duration.startsWith('-') ? -total : total
}

export const goDuration: Rule = (value) =>
  milliseconds(value) === undefined ? `must be a length of time such as 4380h, is "${value}"` : undefined

/** RFC 3339 to the second, as the official plugin sends dates to Graph. */
export function wholeSecond(date: string): string {
  return date.replace(/\.\d+/, '')
}

function toBase64(pem: string): string {
  return Buffer.from(pem).toString('base64')
}

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
