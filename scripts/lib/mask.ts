import { formsOf, type SecretForm } from './secret-forms.ts'

const MASK = '***'

type Range = readonly [from: number, to: number]

/** A shorter text is not a secret, and masking it would garble everything around. */
const SHORTEST = 6

/** Three base64url parts, of which the first is a JSON object: a JWT, be it token or assertion. */
const JWT = /eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*/g

const BASE64_LETTER = /[\w+/-]/
const BASE64_PADDING = /[\w+/=-]/

/**
 * Replaces every secret it knows, in every form in which it travels, and everything that looks like a token, in what is
 * about to be shown. Nothing should ever need it: it is the last guard, at the edge.
 *
 * The work grows with the text, not with the number of secrets.
 */
export class Mask {
  readonly #known = new Set<string>()
  /** Forms by their first letters. */
  readonly #forms = new Map<string, SecretForm[]>()

  /** Also each line of a secret that has several, such as a key: programs quote them line by line. */
  add(...secrets: readonly (string | undefined)[]): void {
    for (const secret of secrets) {
      if (!secret || this.#known.has(secret)) continue
      this.#known.add(secret)
      for (const part of [secret, secret.trim(), ...linesOf(secret)]) {
        if (part.length >= SHORTEST) for (const form of formsOf(part)) this.#addForm(form)
      }
    }
  }

  /** The text without secrets. */
  apply(text: string): string {
    const ranges = [...text.matchAll(JWT)].map(({ index, 0: token }): Range => [index, index + token.length])
    if (this.#forms.size > 0) ranges.push(...this.#found(text))
    return ranges.length === 0 ? text : without(text, ranges)
  }

  #addForm(form: SecretForm): void {
    if (form.text.length < SHORTEST) return
    const start = form.text.slice(0, SHORTEST)
    const others = this.#forms.get(start)
    if (others === undefined) this.#forms.set(start, [form])
    else if (!others.some(({ text }) => text === form.text)) others.push(form)
  }

  #found(text: string): Range[] {
    const ranges: Range[] = []
    /** Where the last word in base64 ends: its other letters need no second look. */
    let word = 0
    for (let at = 0; at + SHORTEST <= text.length; at++) {
      for (const { text: known, isBase64 } of this.#forms.get(text.slice(at, at + SHORTEST)) ?? []) {
        if ((isBase64 && at < word) || !text.startsWith(known, at)) continue
        const end = at + known.length
        const range: Range = isBase64 ? wordAround(text, at, end) : [at, end]
        if (isBase64) word = range[1]
        ranges.push(range)
      }
    }
    return ranges
  }
}

function wordAround(text: string, start: number, end: number): Range {
  let [from, to] = [start, end]
  while (from > 0 && BASE64_LETTER.test(text[from - 1]!)) from--
  while (to < text.length && BASE64_PADDING.test(text[to]!)) to++
  return [from, to]
}

/** Replaces ranges; those that touch or overlap as one. */
function without(text: string, ranges: readonly Range[]): string {
  let rest = ''
  let end = 0
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    if (from > end || (from === 0 && end === 0)) rest += `${text.slice(end, from)}${MASK}`
    end = Math.max(end, to)
  }
  return rest + text.slice(end)
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g

/** The lines of a secret that has several, such as a private key as PEM, without certificates, which are public. */
function linesOf(secret: string): string[] {
  const lines = secret
    .replace(CERTIFICATE, '')
    .split(/\r?\n/)
    .filter((line) => line.length >= SHORTEST && !line.startsWith('-----'))
  return lines.length > 1 ? lines : []
}
