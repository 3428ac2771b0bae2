import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REPOSITORY } from '../../support/stage.ts'
import { openRotationStage, type RotationStage } from './support.ts'

const DRIVER = join(REPOSITORY, 'test/engine/rotation/driver.ts')

/** When the run dies by its own hand: at the boundary of every step. */
const BOUNDARIES = [
  /before issue/,
  /after issue/,
  /after proof/,
  /after delivery to dotenv:one/,
  /after delivery to dotenv:two/,
  /before promote/,
  /after promote/,
  /before retire/,
  /after retire/,
  /after refusal/,
]

/**
 * When run and engine are killed from outside, in the middle of a deployment: as it starts, at its first request, at
 * the request that issues or deletes a secret, and once the state has recorded that, which the ledger has not.
 */
const INSIDE: readonly {
  readonly deployment: string
  readonly at: 'start' | 'request' | 'write' | 'recorded'
}[] = [
  { deployment: 'issue', at: 'start' },
  { deployment: 'issue', at: 'request' },
  { deployment: 'issue', at: 'write' },
  { deployment: 'issue', at: 'recorded' },
  { deployment: 'promote', at: 'start' },
  { deployment: 'promote', at: 'request' },
  { deployment: 'retire', at: 'start' },
  { deployment: 'retire', at: 'request' },
  { deployment: 'retire', at: 'write' },
  { deployment: 'retire', at: 'recorded' },
]

const WRITES = /\/(addPassword|removePassword)$/

/**
 * One stack through a rotation after the other, a month apart. Each is killed at another point; the run after it must
 * complete it, and whoever read a secret before, between or after must get a token.
 */
describe.sequential('a rotation that is killed', () => {
  let rotation: RotationStage
  let ahead = 0
  beforeAll(async () => {
    rotation = await openRotationStage()
    await rotation.rotate()
    // One rotation beforehand, so that each of the months has something to retire.
    await nextMonth()
    await rotation.rotate()
  })
  afterAll(() => rotation.close())

  const start = (killAt: string): Run => new Run(rotation, ahead, killAt)

  /** A month later: the last rotation's overlap has passed, and the next one is due. */
  const nextMonth = async (): Promise<Month> => {
    rotation.advance(31)
    ahead += 31 * 86_400_000
    const current = (await rotation.ledger()).find(({ phase }) => phase === 'current')
    return { held: await readBoth(), generation: current?.generation ?? 0 }
  }

  /** What consumers hold before the run: one reads each file at every call, one has read and will not for days. */
  const readBoth = () => Promise.all([rotation.read('one.env'), rotation.read('two.env')])

  const expectServed = async (held: readonly string[], when: string) => {
    const secrets = [...new Set([...held, ...(await readBoth())])]
    expect(await Promise.all(secrets.map((secret) => rotation.token(secret))), when).toEqual(
      secrets.map(() => 'issued'),
    )
  }

  const recover = async ({ held, generation }: Month) => {
    await expectServed(held, 'after the kill')
    const completed = await start('$^').end()
    expect(completed.code, completed.output).toBe(0)
    await expectServed(held, 'after the next run')
    const live = (await rotation.phases()).filter((phase) => !phase.endsWith('retired'))
    expect(live).toEqual([`g${generation} previous`, `g${generation + 1} current`])
    expect(new Set(await readBoth()).size).toBe(1)
    expect(await readBoth()).not.toEqual(held)
    await expectKnown()
  }

  /** Every secret of the tenant is in the state, or `--prune` finds it. */
  const expectKnown = async () => {
    const found = (await rotation.orphans()).map(({ keyId }) => keyId)
    const live = (await rotation.ledger()).flatMap(({ phase, keyId }) => (phase === 'retired' ? [] : [keyId]))
    expect((await rotation.keyIds()).sort()).toEqual([...found, ...live].sort())
  }

  it.each(BOUNDARIES)('%s', async (killAt) => {
    const month = await nextMonth()
    const killed = await start(killAt.source).end()
    expect(killed.signal, killed.output).toBe('SIGKILL')
    await recover(month)
  })

  it.each(INSIDE)('inside $deployment, at $at', async ({ deployment, at }) => {
    const month = await nextMonth()
    await start('$^').killInside(deployment, at)
    await recover(month)
  })

  it('leaves orphans, which are deleted once they are old enough, and only those', async () => {
    const orphans = await rotation.orphans()
    expect(orphans.length).toBeGreaterThan(0)
    expect(await rotation.prune()).toEqual(orphans.filter(({ isYoung }) => !isYoung))
    rotation.advance(1)
    await rotation.prune()
    expect(await rotation.orphans()).toEqual([])
    const live = (await rotation.ledger()).flatMap(({ phase, keyId }) => (phase === 'retired' ? [] : [keyId]))
    expect((await rotation.keyIds()).sort()).toEqual(live.sort())
    await expectServed(await readBoth(), 'after pruning')
  })
})

/** What consumers hold before the run, and which generation is current. */
interface Month {
  readonly held: readonly string[]
  readonly generation: number
}

/** A driver process, and whatever engine runs below it. */
class Run {
  readonly #rotation: RotationStage
  readonly #child: ChildProcess
  readonly #ended: Promise<[number | null, NodeJS.Signals | null]>
  output = ''

  constructor(rotation: RotationStage, ahead: number, killAt: string) {
    this.#rotation = rotation
    const { dir, env } = rotation.stage
    this.#child = spawn(process.execPath, [DRIVER, dir, String(ahead), killAt], {
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

  /** Waits for a moment of a deployment, then kills engine and run together. */
  async killInside(deployment: string, at: (typeof INSIDE)[number]['at']): Promise<void> {
    await this.#until(() => this.output.includes(`@ before ${deployment}`))
    const { tenant } = this.#rotation.stage
    const stateFile = this.#rotation.stateFile
    const since = tenant.requests().length
    const seen = (what: (path: string) => boolean) =>
      tenant
        .requests()
        .slice(since)
        .some(({ path }) => what(path))
    const engine = await this.#until(() => childrenOf(this.#child.pid ?? 0).find((pid) => isPulumiUp(pid)))
    if (at !== 'start') await this.#until(() => seen(() => true))
    if (at === 'write' || at === 'recorded') await this.#until(() => seen((path) => WRITES.test(path)))
    if (at === 'recorded') {
      const before = statSync(stateFile).mtimeMs
      await this.#until(() => statSync(stateFile, { throwIfNoEntry: false })?.mtimeMs !== before)
    }
    process.kill(engine, 'SIGKILL')
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  async #until<T>(ask: () => T | undefined | false): Promise<T> {
    for (;;) {
      const found = ask()
      if (found) return found
      if (this.#child.exitCode !== null)
        throw new Error(`The run ended before its moment came:\n${this.output}`)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)?.ppid === parent)
}

function statOf(pid: number): { ppid: number } | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')
    return { ppid: Number(fields?.[1]) }
  } catch {
    return undefined
  }
}

function isPulumiUp(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[1] === 'up'
  } catch {
    return false
  }
}
