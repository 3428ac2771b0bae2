/**
 * JSON as `JSON.stringify(value, null, 2)` writes it, in pieces of whole lines, so that a long text is never held as one.
 *
 * @param value without `toJSON`, and without `undefined` in lists; a list may be an iterator
 * @param depth lists and objects down to it come in pieces; below it, each in one
 */
export function* jsonPieces(value: unknown, depth: number, before = '', after = ''): Generator<string> {
  const indent = /^ */.exec(before)?.[0] ?? ''
  const isList = isIterable(value)
  let last: Member | undefined
  for (const member of depth > 0 ? membersOf(value) : []) {
    if (last) yield* jsonPieces(last[1], depth - 1, `${indent}  ${last[0]}`, ',')
    else yield `${before}${isList ? '[' : '{'}`
    last = member
  }
  if (last) {
    yield* jsonPieces(last[1], depth - 1, `${indent}  ${last[0]}`)
    yield `${indent}${isList ? ']' : '}'}${after}`
  } else {
    const text = JSON.stringify(isList ? [...value] : value, null, 2)
    yield `${before}${text.replaceAll('\n', `\n${indent}`)}${after}`
  }
}

type Member = readonly [label: string, value: unknown]

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}

function* membersOf(value: unknown): Generator<Member> {
  if (isIterable(value)) for (const each of value) yield ['', each]
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      if (member !== undefined) yield [`${JSON.stringify(name)}: `, member]
    }
  }
}
