const HOUR = 3_600_000

/** How a consumer lives with its secret. */
export interface Habit {
  readonly name: string
  /** It re-reads its secret this often, whatever happens in between. */
  readonly rereadHours: number
  /** It requests a token, and with every other one calls Graph, this often. */
  readonly callHours: number
  /** It starts this long after the rehearsal, so that its readings do not coincide with the rotations. */
  readonly startsAfterHours: number
}

/** What a consumer has seen. */
export interface Tally {
  readonly habit: Habit
  readonly tokens: number
  readonly refused: number
  readonly graphCalls: number
  readonly graphFailures: number
}

/** The tenant's side that consumers use. */
export interface Service {
  readonly tokenUrl: string
  readonly graphUrl: string
  readonly clientId: string
}

/** A program that works with a client secret and knows nothing of rotations. */
export class Consumer {
  readonly #habit: Habit
  readonly #service: Service
  readonly #read: () => Promise<string>
  readonly #startsAt: number
  #secret: string | undefined
  #readAt = 0
  #calledAt = 0
  #tokens = 0
  #refused = 0
  #graphCalls = 0
  #graphFailures = 0

  /**
   * @param read reads the secret from where it is delivered
   * @param start when the rehearsal begins
   */
  constructor(habit: Habit, service: Service, read: () => Promise<string>, start: Date) {
    this.#habit = habit
    this.#startsAt = start.getTime() + habit.startsAfterHours * HOUR
    this.#service = service
    this.#read = read
  }

  get tally(): Tally {
    return {
      habit: this.#habit,
      tokens: this.#tokens,
      refused: this.#refused,
      graphCalls: this.#graphCalls,
      graphFailures: this.#graphFailures,
    }
  }

  /** Does at `now` what its habits ask for. */
  async tick(now: Date): Promise<void> {
    const time = now.getTime()
    if (time < this.#startsAt) return
    if (this.#secret === undefined || time - this.#readAt >= this.#habit.rereadHours * HOUR) {
      this.#secret = await this.#read()
      this.#readAt = time
    }
    if (time - this.#calledAt < this.#habit.callHours * HOUR) return
    this.#calledAt = time
    await this.call()
  }

  /** Requests a token at once, with the secret it holds. */
  async call(): Promise<void> {
    if (this.#secret === undefined) return
    this.#tokens++
    const token = await requestToken(this.#service, this.#secret)
    if (token === undefined) this.#refused++
    else if (this.#tokens % 2 === 0) await this.#callGraph(token)
  }

  async #callGraph(token: string): Promise<void> {
    this.#graphCalls++
    const headers = { authorization: `Bearer ${token}` }
    const response = await fetch(`${this.#service.graphUrl}/v1.0/users?$top=1`, { headers })
    await response.arrayBuffer()
    if (!response.ok) this.#graphFailures++
  }
}

/** The plain protocol: a library would keep tokens, and hide for an hour that a secret is refused. */
async function requestToken(
  { tokenUrl, graphUrl, clientId }: Service,
  secret: string,
): Promise<string | undefined> {
  const response = await fetch(tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: secret,
      scope: `${graphUrl}/.default`,
    }),
  })
  const { access_token: token } = (await response.json()) as { access_token?: string }
  return token
}
