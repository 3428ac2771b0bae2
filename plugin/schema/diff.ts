import { holdsUnknown, isProperties, type Properties, UNKNOWN, type Value } from '../protocol/wire.ts'
import { equal, members, normalize, setKey } from './normal.ts'
import { type CollectionProperty, type Fields, isAbsent, type Property } from './property.ts'

export type ChangeKind = 'add' | 'delete' | 'update'

export interface Change {
  /** Name of the top-level property. */
  readonly property: string
  /** Path inside the resource, such as `web.redirectUris[1]`. */
  readonly path: string
  readonly kind: ChangeKind
  /** The resource must be replaced. */
  readonly replace: boolean
}

/**
 * What an update would change, from the outputs in the state to checked inputs. Properties that only the directory
 * sets never differ; those that it may set differ only when the program gives them.
 */
export function diffProperties(fields: Fields, olds: Properties, news: Properties): Change[] {
  return Object.entries(fields).flatMap(([property, field]) => {
    if (field.computed === 'always') return []
    if (field.computed === 'optional' && isAbsent(news[property])) return []
    const replace = field.forceNew === true
    return compare(field, property, olds[property], news[property]).map((change) => ({
      property,
      replace,
      ...change,
    }))
  })
}

/**
 * The inputs with every ignored property set back to what the state holds. The engine resets the inputs of a program
 * itself, but a value that stands only in the state (set out of band, then refreshed) must not be seen as a change either.
 *
 * @param ignored property paths, as in the resource option `ignoreChanges`; indices and wildcards mean the whole property
 */
export function ignoreChanges(news: Properties, olds: Properties, ignored: readonly string[]): Properties {
  const result = { ...news }
  for (const path of ignored) {
    const [name, inner] = splitPath(path)
    const value = result[name]
    const old = olds[name]
    result[name] =
      inner !== undefined && isProperties(value) && isProperties(old)
        ? ignoreChanges(value, old, [inner])
        : old
  }
  return result
}

type InnerChange = Pick<Change, 'path' | 'kind'>

function compare(
  field: Property,
  path: string,
  old: Value | undefined,
  value: Value | undefined,
): InnerChange[] {
  const before = normalize(field, old)
  const after = normalize(field, value)
  if (equal(before, after)) return []
  if (after === UNKNOWN || isAbsent(old) || isAbsent(value)) return [{ path, kind: kindOf(old, value) }]
  if (isProperties(before) && isProperties(after)) return compareMembers(field, path, old, value)
  if (field.type === 'set') return compareSets(field, path, members(old), members(value))
  if (field.type === 'list') return compareLists(field, path, members(old), members(value))
  return [{ path, kind: 'update' }]
}

function compareMembers(field: Property, path: string, old: Value, value: Value): InnerChange[] {
  const [olds, news] = [isProperties(old) ? old : {}, isProperties(value) ? value : {}]
  if (field.type === 'block') {
    return Object.entries(field.fields)
      .filter(([name, inner]) => inner.computed !== 'always' && !(inner.computed && isAbsent(news[name])))
      .flatMap(([name, inner]) => compare(inner, `${path}.${name}`, olds[name], news[name]))
  }
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort()
  return names
    .filter((name) => !equal(olds[name], news[name]))
    .map((name) => ({ path: `${path}.${name}`, kind: kindOf(olds[name], news[name]) }))
}

function compareLists(list: CollectionProperty, path: string, olds: Value[], news: Value[]): InnerChange[] {
  const length = Math.max(olds.length, news.length)
  return Array.from({ length }, (_, index) =>
    compare(list.element, `${path}[${index}]`, olds[index], news[index]),
  ).flat()
}

/** Members that left are shown at their old index, members that came at their new one, and both as one update. */
function compareSets(set: CollectionProperty, path: string, olds: Value[], news: Value[]): InnerChange[] {
  const keyOf = (item: Value) => setKey(set.element, normalize(set.element, item))
  const [oldKeys, newKeys] = [olds.map(keyOf), news.map(keyOf)]
  const gone = new Set(oldKeys.flatMap((key, index) => (newKeys.includes(key) ? [] : [index])))
  const come = new Set(newKeys.flatMap((key, index) => (oldKeys.includes(key) ? [] : [index])))
  if (news.length === 0) return [{ path, kind: 'delete' }]
  return [...new Set([...gone, ...come])]
    .sort((a, b) => a - b)
    .map((index) => ({
      path: `${path}[${index}]`,
      kind: gone.has(index) && come.has(index) ? 'update' : gone.has(index) ? 'delete' : 'add',
    }))
}

function kindOf(old: Value | undefined, value: Value | undefined): ChangeKind {
  if (isAbsent(old)) return holdsUnknown(value) ? 'update' : 'add'
  return isAbsent(value) ? 'delete' : 'update'
}

function splitPath(path: string): [name: string, inner: string | undefined] {
  const match = /^([^.[\]]+)(?:\.([^[\]]+))?/.exec(path.replace(/^\["?([^"\]]+)"?\]/, '$1'))
  return [match?.[1] ?? path, match?.[2]]
}
