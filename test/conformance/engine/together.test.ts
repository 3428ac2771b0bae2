import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as tick } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { contextOf } from '../../../engine/context.ts'
import { ensureEngine } from '../../../engine/index.ts'
import { withLock } from '../../../engine/lock.ts'
import { type Sandbox, sandbox } from '../../unit/engine/sandbox.ts'
import { engineFolder, fakeGo } from './fake-go.ts'

/** Another process that asks for the engine; prints its log, and in the end where the engine came from. */
function other(machine: Sandbox): { child: ChildProcess; output: () => string; ended: Promise<unknown> } {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('ask.ts', import.meta.url)), machine.cacheDir],
    {
      env: machine.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
  }
  return { child, output: () => output, ended: once(child, 'close') }
}

const gone = (pid: number) => {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}

test('of two processes one builds, and the other waits for it and says so', async () => {
  const machine = sandbox()
  const go = fakeGo(machine)
  go.hold()
  const first = other(machine)
  await go.held()
  const second = other(machine)
  await vi.waitUntil(() => second.output().includes('Waiting:'), { timeout: 20_000 })
  expect(second.output()).toContain(`Waiting: process ${first.child.pid} is preparing the Pulumi CLI.`)
  go.release()
  await Promise.all([first.ended, second.ended])
  expect(first.output()).toContain('source: build')
  expect(second.output()).toContain('source: cache')
  expect(go.builds()).toEqual(['pulumi-language-nodejs', 'pulumi'])
})

test('a killed process blocks nobody, and what it left half-finished is removed and not used', async () => {
  const machine = sandbox()
  const go = fakeGo(machine)
  go.hold()
  const victim = other(machine)
  const orphan = await go.held()
  onTestFinished(() => void (gone(orphan) || process.kill(orphan, 'SIGKILL')))
  victim.child.kill('SIGKILL')
  await victim.ended
  expect(engineFolder(machine).filter((name) => name.includes('.tmp-'))).toHaveLength(1)
  process.kill(orphan, 'SIGKILL')
  go.release()
  const engine = await ensureEngine({ cacheDir: machine.cacheDir, env: machine.env })
  expect(engine).toMatchObject({ source: 'build' })
  expect(engineFolder(machine)).toHaveLength(1)
})

test('an abort ends the build and removes its files', async () => {
  const machine = sandbox()
  const go = fakeGo(machine)
  go.hold()
  const controller = new AbortController()
  const { cacheDir, env } = machine
  const engine = ensureEngine({ cacheDir, env, signal: controller.signal })
  const outcome = expect(engine).rejects.toMatchObject({
    code: 'INTERRUPTED',
    message: expect.stringContaining('Stopped while building the Node language host'),
  })
  const pid = await go.held()
  controller.abort()
  await outcome
  expect(gone(pid), 'the go process must have ended before the promise settles').toBe(true)
  expect(go.askedToEnd()).toBe(true)
  expect(engineFolder(machine)).toEqual([])
  go.release()
  expect(await ensureEngine({ cacheDir, env })).toMatchObject({ source: 'build' })
})

test('an abort ends the wait for another process', async () => {
  const machine = sandbox()
  const go = fakeGo(machine)
  go.hold()
  const first = other(machine)
  await go.held()
  const controller = new AbortController()
  const { cacheDir, env } = machine
  const waiting = ensureEngine({
    cacheDir,
    env,
    signal: controller.signal,
    log: (line) => line.startsWith('Waiting:') && controller.abort(),
  })
  await expect(waiting).rejects.toMatchObject({ code: 'INTERRUPTED' })
  go.release()
  await first.ended
  expect(first.output()).toContain('source: build')
})

test('a lock admits one at a time within one process, and is free again after a failure', async () => {
  const machine = sandbox()
  mkdirSync(machine.cacheDir)
  const file = join(machine.cacheDir, 'one.lock')
  const context = contextOf(machine)
  let inside = 0
  const visits = [1, 2, 3, 4].map((visit) =>
    withLock(context, file, 'testing', async () => {
      inside += 1
      await tick()
      const alone = inside === 1
      inside -= 1
      if (visit === 1) throw new Error('failed inside')
      return alone
    }),
  )
  const outcomes = await Promise.allSettled(visits)
  expect(outcomes[0]).toMatchObject({ status: 'rejected', reason: { message: 'failed inside' } })
  expect(outcomes.slice(1)).toEqual(Array(3).fill({ status: 'fulfilled', value: true }))
})

test('a lock file that is no lock file is refused with its fix', async () => {
  const machine = sandbox()
  const context = contextOf(machine)
  const locked = withLock(context, join(machine.home, 'missing', 'one.lock'), 'testing', async () => {})
  await expect(locked).rejects.toMatchObject({
    code: 'CACHE_UNUSABLE',
    message: expect.stringContaining('ENTRA_APPS_CACHE'),
  })
})
