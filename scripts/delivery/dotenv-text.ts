import { parseEnv } from 'node:util'

/** UTF-8's byte order mark, as Latin-1 shows its bytes. */
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf'

/**
 * What a variable holds in the bytes of a `.env` file.
 *
 * @throws Error when the bytes are not those of a `.env` file
 */
export function variableIn(bytes: Buffer, variable: string): string | undefined {
  const held = variablesOf(bodyOf(bytes).body)[variable]
  return held === undefined ? undefined : Buffer.from(held, 'latin1').toString('utf8')
}

/**
 * The bytes of a `.env` file with one variable set: in place of its last assignment, which is the one that counts, or
 * at the end. Every other byte stays, whatever the encoding: only ASCII has a meaning here.
 *
 * @throws Error when that cannot be done without changing what readers see of the other variables
 */
export function setVariable(bytes: Buffer, variable: string, value: string): Buffer {
  const { mark, body } = bodyOf(bytes)
  const assignment = `${variable}=${quote(Buffer.from(value).toString('latin1'))}`
  const last = assignmentsIn(body).findLast(({ name }) => name === variable)
  const changed = last
    ? `${body.slice(0, last.from)}${assignment}${body.slice(last.to)}`
    : appended(body, assignment)
  checkOthers(body, changed, variable)
  const result = Buffer.from(mark + changed, 'latin1')
  if (variableIn(result, variable) !== value) {
    throw new Error(`"${variable}" cannot be set so that readers of the file get its value`)
  }
  return result
}

/** Latin-1 shows each byte as one character, so that what is not touched comes out as it went in. */
function bodyOf(bytes: Buffer): { readonly mark: string; readonly body: string } {
  const text = bytes.toString('latin1')
  if (text.includes('\0') || /^(\u00ff\u00fe|\u00fe\u00ff)/.test(text)) {
    throw new Error('the file is UTF-16 or not a text file; save it as UTF-8')
  }
  if (/\r(?!\n)/.test(text)) {
    throw new Error('a line of the file ends with a carriage return alone; end it with a line feed')
  }
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : ''
  return { mark, body: text.slice(mark.length) }
}

/** As Node reads them, but for an empty value after `export`, of whose name Node takes `export` for a part. */
function variablesOf(body: string): NodeJS.Dict<string> {
  const read = Object.entries(parseEnv(body))
  return Object.fromEntries(read.map(([name, value]) => [name.replace(/^export[ \t]+/, ''), value]))
}

function appended(body: string, assignment: string): string {
  const lineEnd = /\r\n/.test(body) && !/(^|[^\r])\n/.test(body) ? '\r\n' : '\n'
  const separator = body === '' || body.endsWith('\n') ? '' : lineEnd
  return `${body}${separator}${assignment}${lineEnd}`
}

/** A quote that is never closed would end at one of ours, and swallow what lies between. */
function checkOthers(before: string, after: string, variable: string): void {
  const [{ [variable]: _old, ...was }, { [variable]: _new, ...is }] = [
    variablesOf(before),
    variablesOf(after),
  ]
  const changed = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => was[name] !== is[name],
  )
  if (changed.length === 0) return
  throw new Error(
    `setting "${variable}" would change other variables of the file; close the quotes of each value in it`,
  )
}

/** An assignment in a `.env` file, from its name to the end of its value. */
interface Assignment {
  readonly name: string
  readonly from: number
  readonly to: number
}

const ASSIGNED = /^([ \t]*(?:export[ \t]+)?)([A-Za-z_][\w.-]*)[ \t]*=[ \t]*/

/** Finds the assignments as Node's `parseEnv` does: a value in quotes reaches over as many lines as it likes. */
function assignmentsIn(text: string): Assignment[] {
  const found: Assignment[] = []
  for (let at = 0; at < text.length; ) {
    const line = text.slice(at)
    const [start = '', before = '', name] = ASSIGNED.exec(line) ?? []
    const mark = name === undefined ? '' : (line[start.length] ?? '')
    const closing = QUOTES.includes(mark) ? text.indexOf(mark, at + start.length + 1) : -1
    const rest = text.indexOf('\n', Math.max(at, closing))
    const end = rest < 0 ? text.length : rest
    if (name !== undefined) {
      found.push({ name, from: at + before.length, to: text[end - 1] === '\r' ? end - 1 : end })
    }
    at = end + 1
  }
  return found
}

const QUOTES: readonly string[] = ["'", '"', '`']

/**
 * Entra's secrets need no quotes; whatever else comes is quoted so that `#`, spaces and line breaks stay part of it. In
 * double quotes a backslash could stand for something else.
 */
function quote(value: string): string {
  if (/^[\w.~+/=-]+$/.test(value)) return value
  const mark = QUOTES.find((each) => !value.includes(each) && !(each === '"' && value.includes('\\')))
  if (!mark || /\r/.test(value))
    throw new Error('the value holds carriage returns or every kind of quote, which .env files cannot carry')
  return `${mark}${value}${mark}`
}
