import { WELL_KNOWN_APP_IDS } from '../../microsoft/well-known-apis.ts'
import { loadMicrosoftApis } from '../../tenant/index.ts'

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi
const JWT = /eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*/g

/** A shorter text would be found inside of others. No secret of Entra is that short, nor an id that is not a GUID. */
const SHORTEST = 16

export type NameKind = 'id' | 'secret' | 'token'

/** Ids that Microsoft publishes, the same in every tenant: its APIs and their permissions. */
const PUBLISHED: ReadonlySet<string> = new Set(
  JSON.stringify([Object.values(WELL_KNOWN_APP_IDS), [...loadMicrosoftApis()]])
    .match(GUID)
    ?.map((id) => id.toLowerCase()),
)

/** Ids, secrets and tokens of a tenant, each under a name such as `{id-3}` that says nothing about it. */
export class Names {
  readonly #names = new Map<string, string>()
  /** What is replaced wherever it stands; ids and tokens are known by their form. */
  readonly #texts: string[] = []
  readonly #counts = { id: 0, secret: 0, token: 0 }

  /** Gives a value a chosen name, such as `{tenant}`. */
  set(value: string, name: string): void {
    if (!isId(value) && value.length >= SHORTEST) this.#texts.push(value)
    this.#names.set(keyOf(value), name)
  }

  /** The name of a value; a new one where it has none. Ids that Microsoft publishes stay what they are. */
  nameOf(kind: NameKind, value: string): string {
    if (kind === 'id' && PUBLISHED.has(value.toLowerCase())) return value.toLowerCase()
    const known = this.#names.get(keyOf(value))
    if (known !== undefined) return known
    this.#counts[kind]++
    const name = `{${kind}-${this.#counts[kind]}}`
    this.set(value, name)
    return name
  }

  /** The text with every id, known secret and token replaced by its name. */
  hide(text: string): string {
    let hidden = text
    for (const known of this.#texts) hidden = hidden.replaceAll(known, this.nameOf('id', known))
    return hidden
      .replace(JWT, (token) => this.nameOf('token', token))
      .replace(GUID, (id) => this.nameOf('id', id))
  }

  /** The same for every text in a JSON value, names of members included. */
  hideAll(value: unknown): unknown {
    return value === undefined ? undefined : mapTexts(value, (text) => this.hide(text))
  }
}

/** A JSON value with every text in it changed, names of members included. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [change(key), mapTexts(each, change)]))
}

/** Whether the text is an id and nothing else. */
export function isId(text: string): boolean {
  return text.length === 36 && text.replace(GUID, '') === ''
}

/** Ids are the same in either case; secrets and tokens are not, and hold no id. */
function keyOf(value: string): string {
  return isId(value) ? value.toLowerCase() : value
}
