import { parseEnv } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { setVariable } from '../../../../scripts/delivery/dotenv-text.ts'

const VARIABLE = 'CLIENT_SECRET'
const MARK = Buffer.from('\ufeff')

/** A value between quotes that are not in it, or none where it needs none. */
const written = fc.oneof(
  fc.stringMatching(/^[\w.~+/=-]{0,12}$/),
  fc.stringMatching(/^[\w #=:;üß-]{0,12}$/).map((text) => `'${text}'`),
  fc.stringMatching(/^[\w #=:;'-]{0,12}$/).map((text) => `"${text}"`),
  fc.stringMatching(/^[\w #]{0,6}$/).map((text) => `'${text}\n${VARIABLE}=inside\n${text}'`),
)
const assignmentOf = (name: fc.Arbitrary<string>) =>
  fc
    .tuple(fc.constantFrom('', 'export ', 'export  '), name, written, fc.constantFrom('', ' # why', ' #'))
    .map(([prefix, key, value, comment]) => `${prefix}${key}=${value}${comment}`)

const otherLine = fc.oneof(
  assignmentOf(fc.stringMatching(/^[A-Z]{1,4}(_[A-Z]{1,3})?$/)),
  assignmentOf(fc.constantFrom(`${VARIABLE}_ID`, `MY_${VARIABLE}`, 'CLIENT')),
  fc.constantFrom('', `# ${VARIABLE}=commented`, `#${VARIABLE}=commented`, '  # ünïcode'),
)

/** Lines of a file, the place of the variable's line, how lines end, and whether a byte order mark stands before. */
const files = fc.record({
  before: fc.array(otherLine, { maxLength: 6 }),
  own: fc.option(assignmentOf(fc.constant(VARIABLE)), { nil: undefined }),
  after: fc.array(otherLine, { maxLength: 6 }),
  end: fc.constantFrom('\n', '\r\n'),
  endsWithLine: fc.boolean(),
  mark: fc.boolean(),
})
type DotenvFile = typeof files extends fc.Arbitrary<infer T> ? T : never

/** Values as Entra makes them, and harder ones: quotes of one or two kinds, `#`, blanks, more lines. */
const secrets = fc
  .oneof(
    fc.stringMatching(/^[\w.~-]{40}$/),
    fc.stringMatching(/^[\w#"'`$ =\\ü-]{1,20}$/),
    fc.stringMatching(/^[\w#'" ]{0,9}\n[\w#'" =]{1,9}$/),
  )
  .filter((secret) => !['"', "'", '`'].every((mark) => secret.includes(mark)))
  .filter((secret) => !(secret.includes("'") && secret.includes('`') && secret.includes('\\')))

/** The bytes before, of, and after the variable's line. */
function bytesOf({ before, own, after, end, endsWithLine, mark }: DotenvFile) {
  const text = (lines: readonly string[]) => lines.map((line) => line.replaceAll('\n', end) + end).join('')
  const head = Buffer.concat([mark ? MARK : Buffer.alloc(0), Buffer.from(text(before))])
  if (own === undefined) {
    const whole = text(after)
    const tail = endsWithLine ? whole : whole.slice(0, whole.length - (whole.endsWith(end) ? end.length : 0))
    return { head: Buffer.concat([head, Buffer.from(tail)]), line: '', tail: Buffer.alloc(0) }
  }
  return {
    head,
    line: own.replaceAll('\n', end),
    tail: Buffer.from(after.length === 0 && !endsWithLine ? '' : end + text(after)),
  }
}

/** What Node reads; the byte order mark aside, and `export` before an empty value, which it takes for parts of a name. */
const nodeReads = (bytes: Buffer) =>
  Object.fromEntries(
    Object.entries(parseEnv(bytes.toString().replace(/^\ufeff/, ''))).map(([name, value]) => [
      name.replace(/^export +/, ''),
      value,
    ]),
  )

describe('a secret that is written into any .env file', () => {
  it('changes its own assignment only, byte by byte, and is read back by Node', () => {
    let changed = 0
    fc.assert(
      fc.property(files, secrets, (file, secret) => {
        const { head, line, tail } = bytesOf(file)
        const result = setVariable(Buffer.concat([head, Buffer.from(line), tail]), VARIABLE, secret)
        expect(result.subarray(0, head.length)).toEqual(head)
        expect(result.subarray(result.length - tail.length)).toEqual(tail)
        const own = result.subarray(head.length, result.length - tail.length).toString()
        const prefix = /^export */.exec(line)?.[0] ?? ''
        expect(own.replace(/^\r?\n/, '').startsWith(`${prefix}${VARIABLE}=`)).toBe(true)
        expect(nodeReads(result)).toEqual({
          ...nodeReads(Buffer.concat([head, Buffer.from(line), tail])),
          [VARIABLE]: secret,
        })
        changed++
      }),
      { numRuns: 2000 },
    )
    expect(changed).toBe(2000)
  })

  it('twice is what it is once, and the next one leaves nothing of it', () => {
    fc.assert(
      fc.property(files, secrets, secrets, (file, first, second) => {
        const { head, line, tail } = bytesOf(file)
        const start = Buffer.concat([head, Buffer.from(line), tail])
        const once = setVariable(start, VARIABLE, first)
        expect(setVariable(once, VARIABLE, first)).toEqual(once)
        expect(setVariable(once, VARIABLE, second)).toEqual(setVariable(start, VARIABLE, second))
      }),
      { numRuns: 1000 },
    )
  })
})
