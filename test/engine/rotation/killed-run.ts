import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { REPOSITORY } from '../../support/stage.ts'
import { childrenOf, commandOf } from './processes.ts'
import type { RotationStage } from './support.ts'

const ROTATION = join(REPOSITORY, 'test/engine/rotation/driver.ts')

/**
 * A moment inside a deployment: as it starts, at its first request, once the state holds a new key, at the request that
 * matters, such as one that issues or deletes a credential, once the state has recorded that, which the ledger has not, and
 * once it holds the new key id.
 */
export type Moment = 'start' | 'request' | 'stashed' | 'write' | 'recorded' | 'keyId'

export type TenantRequest = ReturnType<RotationStage['stage']['tenant']['requests']>[number]

/** A secret is issued and deleted by an action; a certificate by a change of its application. */
function isOfCredential({ method, path }: TenantRequest): boolean {
  return (
    /\/(addPassword|removePassword)$/.test(path) ||
    (method === 'PATCH' && /\/applications\/[^/]+$/.test(path))
  )
}

/** How many keys of certificates, or key ids of credentials, a state holds. */
const KEYS = '"pulumi:index:Stash"'
const KEY_IDS = '"keyId"'

const countIn = (state: string, text: string): number => state.split(text).length - 1

/** A driver process, and whatever engine runs below it. */
export class KilledRun {
  readonly #rotation: RotationStage
  readonly #child: ChildProcess
  readonly #ended: Promise<[number | null, NodeJS.Signals | null]>
  output = ''

  /**
   * @param ahead milliseconds that its clock is ahead of this computer's
   * @param killAt the moment at which it kills itself; `$^` never comes
   * @param driver what runs. Default: a rotation
   */
  constructor(rotation: RotationStage, ahead: number, killAt: string, mode = 'due', driver = ROTATION) {
    this.#rotation = rotation
    const { dir, env } = rotation.stage
    this.#child = spawn(process.execPath, [driver, dir, String(ahead), killAt, mode], {
      cwd: dir,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const keep = (text: string) => {
      this.output += text
    }
    this.#child.stdout?.setEncoding('utf8').on('data', keep)
    this.#child.stderr?.setEncoding('utf8').on('data', keep)
    this.#ended = once(this.#child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  }

  async end(): Promise<{ code: number | null; signal: NodeJS.Signals | null; output: string }> {
    const [code, signal] = await this.#ended
    return { code, signal, output: this.output }
  }

  /**
   * Waits for a moment of a deployment, then kills engine and run together.
   *
   * @param at the moment, or whether it has come by what the state holds
   * @param isWrite the request that matters. Default: one that issues or deletes a credential
   */
  async killInside(
    deployment: string,
    at: Moment | ((state: string) => boolean),
    isWrite = isOfCredential,
  ): Promise<void> {
    await this.#until(() => this.output.includes(`@ before ${deployment}`))
    const { stage } = this.#rotation
    const since = stage.tenant.requests().length
    const before = await stage.state()
    const seen = (what: (request: TenantRequest) => boolean) =>
      stage.tenant.requests().slice(since).some(what)
    const more = (text: string) => async () => countIn(await stage.state(), text) > countIn(before, text)
    await this.#until(() => this.#engine())
    const kill = () => {
      const engine = this.#engine()
      if (engine) process.kill(engine, 'SIGKILL')
      this.#child.kill('SIGKILL')
    }
    if (at === 'request' || at === 'write') {
      // At once: when this process is slow to look, the engine may be done with the answer, and gone.
      const isMoment = at === 'write' ? isWrite : () => true
      const look = () => {
        if (!this.#child.killed && seen(isMoment)) kill()
      }
      const stop = stage.beforeAnswers(look)
      look()
      const [code] = await this.#ended
      stop()
      if (code !== null) throw new Error(`The run ended before its moment came:\n${this.output}`)
      return
    }
    if (typeof at === 'function') await this.#until(async () => at(await stage.state()))
    else if (at === 'stashed') await this.#until(more(KEYS))
    else if (at !== 'start' && at !== 'recorded') await this.#until(() => seen(() => true))
    if (at === 'keyId') await this.#until(more(KEY_IDS))
    if (at === 'recorded') await this.#recorded(() => seen(isWrite))
    kill()
    await this.#ended
  }

  /**
   * Waits until the state has recorded a write. Reading what it held before begins before the tenant's answer leaves; where the read
   * was so slow that it holds the write already (a database is asked by another process), the end of the engine tells as much.
   */
  async #recorded(isWritten: () => boolean): Promise<void> {
    const { stage } = this.#rotation
    let unrecorded = isWritten() ? stage.state() : undefined
    const stop = stage.beforeAnswers(() => {
      if (!unrecorded && isWritten()) unrecorded = stage.state()
    })
    const held = await (await this.#until(() => unrecorded && { read: unrecorded })).read
    stop()
    await this.#until(async () => ![held, ''].includes(await stage.state()) || !this.#engine())
  }

  /** The engine at work now: one that meets a stale lock ends at once, and another follows. */
  #engine(): number | undefined {
    return childrenOf(this.#child.pid ?? 0).find((pid) => isPulumiUp(pid))
  }

  async #until<T>(ask: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
    for (;;) {
      const found = await ask()
      if (found) return found
      if (this.#child.exitCode !== null)
        throw new Error(`The run ended before its moment came:\n${this.output}`)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
}

const isPulumiUp = (pid: number): boolean => commandOf(pid)[1] === 'up'
