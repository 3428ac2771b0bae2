import type { Terminal } from '../../lib/terminal.ts'
import type { Waiting } from './retry-until-settled.ts'

/** Where nobody watches, a line about waiting at most this often, in milliseconds. */
const QUIET_MS = 15_000

export interface ProgressOptions {
  /** Credentials in all. */
  readonly total: number
  readonly now?: () => Date
}

/** Says what is waited for, and how long: on a live line where a person watches, in few whole lines elsewhere. */
export class Progress {
  readonly #terminal: Pick<Terminal, 'note' | 'status'>
  readonly #total: number
  readonly #now: () => Date
  readonly #startedAt: number
  /** By credential, with the time at which it was told. */
  readonly #waiting = new Map<string, { readonly event: Waiting; readonly at: number }>()
  readonly #ticker: NodeJS.Timeout | undefined
  #proved = 0
  #lastNote = Number.NEGATIVE_INFINITY
  #lastCode = ''

  constructor(
    terminal: Pick<Terminal, 'note' | 'status'>,
    { total, now = () => new Date() }: ProgressOptions,
  ) {
    this.#terminal = terminal
    this.#total = total
    this.#now = now
    this.#startedAt = now().getTime()
    if (terminal.status) this.#ticker = setInterval(() => this.#show(), 1000).unref()
  }

  /** A credential has to be asked about again. */
  readonly waiting = (event: Waiting): void => {
    this.#waiting.set(key(event), { event, at: this.#now().getTime() })
    this.#show()
  }

  /** A credential is done with, one way or the other. */
  readonly done = (subject: Pick<Waiting, 'clientId' | 'label'>): void => {
    this.#waiting.delete(key(subject))
    this.#proved++
    if (this.#terminal.status) this.#show()
  }

  /** Takes the live line away. */
  stop(): void {
    clearInterval(this.#ticker)
    this.#terminal.status?.('')
  }

  #show(): void {
    const now = this.#now().getTime()
    const waiting = [...this.#waiting.values()].map(({ event, at }) => ({
      ...event,
      elapsedMs: event.elapsedMs + now - at,
    }))
    const text = describe(waiting, this.#proved, this.#total, now - this.#startedAt)
    if (this.#terminal.status) {
      this.#terminal.status(text)
      return
    }
    const blocked = waiting.findLast(({ blocker }) => blocker)
    if (!blocked?.blocker) return
    const isNews = blocked.blocker.code !== this.#lastCode
    if (!isNews && now - this.#lastNote < QUIET_MS) return
    this.#lastCode = blocked.blocker.code
    this.#lastNote = now
    this.#terminal.note(text)
  }
}

/** One line about everything that is waited for, the latest by name. */
export function describe(
  waiting: readonly Waiting[],
  proved: number,
  total: number,
  elapsedMs: number,
): string {
  const done = `${proved} of ${total} credentials done`
  const blocked = waiting.filter(({ blocker }) => blocker)
  const latest = blocked.at(-1)
  if (!latest?.blocker) return `${done}, ${seconds(elapsedMs)}`
  const others = blocked.length > 1 ? ` and ${blocked.length - 1} more` : ''
  const { code, meaning } = latest.blocker
  const timeout = `${seconds(latest.elapsedMs)} of ${seconds(latest.deadlineMs)}`
  return `${done}; waiting (${timeout}) for ${latest.label}${others}: ${code}: ${meaning}`
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`
}

function key({ clientId, label }: Pick<Waiting, 'clientId' | 'label'>): string {
  return `${clientId} ${label}`
}
