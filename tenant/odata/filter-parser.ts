import { FilterError, type Token, tokenize } from './filter-lexer.ts'

/** A value in a filter; GUIDs and dates are strings. */
export type Literal = string | number | boolean | null

/** The comparisons that the directory answers without advanced query support. */
export type Comparison = 'eq' | 'ne'

/** A `$filter` as a tree. Paths are property names, outermost first. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly operand: Filter }
  | {
      readonly kind: 'compare'
      readonly path: readonly string[]
      readonly operator: Comparison
      readonly value: Literal
    }
  | { readonly kind: 'in'; readonly path: readonly string[]; readonly values: readonly Literal[] }
  | { readonly kind: 'startsWith'; readonly path: readonly string[]; readonly prefix: string }
  | {
      readonly kind: 'any'
      readonly path: readonly string[]
      readonly variable: string
      readonly condition: Filter | undefined
    }

/** Deeper nesting than any client writes; a limit so that a hostile filter cannot exhaust the stack. */
const MAX_DEPTH = 50

const UNSUPPORTED_OPERATORS = new Set(['gt', 'ge', 'lt', 'le', 'has', 'add', 'sub', 'mul', 'div', 'mod'])

/**
 * Parses a `$filter`: eq, ne, not, and, or, in, startsWith, any, parentheses.
 *
 * @throws FilterError when it is not well formed, or (`unsupported`) uses an operator or function beyond these
 */
export function parseFilter(text: string): Filter {
  const parser = new Parser(text)
  return parser.parse()
}

class Parser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokenize(text)
  }

  parse(): Filter {
    const filter = this.#or()
    this.#expect('end')
    return filter
  }

  #or(): Filter {
    let left = this.#and()
    while (this.#takeWord('or')) left = { kind: 'or', left, right: this.#and() }
    return left
  }

  #and(): Filter {
    let left = this.#unary()
    while (this.#takeWord('and')) left = { kind: 'and', left, right: this.#unary() }
    return left
  }

  #unary(): Filter {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw new FilterError('The filter is nested too deeply.')
    const filter = this.#takeWord('not')
      ? ({ kind: 'not', operand: this.#unary() } as const)
      : this.#primary()
    this.#depth -= 1
    return filter
  }

  #primary(): Filter {
    if (this.#take('open') !== undefined) {
      const inner = this.#or()
      this.#expect('close')
      return inner
    }
    const first = this.#expect('name')
    return this.#peek().kind === 'open' ? this.#call(first) : this.#clause(first)
  }

  #call(name: Token): Filter {
    if (name.text.toLowerCase() !== 'startswith') {
      throw new FilterError(`The function '${name.text}' is not supported in $filter.`, { unsupported: true })
    }
    this.#expect('open')
    const path = this.#path(this.#expect('name'))
    this.#expect('comma')
    const prefix = this.#expect('string').text
    this.#expect('close')
    return { kind: 'startsWith', path, prefix }
  }

  #clause(first: Token): Filter {
    const path = this.#path(first)
    const last = path.at(-1)?.toLowerCase()
    if (path.length > 1 && (last === 'any' || last === 'all') && this.#peek().kind === 'open') {
      return this.#lambda(path.slice(0, -1), last)
    }
    const operator = this.#expect('name')
    const word = operator.text.toLowerCase()
    if (word === 'eq' || word === 'ne')
      return { kind: 'compare', path, operator: word, value: this.#literal() }
    if (word === 'in') return { kind: 'in', path, values: this.#list() }
    if (UNSUPPORTED_OPERATORS.has(word)) {
      throw new FilterError(`The operator '${word}' is not supported in $filter.`, { unsupported: true })
    }
    throw this.#unexpected(operator)
  }

  #lambda(path: readonly string[], name: 'any' | 'all'): Filter {
    if (name === 'all') throw new FilterError("'all' is not supported in $filter.", { unsupported: true })
    this.#expect('open')
    if (this.#take('close') !== undefined) return { kind: 'any', path, variable: '', condition: undefined }
    const variable = this.#expect('name').text
    this.#expect('colon')
    const condition = this.#or()
    this.#expect('close')
    return { kind: 'any', path, variable, condition }
  }

  #path(first: Token): readonly string[] {
    const path = [first.text]
    while (this.#take('slash') !== undefined) path.push(this.#expect('name').text)
    return path
  }

  #list(): readonly Literal[] {
    this.#expect('open')
    const values = [this.#literal()]
    while (this.#take('comma') !== undefined) values.push(this.#literal())
    this.#expect('close')
    return values
  }

  #literal(): Literal {
    const token = this.#advance()
    if (token.kind === 'string') return token.text
    if (token.kind === 'literal') return /^-?\d+(\.\d+)?$/.test(token.text) ? Number(token.text) : token.text
    const word = token.kind === 'name' ? token.text : undefined
    if (word === 'true' || word === 'false') return word === 'true'
    if (word === 'null') return null
    throw this.#unexpected(token)
  }

  #takeWord(word: string): boolean {
    const token = this.#peek()
    if (token.kind !== 'name' || token.text.toLowerCase() !== word) return false
    this.#next += 1
    return true
  }

  #take(kind: Token['kind']): Token | undefined {
    return this.#peek().kind === kind ? this.#advance() : undefined
  }

  #expect(kind: Token['kind']): Token {
    const token = this.#advance()
    if (token.kind !== kind) throw this.#unexpected(token)
    return token
  }

  #peek(): Token {
    return this.#tokens[this.#next] as Token
  }

  /** The `end` token is never passed, so there is always a next one. */
  #advance(): Token {
    const token = this.#peek()
    if (token.kind !== 'end') this.#next += 1
    return token
  }

  #unexpected(token: Token): FilterError {
    return new FilterError(`Syntax error at position ${token.position} in '${this.#text}'.`)
  }
}
