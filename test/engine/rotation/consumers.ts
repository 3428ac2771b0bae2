import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds between two requests of one consumer. */
const PAUSE_MS = 200

/** A consumer keeps what it has read for this long, at most: less than the overlap of a rotation. */
const KEPT_MS = 20_000

/** What came of all requests of all consumers. */
export interface Served {
  readonly issued: number
  /** The tenant was being restarted. */
  readonly unanswered: number
  /** What a consumer got instead of a token, with the time. */
  readonly refused: readonly string[]
}

interface Source {
  read(file: 'one.env' | 'two.env'): Promise<string>
  token(secret: string): Promise<string>
}

/** Three consumers that request a token five times a second: one reads each file at every call, one only now and then. */
export function startConsumers(source: Source): {
  readonly refused: readonly string[]
  stop(): Promise<Served>
} {
  const refused: string[] = []
  const served = { issued: 0, unanswered: 0, refused }
  let isStopped = false
  const consume = async (name: string, read: () => Promise<string>) => {
    while (!isStopped) {
      const answer = await source.token(await read()).catch(() => undefined)
      if (answer === undefined) served.unanswered += 1
      else if (answer === 'issued') served.issued += 1
      else refused.push(`${new Date().toISOString()} ${name}: ${answer}`)
      await sleep(PAUSE_MS)
    }
  }
  let kept = { value: '', until: 0 }
  const readSeldom = async () => {
    if (Date.now() > kept.until) kept = { value: await source.read('one.env'), until: Date.now() + KEPT_MS }
    return kept.value
  }
  const all = [
    consume('reader of one.env', () => source.read('one.env')),
    consume('reader of two.env', () => source.read('two.env')),
    consume('reader that keeps what it read', readSeldom),
  ]
  return {
    refused,
    stop: async () => {
      isStopped = true
      await Promise.all(all)
      return served
    },
  }
}
