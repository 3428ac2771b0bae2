import type { DirectoryReader, Entity, Read } from './reader.ts'

/** What an API offers, with its permissions' names by id. */
export interface Api {
  readonly appId: string
  readonly name: string
  /** App role values by id. */
  readonly roles: ReadonlyMap<string, string>
  /** Scope values by id. */
  readonly scopes: ReadonlyMap<string, string>
}

const SELECT = '$select=id,appId,displayName,appRoles,oauth2PermissionScopes'

/** Looks APIs up in the tenant, each once, by either of their ids. */
export class ApisReader {
  readonly #reader: DirectoryReader
  readonly #known = new Map<string, Promise<Read<Api | undefined>>>()

  constructor(reader: DirectoryReader) {
    this.#reader = reader
  }

  /** By the object id of the service principal, as grants name it. */
  byId(id: string): Promise<Read<Api | undefined>> {
    return this.#once(id, async () => {
      const read = await this.#reader.object(`/servicePrincipals/${id}?${SELECT}`)
      return read.ok ? { ok: true, value: toApi(read.value) } : read
    })
  }

  /** By app id, as registrations name it; undefined when the tenant has no service principal for it. */
  byAppId(appId: string): Promise<Read<Api | undefined>> {
    return this.#once(appId, async () => {
      const read = await this.#reader.list(`/servicePrincipals?$filter=appId eq '${appId}'&${SELECT}`)
      return read.ok ? { ok: true, value: read.value[0] && toApi(read.value[0]) } : read
    })
  }

  #once(key: string, ask: () => Promise<Read<Api | undefined>>): Promise<Read<Api | undefined>> {
    const known = this.#known.get(key)
    if (known) return known
    const asked = ask()
    this.#known.set(key, asked)
    return asked
  }
}

function toApi(entity: Entity): Api {
  return {
    appId: String(entity['appId']),
    name: String(entity['displayName']),
    roles: valuesById(entity['appRoles']),
    scopes: valuesById(entity['oauth2PermissionScopes']),
  }
}

function valuesById(value: unknown): Map<string, string> {
  const entries = Array.isArray(value) ? (value as Entity[]) : []
  return new Map(entries.map((entry) => [String(entry['id']), String(entry['value'])]))
}
