/** The value of a setting; `null` is what nobody has set. */
export type Value = string | number | boolean | null | readonly string[]

/** Anything with members: a declaration, arguments of a resource, an object of Graph. */
export type Members = Readonly<Record<string, unknown>>

/** How a value is written where it is not written as in the declaration. */
export interface Codec {
  /** From Graph; what nobody has set may be missing, null or empty. */
  readonly read: (found: unknown) => Value
  /** For azuread. */
  readonly write: (value: Value) => unknown
}

/** One setting of a declaration, and what others call it. Paths have dots between their steps. */
export interface Setting {
  /** Path in the declaration. */
  readonly yaml: string
  /** Path in the arguments of azuread's resource. */
  readonly azuread: string
  /** Path in Graph's object. */
  readonly graph: string
  readonly codec: Codec
  /** What holds where nobody says anything. */
  readonly default: Value
  /** Only Graph's beta shows it. */
  readonly beta?: true
  /** Recorded and compared by itself, not among the settings. */
  readonly apart?: true
  /** Given to azuread even at its default. */
  readonly always?: true
  /** Given to azuread as soon as another setting with the same word is. */
  readonly givenWith?: string
  /** The declared value, where it is not what stands at the path. */
  readonly value?: (declared: Members) => unknown
}

export const text: Codec = {
  read: (found) => (typeof found === 'string' && found !== '' ? found : null),
  write: (value) => value,
}

/** A switch that is off where nobody says anything. */
export const off: Codec = { read: (found) => found === true, write: (value) => value }

/** A switch that is on where nobody says anything. */
export const on: Codec = { read: (found) => found !== false, write: (value) => value }

/** A list whose order is kept, though it means nothing. */
export const list: Codec = {
  read: (found) => (Array.isArray(found) ? found.map(String) : []),
  write: (value) => [...(value as string[])],
}

/** A list that is sorted: the provider compares it in order. */
export const set: Codec = {
  read: (found) => [...(list.read(found) as string[])].sort(),
  write: (value) => [...(value as string[])].sort(),
}

/** One of a few words, or a list of them, that others spell differently. */
export function words(spelling: Readonly<Record<string, string>>): Codec {
  const back = new Map(Object.entries(spelling).map(([ours, theirs]) => [theirs, ours]))
  const fromThem = (word: unknown) => back.get(String(word)) ?? String(word)
  return {
    read: (found) => (Array.isArray(found) ? found.map(fromThem).sort() : found ? fromThem(found) : null),
    write: (value) =>
      typeof value === 'object'
        ? (value ?? []).map((word) => spelling[word] ?? word).sort()
        : (spelling[String(value)] ?? value),
  }
}

/** What stands at a path; `undefined` where it leads nowhere. */
export function at(root: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce(
      (node, step) => (typeof node === 'object' && node !== null ? (node as Members)[step] : undefined),
      root,
    )
}

/** Sets what stands at a path, with everything above it. Two settings may share a list. */
export function put(root: object, path: string, value: unknown): void {
  const steps = path.split('.')
  const last = steps.pop() as string
  let node = root as Record<string, unknown>
  for (const step of steps) {
    node[step] ??= {}
    node = node[step] as Record<string, unknown>
  }
  const there = node[last]
  node[last] = Array.isArray(there) && Array.isArray(value) ? [...there, ...value].sort() : value
}

/** The value as it is compared: lists are sorted, and an empty text says nothing. */
export function comparable(value: unknown): Value {
  if (Array.isArray(value)) return value.map(String).sort()
  return value === undefined || value === '' ? null : (value as Value)
}

export function isDefault(setting: Setting, value: unknown): boolean {
  return JSON.stringify(comparable(value)) === JSON.stringify(comparable(setting.default))
}

function declaredValue({ yaml, value }: Setting, declared: Members): unknown {
  return value ? value(declared) : at(declared, yaml)
}

/** Arguments of azuread for the settings that are not at their defaults. */
export function planSettings(settings: readonly Setting[], declared: Members): Record<string, unknown> {
  const values = settings.map((setting) => ({ setting, value: declaredValue(setting, declared) }))
  const groups = new Set(
    values.flatMap(({ setting, value }) => (isDefault(setting, value) ? [] : [setting.givenWith])),
  )
  const args = {}
  for (const { setting, value } of values) {
    const isGiven =
      setting.always ||
      !isDefault(setting, value) ||
      (setting.givenWith !== undefined && groups.has(setting.givenWith))
    if (isGiven) put(args, setting.azuread, setting.codec.write((value ?? null) as Value))
  }
  return args
}

/** The values that are not at their defaults, by path in the declaration, in the form in which they are compared. */
export function declaredSettings(settings: readonly Setting[], declared: Members): Record<string, Value> {
  return differing(settings, (setting) => declaredValue(setting, declared))
}

/** The same of an object of Graph. */
export function liveSettings(settings: readonly Setting[], found: Members): Record<string, Value> {
  return differing(settings, ({ graph, codec }) => codec.read(at(found, graph)))
}

function differing(settings: readonly Setting[], read: (setting: Setting) => unknown): Record<string, Value> {
  return Object.fromEntries(
    settings.flatMap((setting) => {
      const value = read(setting)
      return setting.apart || isDefault(setting, value) ? [] : [[setting.yaml, comparable(value)]]
    }),
  )
}

/** An object of Graph in the words of a declaration, without what is at its default. Lists keep their order. */
export function toDeclaration(settings: readonly Setting[], found: Members): Record<string, unknown> {
  const declared = {}
  for (const setting of settings) {
    const value = setting.codec.read(at(found, setting.graph))
    if (!isDefault(setting, value)) put(declared, setting.yaml, value)
  }
  return declared
}
