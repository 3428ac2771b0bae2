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

  /** As the CLI refuses a locked stack, until it is told to cancel. */
  const lockedBy = (pid: number) => {
    const command = join(dir, 'pulumi')
    const holder = `${dir}/.pulumi/locks/organization/p/s/1.json: created by ada@${hostname()} (pid ${pid})`
    writeFileSync(
      command,
      `#!/bin/sh
      if [ "$1" = cancel ]; then touch cancelled; exit 0; fi
      if [ -e cancelled ]; then echo deployed; exit 0; fi
      echo "error: the stack is currently locked by 1 lock(s)." >&2
      echo "  file://${holder} at ${new Date().toISOString().slice(0, 19)}Z" >&2
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

  it('is unlocked when one of our engines locked it and is gone', async () => {
    expect(await lockedBy(await killed()).run(['up'])).toMatchObject({ code: 0, stdout: 'deployed\n' })
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
      message: expect.stringMatching(/If that process is gone, unlock the stack with: pulumi cancel/),
    })
    expect(existsSync(join(dir, 'cancelled'))).toBe(false)
    expect(readFileSync(join(dir, 'pulumi'), 'utf8')).toContain(`pid ${pid}`)
  })
})
