import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Mask } from '../../../../scripts/lib/mask.ts'
import { rememberEngine } from '../../../../scripts/stack/engine-process.ts'
import { Pulumi } from '../../../../scripts/stack/pulumi.ts'
import { StackChanges } from '../../../../scripts/stack/stack-changes.ts'

describe.skipIf(process.platform === 'win32')('a stack that another engine has locked', () => {
  let dir: string
  let env: NodeJS.ProcessEnv
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'entra-apps-locked-'))
    env = { PATH: process.env['PATH'], ENTRA_APPS_CACHE: join(dir, 'cache') }
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  const FILE = 'file:///state/.pulumi/locks/organization/p/s/1.json'
  const TABLE =
    'postgres://****:****@db.example.com/pulumi/.pulumi/locks/organization/p/s/1.json?sslmode=require'

  /** As the CLI refuses a locked stack, until it is told to cancel, which takes a moment. */
  const lockedBy = (pid: number, { place = FILE, host = hostname(), others = '' } = {}) => {
    const command = join(dir, 'pulumi')
    const at = `${new Date().toISOString().slice(0, 19)}Z`
    writeFileSync(
      command,
      `#!/bin/sh
      if [ "$1" = cancel ]; then sleep 0.3; echo >> cancelled; exit 0; fi
      if [ -e cancelled ]; then echo deployed; exit 0; fi
      echo "error: the stack is currently locked by 1 lock(s)." >&2
      echo "  ${place}: created by ada@${host} (pid ${pid}) at ${at}" >&2
      ${others && `echo "  ${place}: created by ada@${host} (pid ${others}) at ${at}" >&2`}
      exit 255`,
    )
    chmodSync(command, 0o755)
    const pulumi = new Pulumi({ command, cwd: dir, env, mask: new Mask() })
    return new StackChanges(pulumi, { note: () => {}, lockTimeoutMs: 0 })
  }
  /** The process id of an engine that was started, and killed. */
  const killed = async () => {
    const child = spawn('sleep', ['600'])
    const pid = child.pid ?? expect.unreachable()
    rememberEngine(pid, env)
    child.kill('SIGKILL')
    await once(child, 'exit')
    return pid
  }

  it.each([FILE, TABLE])('is unlocked when one of our engines locked it and is gone: %s', async (place) => {
    const ended = await lockedBy(await killed(), { place }).run(['up'])
    expect(ended).toMatchObject({ code: 0, stdout: 'deployed\n' })
  })

  it('is unlocked once by runs that find it at the same time, since unlocking removes every lock', async () => {
    const changes = lockedBy(await killed())
    await Promise.all([changes.run(['up']), changes.run(['up'])])
    expect(readFileSync(join(dir, 'cancelled'), 'utf8')).toBe('\n')
  })

  it('is waited for while one of its two holders may be alive', async () => {
    const changes = lockedBy(await killed(), { others: String(process.pid) })
    await expect(changes.run(['up'])).rejects.toMatchObject({
      code: 'STACK_LOCKED',
      message: expect.stringMatching(/process \d+ on \S+, since \S+, and process \d+ on/),
    })
    expect(existsSync(join(dir, 'cancelled'))).toBe(false)
  })

  it('is waited for when another computer locked it, with how to tell whether the lock is stale', async () => {
    const pid = await killed()
    await expect(lockedBy(pid, { place: TABLE, host: 'runner-7' }).run(['up'])).rejects.toMatchObject({
      message: expect.stringMatching(
        /postgres:\/\/\*{4}:\*{4}@db\S+\.json[\s\S]*stale when[\s\S]*on runner-7, `ps -p \d+`[\s\S]*pulumi cancel/,
      ),
    })
    expect(existsSync(join(dir, 'cancelled'))).toBe(false)
  })

  it('is unlocked by the run whose engine was killed below it', async () => {
    const command = join(dir, 'killed')
    writeFileSync(command, '#!/bin/sh\necho $$\nkill -9 $$')
    chmodSync(command, 0o755)
    const ended = await new Pulumi({ command, cwd: dir, env, mask: new Mask() }).attempt(['up'])
    expect(ended.code).not.toBe(0)
    expect(await lockedBy(Number(ended.stdout)).run(['up'])).toMatchObject({ code: 0, stdout: 'deployed\n' })
  })

  it('is waited for when a process that is not here may be in another container', async () => {
    const pid = await killed()
    rmSync(join(dir, 'cache'), { recursive: true })
    await expect(lockedBy(pid).run(['up'])).rejects.toMatchObject({
      code: 'STACK_LOCKED',
      message: expect.stringMatching(/unlock the stack with: pulumi cancel/),
    })
    expect(existsSync(join(dir, 'cancelled'))).toBe(false)
    expect(readFileSync(join(dir, 'pulumi'), 'utf8')).toContain(`pid ${pid}`)
  })
})
