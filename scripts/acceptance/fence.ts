/** Begins the display name of everything that a run makes. */
const PREFIX = 'entra-apps acceptance'
const OWN = new RegExp(`^${PREFIX} [0-9a-f]{8} `)

/** The display name of an application in a run. */
export function ownName(run: string, name: string): string {
  return `${PREFIX} ${run} ${name}`
}

/** Whether a run of ours made what has this display name. */
export function isOwnName(displayName: unknown): boolean {
  return typeof displayName === 'string' && OWN.test(displayName)
}

/** Selects what runs of ours made, in `$filter`. */
export const OWN_FILTER = `startswith(displayName,'${PREFIX} ')`

type Members = Readonly<Record<string, unknown>>

/**
 * Keeps every write inside of what the acceptance run made itself, whatever the tool under test does: an application is
 * ours by its display name, and what hangs on it by the application.
 */
export class Fence {
  readonly #own = new Set<string>()

  /** Learns from an answer of Graph which ids are ours. */
  learn(answer: unknown): void {
    if (typeof answer !== 'object' || answer === null) return
    if (Array.isArray(answer)) {
      for (const each of answer) this.learn(each)
      return
    }
    const members = answer as Members
    const holder = members['clientId'] ?? members['principalId']
    if (isOwnName(members['displayName']) || this.#has(holder)) this.#add(members['id'], members['appId'])
    for (const list of ['value', 'responses', 'body']) this.learn(members[list])
  }

  /**
   * @param path below the version, with its query
   * @returns why the request must not reach the tenant; undefined when it may
   */
  judge(method: string, path: string, body: unknown): string | undefined {
    if (method === 'GET') return undefined
    const sent = (body ?? {}) as Members
    const [target = ''] = path.split('?')
    if (target === '/$batch') {
      const requests = Array.isArray(sent['requests']) ? sent['requests'] : []
      return requests
        .map(({ method, url, body }) =>
          this.judge(String(method), `/${String(url).replace(/^\//, '')}`, body),
        )
        .find((problem) => problem !== undefined)
    }
    const isRenamed = sent['displayName'] !== undefined && !isOwnName(sent['displayName'])
    const isAllowed = this.#isOwn(method, target, sent, isRenamed)
    return isAllowed ? undefined : `${method} ${target} would touch what no acceptance run made.`
  }

  #isOwn(method: string, target: string, sent: Members, isRenamed: boolean): boolean {
    if (method === 'POST' && target === '/applications') return !isRenamed && 'displayName' in sent
    if (method === 'POST' && target === '/servicePrincipals') return this.#has(sent['appId'])
    if (method === 'POST' && target === '/oauth2PermissionGrants') return this.#has(sent['clientId'])
    const [, id = '', rest = ''] = ENTITY.exec(target) ?? []
    const [, assignment] = /^\/appRole\w+\/?(.*)$/.exec(rest) ?? []
    if (assignment !== undefined) return this.#has(assignment || sent['principalId'])
    // The name of a secret, in the body of an action or a child, is its own.
    return this.#has(id) && (rest !== '' || !isRenamed)
  }

  #has(id: unknown): boolean {
    return typeof id === 'string' && this.#own.has(id.toLowerCase())
  }

  #add(...ids: readonly unknown[]): void {
    for (const id of ids) if (typeof id === 'string') this.#own.add(id.toLowerCase())
  }
}

/** An entity by its key, and what comes after it. */
const ENTITY =
  /^\/(?:applications|servicePrincipals|oauth2PermissionGrants|directory\/deletedItems)(?:\/|\((?:appId=)?')([^/')]+)(?:'\))?(\/.*)?$/
