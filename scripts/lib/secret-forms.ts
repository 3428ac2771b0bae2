import { escaped } from './neutralise.ts'

/** A text that gives a secret away. */
export interface SecretForm {
  readonly text: string
  /** It is a part of a longer word in base64, whose other letters belong to the secret as well. */
  readonly isBase64: boolean
}

/**
 * The forms in which a secret travels: as it is, inside JSON, URLs, XML and shell words, in hexadecimal, and in base64,
 * alone or behind something else, as in the `user:value` of HTTP's basic authentication.
 */
export function formsOf(secret: string): SecretForm[] {
  const texts = [
    secret,
    ...jsonForms(secret),
    ...urlForms(secret),
    ...xmlForms(secret),
    secret.replaceAll("'", `'\\''`),
    ...bothCases(Buffer.from(secret).toString('hex')),
  ]
  return [
    ...[...new Set(texts)].map((text) => ({ text, isBase64: false })),
    ...base64Forms(secret).map((text) => ({ text, isBase64: true })),
  ]
}

/** Encoders differ in what else they escape: Go takes `<`, `>` and `&`, .NET quotes, `+` and all that is not ASCII. */
function jsonForms(secret: string): string[] {
  const plain = JSON.stringify(secret).slice(1, -1)
  const go = plain.replace(/[<>&\u2028\u2029]/g, escaped)
  const net = plain.replace(/\\"|[^ -~]|[&'+<>`]/g, (text) => escaped(text.at(-1)!))
  const netUpper = net.replace(/\\u[\da-f]{4}/g, (text) => `\\u${text.slice(2).toUpperCase()}`)
  // JSON in JSON: a body that is quoted in an error message, for one.
  return [plain, go, net, netUpper, JSON.stringify(plain).slice(1, -1)]
}

function urlForms(secret: string): string[] {
  const wellFormed = secret.toWellFormed()
  const component = encodeURIComponent(wellFormed)
  const form = new URLSearchParams({ '': secret }).toString().slice(1)
  const strict = component.replace(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  const forms = [component, form, strict, encodeURI(wellFormed)]
  return forms.flatMap((each) => [each, each.replace(/%[\dA-F]{2}/g, (text) => text.toLowerCase())])
}

function xmlForms(secret: string): string[] {
  const basic = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const quoted = basic.replaceAll('"', '&quot;')
  return [basic, quoted.replaceAll("'", '&apos;'), quoted.replaceAll("'", '&#39;')]
}

function bothCases(hex: string): string[] {
  return [hex, hex.toUpperCase()]
}

/** Long enough to be no chance, short enough to lie within a line of wrapped base64 (64 characters or more). */
const PIECE = 28

/**
 * Three bytes are four letters of base64, so that a secret has three spellings, by how much stands before it. The
 * letters at both ends mix with the neighbours and are left out. Longer ones are looked for in pieces, since programs
 * wrap base64 after 64 or 76 letters.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].flatMap((before) => {
    const letters = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const whole = Math.floor((before + bytes.length) / 3) * 4
    const own = letters.slice(before === 0 ? 0 : before + 1, whole === 0 ? undefined : whole)
    const url = own.replaceAll('+', '-').replaceAll('/', '_')
    return [...new Set([own, url])].flatMap(pieces)
  })
}

function pieces(letters: string): string[] {
  if (letters.length < 3 * PIECE) return [letters]
  const count = Math.floor(letters.length / PIECE)
  return Array.from({ length: count }, (_, i) => letters.slice(i * PIECE, (i + 1) * PIECE))
}
