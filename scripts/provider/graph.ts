import { graphFailure, objectIn } from '../proof/catalogue/failure.ts'
import { type Explained, explain } from '../proof/catalogue/index.ts'
import type { Deployer } from '../proof/connection/deployer.ts'
import type { Entity } from '../proof/directory/reader.ts'
import type { ProofPorts, TokenAnswer } from '../proof/model/ports.ts'
import { retryUntilSettled } from '../proof/retry/retry-until-settled.ts'

/** How long a request is repeated when Graph throttles, is in trouble, or does not show yet what was made, in milliseconds. */
const TIMEOUT_MS = 180_000

/** Tokens live for an hour at least; one is used for so long, in milliseconds. */
const TOKEN_USE_MS = 1_800_000

/** What the deployer needs for a request. What the catalogue says of a refusal is meant for an application that is proved. */
function permissionFor(path: string): string {
  return path.startsWith('/sites/')
    ? 'Sites.FullControl.All'
    : 'Application.ReadWrite.OwnedBy, and make it an owner'
}

/** Graph refused, or could not be asked. */
export class ProviderError extends Error {
  readonly code: string
  /** HTTP status, if there was an answer. */
  readonly status: number | undefined

  constructor(what: string, path: string, { code, status, meaning, message, fix }: Explained) {
    const needed = `grant the deployer the permission that this needs, with consent: ${permissionFor(path)}`
    const remedy = status === 403 ? needed : fix
    super(`${what}: ${code}: ${meaning} (${message}). To fix it: ${remedy}.`)
    this.name = 'ProviderError'
    this.code = code
    this.status = status
  }
}

export interface SiteRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the version. */
  readonly path: string
  readonly body?: unknown
  /** Statuses that only mean "not yet", beside throttling and server errors. Default: none. */
  readonly notYet?: readonly number[]
}

/** Asks Graph as the deployer. Requests are repeated while waiting can help; each of them can be. */
export class ProviderGraph {
  readonly #ports: ProofPorts
  readonly #deployer: Deployer
  #token: { readonly answer: TokenAnswer; readonly until: number } | undefined

  constructor(ports: ProofPorts, deployer: Deployer) {
    this.#ports = ports
    this.#deployer = deployer
  }

  /** @throws ProviderError */
  async ask(what: string, { notYet = [], ...request }: SiteRequest): Promise<Entity> {
    const { last } = await retryUntilSettled(
      { label: what, clientId: this.#deployer.clientId },
      this.#ports,
      { wait: { deadlineMs: TIMEOUT_MS, successes: 1 } },
      async () => {
        const { entity, failure } = await this.#once(request)
        const isEarly = failure?.status !== undefined && notYet.includes(failure.status)
        return {
          entity,
          failures: failure ? [isEarly ? { ...failure, wait: 'always' as const } : failure] : [],
        }
      },
    )
    const [failure] = last.failures
    if (failure) throw new ProviderError(what, request.path, failure)
    return last.entity ?? {}
  }

  /** The entity, or undefined when there is none (404). @throws ProviderError */
  async find(what: string, path: string): Promise<Entity | undefined> {
    try {
      return await this.ask(what, { method: 'GET', path })
    } catch (error) {
      if (error instanceof ProviderError && error.status === 404) return undefined
      throw error
    }
  }

  /** The entities of a list, to its end. @throws ProviderError */
  async list(what: string, path: string): Promise<Entity[]> {
    const found: Entity[] = []
    for (let next: string | undefined = path; next !== undefined; ) {
      const page: Entity = await this.ask(what, { method: 'GET', path: next })
      found.push(...(Array.isArray(page['value']) ? (page['value'] as Entity[]) : []))
      const link = page['@odata.nextLink']
      next = typeof link === 'string' ? this.#pathOf(link) : undefined
    }
    return found
  }

  /** A link that leads to another host is not followed: the token would go with it. */
  #pathOf(link: string): string | undefined {
    const base = new URL(this.#ports.graphUrl)
    const url = new URL(link, base)
    return url.origin === base.origin ? `${url.pathname.replace(/^\/v1\.0/, '')}${url.search}` : undefined
  }

  /** One token for many requests; a refusal is not kept. */
  async #currentToken(): Promise<TokenAnswer> {
    const now = this.#ports.now().getTime()
    if (this.#token && now < this.#token.until) return this.#token.answer
    const { tenantId, clientId, credential } = this.#deployer
    const resource = this.#ports.graphUrl
    const answer = await this.#ports.requestToken({ tenantId, clientId, credential, resource })
    this.#token = answer.ok ? { answer, until: now + TOKEN_USE_MS } : undefined
    return answer
  }

  async #once(
    request: Omit<SiteRequest, 'notYet'>,
  ): Promise<{ readonly entity?: Entity; readonly failure?: Explained }> {
    const token = await this.#currentToken()
    if (!token.ok) return { failure: explain(token.failure) }
    const answer = await this.#ports.askGraph({ ...request, token: token.token })
    if (!answer.ok) return { failure: explain(answer.failure) }
    if (answer.answer.status >= 400) {
      return { failure: explain(graphFailure(answer.answer, this.#ports.now())) }
    }
    return { entity: objectIn(answer.answer.body) ?? {} }
  }
}
