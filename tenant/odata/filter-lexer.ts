/** One word of a `$filter`. */
export interface Token {
  readonly kind: 'name' | 'string' | 'literal' | 'open' | 'close' | 'comma' | 'colon' | 'slash' | 'end'
  readonly text: string
  /** Where it starts, from 0, for messages. */
  readonly position: number
}

/** A `$filter` that is not well formed, or that does not fit the entity model. */
export class FilterError extends Error {
  /** Whether the query is well formed but of a kind that the directory does not answer. */
  readonly unsupported: boolean

  constructor(message: string, options: { readonly unsupported?: boolean } = {}) {
    super(message)
    this.name = 'FilterError'
    this.unsupported = options.unsupported ?? false
  }
}

const PUNCTUATION: { readonly [character: string]: Token['kind'] } = {
  '(': 'open',
  ')': 'close',
  ',': 'comma',
  ':': 'colon',
  '/': 'slash',
}

const NAME = /^[A-Za-z_@$][\w@.$]*/
const LITERAL = /^(-?\d[\w.:+-]*|[0-9A-Fa-f]{8}-[0-9A-Fa-f-]{27})/

/** Splits a `$filter` into tokens, the last of which is `end`. Throws FilterError at a character that fits nowhere. */
export function tokenize(filter: string): readonly Token[] {
  const tokens: Token[] = []
  let position = 0
  while (position < filter.length) {
    const character = filter[position] ?? ''
    if (/\s/.test(character)) {
      position += 1
      continue
    }
    const token = character === "'" ? quoted(filter, position) : plain(filter, position, character)
    tokens.push(token.token)
    position = token.next
  }
  tokens.push({ kind: 'end', text: '', position })
  return tokens
}

interface Scanned {
  readonly token: Token
  readonly next: number
}

/** A string in single quotes; a quote inside it is written twice. */
function quoted(filter: string, start: number): Scanned {
  let text = ''
  let position = start + 1
  for (;;) {
    const end = filter.indexOf("'", position)
    if (end === -1)
      throw new FilterError(`There is an unterminated string literal at position ${start} in '${filter}'.`)
    text += filter.slice(position, end)
    if (filter[end + 1] !== "'") return { token: { kind: 'string', text, position: start }, next: end + 1 }
    text += "'"
    position = end + 2
  }
}

function plain(filter: string, position: number, character: string): Scanned {
  const kind = PUNCTUATION[character]
  if (kind !== undefined) return { token: { kind, text: character, position }, next: position + 1 }
  // A GUID may start with a letter, so literals are tried first.
  const literal = match(LITERAL, filter, position)
  if (literal !== undefined) {
    return { token: { kind: 'literal', text: literal, position }, next: position + literal.length }
  }
  const name = match(NAME, filter, position)
  if (name !== undefined) {
    return { token: { kind: 'name', text: name, position }, next: position + name.length }
  }
  throw new FilterError(
    `Syntax error: character '${character}' is not valid at position ${position} in '${filter}'.`,
  )
}

function match(pattern: RegExp, text: string, position: number): string | undefined {
  return pattern.exec(text.slice(position))?.[0]
}
