import { isId, type Names } from './names.ts'

/** What an answer looked like: members and types, with names in place of ids, secrets and tokens; no other value. */
export type Shape = string | readonly Shape[] | { readonly [member: string]: Shape }

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/

/** Members that hold a secret or a token, of Graph and of the token endpoint. */
const HIDDEN: Readonly<Record<string, 'secret' | 'token'>> = {
  secretText: 'secret',
  access_token: 'token',
  id_token: 'token',
  refresh_token: 'token',
}

/** Items of a list that are looked at; lists such as the permissions of Graph have hundreds that are alike. */
const ITEMS = 20

/** The shape of a JSON value. */
export function shapeOf(value: unknown, names: Names, member = ''): Shape {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return value.slice(0, ITEMS).map((each) => shapeOf(each, names))
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [names.hide(key), shapeOf(each, names, key)]),
    )
  }
  if (typeof value !== 'string') return typeof value
  const kind = HIDDEN[member]
  if (kind !== undefined) return names.nameOf(kind, value)
  // Ids of consents and assignments are no GUIDs.
  if (member === 'id' || isId(value)) return names.nameOf('id', value)
  return DATE.test(value) ? 'date' : 'string'
}

/** `null`, `string`, `date`, `number`, `boolean`, `id`, `secret`, `token`, `list` or `object`. */
export function typeOf(shape: Shape): string {
  if (typeof shape !== 'string') return Array.isArray(shape) ? 'list' : 'object'
  if (isId(shape)) return 'id'
  const name = /^\{([a-z]+)/.exec(shape)?.[1]
  if (name === undefined) return shape
  return name === 'secret' || name === 'token' ? name : 'id'
}
