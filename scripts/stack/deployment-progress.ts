import type { Terminal } from '../lib/terminal.ts'
import { type EngineEvent, resourceOf } from './engine-events.ts'

/** Where nobody watches, a line at most this often, in milliseconds; the first one after as long. */
const QUIET_MS = 15_000

const APPLICATION = 'entra-apps:index:AppRegistration'

/** Says how far a deployment is: on a live line where a person watches, in few whole lines elsewhere. */
export class DeploymentProgress {
  readonly #terminal: Pick<Terminal, 'note' | 'status'>
  readonly #now: () => number
  readonly #startedAt: number
  readonly #applications = new Map<string, boolean>()
  /** By URN of an object, with the time at which the engine began with it. */
  readonly #underWay = new Map<string, number>()
  #done = 0
  #lastNote: number

  constructor(terminal: Pick<Terminal, 'note' | 'status'>, now: () => number = Date.now) {
    this.#terminal = terminal
    this.#now = now
    this.#startedAt = now()
    this.#lastNote = this.#startedAt
  }

  /** Takes what the engine said, in its order. */
  take({ resourcePreEvent: begun, resOutputsEvent: ended, resOpFailedEvent: failed }: EngineEvent): void {
    const step = (begun ?? ended ?? failed)?.metadata
    if (!step) return
    if (resourceOf(step.urn).type === APPLICATION) {
      // It says its outputs once all objects of it are there.
      this.#applications.set(step.urn, ended !== undefined)
    }
    // The stack and other components take as long as what is below them.
    if (!(step.new ?? step.old)?.custom) return
    if (begun) this.#underWay.set(step.urn, this.#now())
    else if (this.#underWay.delete(step.urn) && ended) this.#done++
  }

  /** To be called every second or so. */
  show(): void {
    const now = this.#now()
    if (this.#terminal.status) this.#terminal.status(this.describe())
    else if (now - this.#lastNote >= QUIET_MS) {
      this.#lastNote = now
      this.#terminal.note(this.describe())
    }
  }

  /** Takes the live line away. */
  stop(): void {
    this.#terminal.status?.('')
  }

  describe(): string {
    const now = this.#now()
    const applications = [...this.#applications.values()]
    const [oldest] = [...this.#underWay].sort(([, a], [, b]) => a - b)
    const waiting = oldest && now - oldest[1] >= QUIET_MS
    return [
      `${applications.filter(Boolean).length} of ${applications.length} applications done`,
      `objects: ${this.#done} done, ${this.#underWay.size} under way`,
      seconds(now - this.#startedAt),
      ...(waiting ? [`${nameOf(oldest[0])} takes ${seconds(now - oldest[1])} so far`] : []),
    ].join('; ')
  }
}

/** Such as `ServicePrincipal file-manager`. */
function nameOf(urn: string): string {
  const { type, name } = resourceOf(urn)
  return `${type.split(':').at(-1)} ${name}`
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`
}
