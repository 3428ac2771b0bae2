import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { forgetEngine, hasEnded, rememberEngine } from '../../../../scripts/stack/engine-process.ts'

const PROGRAM = join(import.meta.dirname, 'remember-and-wait.ts')

describe.runIf(process.platform === 'linux')('an engine that is remembered', () => {
  let cache: string
  let env: NodeJS.ProcessEnv
  const children: ChildProcess[] = []
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'entra-apps-running-'))
    env = { ...process.env, ENTRA_APPS_CACHE: cache }
  })
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    rmSync(cache, { recursive: true, force: true })
  })

  const start = async (...command: string[]) => {
    const [program = '', ...args] = [...command, process.execPath, PROGRAM]
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    const [pid] = await once(child.stdout!, 'data')
    return { child, lock: { pid: Number(pid), since: new Date().toISOString() } }
  }
  const kill = async (child: ChildProcess) => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const recordFile = () => join(cache, 'running', readdirSync(join(cache, 'running'))[0] ?? '')
  const change = (change: object) => {
    const file = recordFile()
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change }))
  }

  it('has ended once it was killed, and not before', async () => {
    const { child, lock } = await start()
    expect(hasEnded(lock, env)).toBe(false)
    expect(statSync(recordFile()).mode & 0o777).toBe(0o600)
    await kill(child)
    expect(hasEnded(lock, env)).toBe(true)
    forgetEngine(lock.pid, env)
    expect(hasEnded(lock, env)).toBe(false)
  })

  it('has ended once it was killed, even while its parent has not asked how, as below the init of many containers', async () => {
    // `exec sleep` never asks for the exit of the program that the shell started before.
    const { child, lock } = await start('sh', '-c', '"$@" & exec sleep 600', 'sh')
    process.kill(lock.pid, 'SIGKILL')
    const status = () => readFileSync(`/proc/${lock.pid}/stat`, 'utf8').split(') ').at(-1)?.[0]
    await expect.poll(status).toBe('Z')
    expect(hasEnded(lock, env)).toBe(true)
    await kill(child)
  })

  it('has ended when another process has its id by now', async () => {
    const { lock } = await start()
    change({ started: '1' })
    expect(hasEnded(lock, env)).toBe(true)
  })

  it('is in doubt when nobody remembers it, as when another program or computer started it', async () => {
    const { child, lock } = await start()
    await kill(child)
    expect(hasEnded(lock, { ...env, ENTRA_APPS_CACHE: join(cache, 'other') })).toBe(false)
    // The lock of another engine with the same id.
    expect(hasEnded({ ...lock, since: '2099-01-01T00:00:00Z' }, env)).toBe(false)
    expect(hasEnded({ ...lock, since: '2020-01-01T00:00:00Z' }, env)).toBe(false)
    writeFileSync(recordFile(), 'not JSON')
    expect(hasEnded(lock, env)).toBe(false)
  })

  it('has ended with the computer, and is in doubt after the boot of what may be another one', async () => {
    const { lock } = await start()
    const outermost = { namespace: 'pid:[4026531836]', boot: 'another' }
    const isOutermost = JSON.parse(readFileSync(recordFile(), 'utf8')).namespace === outermost.namespace
    change({ ...outermost, machine: '' })
    expect(hasEnded(lock, env)).toBe(false)
    change({ machine: 'another' })
    expect(hasEnded(lock, env)).toBe(false)
    const machine = attempt(() => readFileSync('/etc/machine-id', 'utf8').trim()) ?? ''
    change({ machine })
    expect(hasEnded(lock, env)).toBe(isOutermost && machine !== '')
  })

  it.runIf(canUnshare())('is in doubt when it runs in a container, where its id is another one', async () => {
    // It is process 2 or so in there, which is somebody else here, or nobody; and it is alive.
    const { lock } = await start('unshare', '--pid', '--fork', '--kill-child', '--mount-proc')
    expect(hasEnded(lock, env)).toBe(false)
    // Even a record of an engine of ours that had this id and is gone does not make it so.
    rememberEngine(lock.pid, env)
    expect(readdirSync(join(cache, 'running'))).toHaveLength(2)
    expect(hasEnded({ ...lock, since: new Date(Date.now() - 3_600_000).toISOString() }, env)).toBe(false)
  })
})

function canUnshare(): boolean {
  return attempt(() => execFileSync('unshare', ['--pid', '--fork', '--mount-proc', 'true'])) !== undefined
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
