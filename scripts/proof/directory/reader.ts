import { type Failure, graphFailure, type HttpAnswer, objectIn } from '../catalogue/failure.ts'
import { type Explained, explain } from '../catalogue/index.ts'
import { askTogether } from '../connection/batch.ts'
import type { Deployer } from '../connection/deployer.ts'
import type { GraphAnswer, GraphRequest, ProofPorts } from '../model/ports.ts'
import { retryUntilSettled } from '../retry/retry-until-settled.ts'

/** An object as Graph returns it. */
export type Entity = Readonly<Record<string, unknown>>

/** What a read found, or why it did not. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Explained }

/** Answers of an earlier read of the same directory, by path, and where those of this one are kept. */
export interface KeptReads {
  find(path: string): string | undefined
  add(path: string, body: string): void
}

type AskOptions = Pick<GraphRequest, 'version' | 'eventual'>

/** How long a read of the directory is repeated when Graph throttles or is in trouble, in milliseconds. */
const TIMEOUT_MS = 120_000

/**
 * Reads the directory as the deployer: many reads at a time in batches, lists to their last page, throttled ones
 * again after the time that Graph asks for. One token serves all of them.
 */
export class DirectoryReader {
  readonly #ports: ProofPorts
  readonly #deployer: Deployer
  readonly #signal: AbortSignal | undefined
  #token: Promise<Read<string>> | undefined
  #kept: KeptReads | undefined

  constructor(ports: ProofPorts, deployer: Deployer, signal?: AbortSignal) {
    this.#ports = ports
    this.#deployer = deployer
    this.#signal = signal
  }

  /** The same reader, which asks for nothing that is kept, and keeps what it is answered. */
  keeping(kept: KeptReads): DirectoryReader {
    const reader = new DirectoryReader(this.#ports, this.#deployer, this.#signal)
    reader.#token = this.token()
    reader.#kept = kept
    return reader
  }

  /** The deployer's token for Graph; requested once. */
  token(): Promise<Read<string>> {
    this.#token ??= this.#requestToken()
    return this.#token
  }

  /** Reads single objects, in the order of their paths. */
  async objects(paths: readonly string[], version?: 'beta'): Promise<Read<Entity>[]> {
    return (await this.#ask(paths, version && { version })).map((answer) => judge(answer, this.#ports.now()))
  }

  async object(path: string, version?: 'beta'): Promise<Read<Entity>> {
    return (await this.objects([path], version))[0]!
  }

  /** How many objects lists of directory objects hold, in the order of their paths; undefined where Graph does not say. */
  async counts(lists: readonly string[]): Promise<(number | undefined)[]> {
    const paths = lists.map((list) => `${list}?$count=true&$top=1&$select=id`)
    const answers = await this.#ask(paths, { eventual: true })
    return answers.map((answer) => {
      const page = judge(answer, this.#ports.now())
      const count = page.ok ? page.value['@odata.count'] : undefined
      return typeof count === 'number' ? count : undefined
    })
  }

  /** Reads lists to their ends, in the order of their paths. */
  async lists(paths: readonly string[], version?: 'beta'): Promise<Read<readonly Entity[]>[]> {
    const first = await this.objects(paths, version)
    return Promise.all(first.map((page) => (page.ok ? this.#collect(page.value, version) : page)))
  }

  async list(path: string, version?: 'beta'): Promise<Read<readonly Entity[]>> {
    return (await this.lists([path], version))[0]!
  }

  /** Reads a list page by page, so that nobody has to hold all of it; a page that failed is the last. */
  async *pages(path: string, version?: 'beta'): AsyncGenerator<Read<readonly Entity[]>> {
    yield* this.#pagesFrom(await this.object(path, version), version)
  }

  async #collect(firstPage: Entity, version: 'beta' | undefined): Promise<Read<readonly Entity[]>> {
    const entries: Entity[] = []
    for await (const page of this.#pagesFrom({ ok: true, value: firstPage }, version)) {
      if (!page.ok) return page
      entries.push(...page.value)
    }
    return { ok: true, value: entries }
  }

  async *#pagesFrom(
    firstPage: Read<Entity>,
    version: 'beta' | undefined,
  ): AsyncGenerator<Read<readonly Entity[]>> {
    const followed = new Set<string>()
    let page = firstPage
    for (;;) {
      if (!page.ok) return yield page
      yield { ok: true, value: valuesOf(page.value) }
      const next = this.#nextPath(page.value)
      if (next === undefined) return
      // A list may be of any length; one that leads back to its own pages would never end, and is not whole.
      page = followed.has(next)
        ? { ok: false, failure: explain(circular(next)) }
        : await this.object(next, version)
      followed.add(next)
    }
  }

  /** The next page's path. A link that leads to another host is not followed: the token would go with it. */
  #nextPath(page: Entity): string | undefined {
    const link = page['@odata.nextLink']
    if (typeof link !== 'string') return undefined
    const base = new URL(this.#ports.graphUrl)
    const url = new URL(link, base)
    if (url.origin !== base.origin) return undefined
    return `${url.pathname.replace(/^\/(v1\.0|beta)/, '')}${url.search}`
  }

  async #requestToken(): Promise<Read<string>> {
    const { tenantId, clientId, credential } = this.#deployer
    const request = { tenantId, clientId, credential, resource: this.#ports.graphUrl }
    const { last } = await this.#untilAnswered(async () => {
      const answer = await this.#ports.requestToken(
        this.#signal ? { ...request, signal: this.#signal } : request,
      )
      const failure = answer.ok ? undefined : explain(answer.failure)
      return { failures: failure ? [failure] : [], answer, failure }
    })
    return last.answer.ok ? { ok: true, value: last.answer.token } : { ok: false, failure: last.failure! }
  }

  /** Asks until every answer is one that waiting does not change. */
  async #ask(paths: readonly string[], options: AskOptions = {}): Promise<GraphAnswer[]> {
    const keyOf = (path: string) => `${options.version ?? 'v1.0'} ${path}`
    const answers = paths.map((path) => keptAnswer(this.#kept?.find(keyOf(path))))
    if (answers.every((answer) => answer !== undefined)) return answers
    const token = await this.token()
    if (!token.ok) return paths.map(() => ({ ok: false, failure: token.failure }))
    const { eventual, ...version } = options
    const common = { token: token.value, ...version, ...(this.#signal && { signal: this.#signal }) }
    await this.#untilAnswered(async () => {
      const open = paths.flatMap((_, i) => (transient(answers[i], this.#ports.now()) === null ? [] : [i]))
      const items = open.map((i) => ({ method: 'GET', path: paths[i]!, ...(eventual && { eventual }) }))
      const got = await askTogether(this.#ports, items, common)
      for (const [k, i] of open.entries()) {
        answers[i] = got[k]!
        if (isAnswered(answers[i])) this.#kept?.add(keyOf(paths[i]!), answers[i].answer.body)
      }
      return { failures: got.flatMap((answer) => transient(answer, this.#ports.now()) ?? []) }
    })
    return answers.map((answer) => answer!)
  }

  #untilAnswered<T extends { failures: readonly Explained[] }>(attempt: () => Promise<T>) {
    const { clientId } = this.#deployer
    const options = {
      wait: { deadlineMs: TIMEOUT_MS, successes: 1 },
      ...(this.#signal && { signal: this.#signal }),
    }
    return retryUntilSettled({ label: 'directory', clientId }, this.#ports, options, attempt)
  }
}

type Answered = Extract<GraphAnswer, { ok: true }>

function isAnswered(answer: GraphAnswer): answer is Answered {
  return answer.ok && answer.answer.status === 200
}

function keptAnswer(body: string | undefined): GraphAnswer | undefined {
  return body === undefined ? undefined : { ok: true, answer: { status: 200, header: () => undefined, body } }
}

/** The failure if waiting may change the answer; `null` if it stands; undefined if there is no answer yet. */
function transient(answer: GraphAnswer | undefined, now: Date): Explained | null | undefined {
  if (answer === undefined) return undefined
  const failure = failureOf(answer, now)
  if (!failure) return null
  const explained = explain(failure)
  return explained.wait === 'always' ? explained : null
}

function judge(answer: GraphAnswer, now: Date): Read<Entity> {
  const failure = failureOf(answer, now)
  if (failure) return { ok: false, failure: explain(failure) }
  return { ok: true, value: objectIn((answer as { answer: HttpAnswer }).answer.body) ?? {} }
}

function failureOf(answer: GraphAnswer, now: Date): Failure | undefined {
  if (!answer.ok) return answer.failure
  const { status, body } = answer.answer
  if (status >= 400) return graphFailure(answer.answer, now)
  if (objectIn(body)) return undefined
  const message = `Graph answered ${status} without a JSON object`
  return { source: 'network', code: 'NOT_GRAPH', status, message, support: {} }
}

function circular(path: string): Failure {
  const message = `the list leads back to a page that was read: ${path}`
  return { source: 'network', code: 'NOT_GRAPH', message, support: {} }
}

function valuesOf(page: Entity): readonly Entity[] {
  const { value } = page
  return Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : []
}
