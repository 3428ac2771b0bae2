import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withFileLock } from '../../../lib/file-lock.ts'

const PROGRAM = join(import.meta.dirname, 'count-under-lock.ts')

describe('a file lock', () => {
  let dir: string
  let file: string
  const children: ChildProcess[] = []
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'entra-apps-lock-'))
    file = join(dir, 'count')
    writeFileSync(file, '0')
  })
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    rmSync(dir, { recursive: true, force: true })
  })

  const start = (...command: string[]) => {
    const [program = '', ...args] = [...command, process.execPath, PROGRAM]
    return (times: number) => {
      const child = spawn(program, [...args, file, String(times)], { stdio: ['ignore', 'pipe', 'inherit'] })
      children.push(child)
      return child
    }
  }
  const count = () => Number(readFileSync(file, 'utf8'))
  const increment = () =>
    withFileLock(`${file}.lock`, {}, async () => {
      const before = count()
      await new Promise(setImmediate)
      writeFileSync(file, String(before + 1))
    })

  it('admits one at a time, of four processes and of the callers in this one, and leaves nothing', async () => {
    const others = [1, 2, 3, 4].map(() => once(start()(30), 'exit'))
    await Promise.all(Array.from({ length: 30 }, increment))
    expect(await Promise.all(others)).toEqual(Array(4).fill([0, null]))
    expect(count()).toBe(150)
    expect(readdirSync(dir)).toEqual(['count'])
  })

  it('is free again at once when its holder is killed', async () => {
    const holder = start()(0)
    await once(holder.stdout!, 'data')
    const waiting = increment()
    await expect(withFileLock(`${file}.lock`, { timeoutMs: 100 }, async () => {})).rejects.toThrow(
      /another process has held the lock file .*count\.lock for 0\.1 s/,
    )
    expect(count()).toBe(0)
    holder.kill('SIGKILL')
    await waiting
    expect(count()).toBe(1)
    expect(readdirSync(dir)).toEqual(['count'])
  })

  it.runIf(canUnshare())(
    'is not taken from a holder with process ids of its own, as in a container',
    async () => {
      // In a namespace of its own the holder is process 1, which is somebody else here.
      const holder = start('unshare', '--pid', '--fork', '--kill-child', '--mount-proc')(0)
      await once(holder.stdout!, 'data')
      await expect(withFileLock(`${file}.lock`, { timeoutMs: 300 }, async () => {})).rejects.toThrow(
        /has held/,
      )
      holder.kill('SIGKILL')
      await increment()
    },
  )

  it('stops waiting when it is told to, and says why it cannot lock', async () => {
    const holder = start()(0)
    await once(holder.stdout!, 'data')
    const signal = AbortSignal.timeout(50)
    await expect(withFileLock(`${file}.lock`, { signal }, async () => {})).rejects.toThrow(/abort/i)
    await expect(withFileLock(join(dir, 'no/such.lock'), {}, async () => {})).rejects.toThrow(/ENOENT/)
    writeFileSync(join(dir, 'own'), 'a file of somebody else'.repeat(100))
    await expect(withFileLock(join(dir, 'own'), {}, async () => {})).rejects.toThrow(/not a database/)
    expect(readFileSync(join(dir, 'own'), 'utf8')).toContain('somebody else')
  })
})

function canUnshare(): boolean {
  try {
    execFileSync('unshare', ['--pid', '--fork', '--mount-proc', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
