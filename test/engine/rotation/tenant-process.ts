import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { readRunningTenant } from '../../../tenant/index.ts'
import { REPOSITORY, type StageTenant } from '../../support/stage.ts'

/** A local tenant in a process of its own, which can be killed and started again. */
export interface TenantProcess extends StageTenant {
  /** As hard as a machine that loses power, and as fast back as a service that is restarted. */
  killAndRestart(): Promise<void>
}

/** @param roles application permissions of the deployer beside the least */
export async function startTenantProcess(dataDir: string, roles: readonly string[]): Promise<TenantProcess> {
  let child = await start(dataDir, roles)
  const info = readRunningTenant(dataDir)
  if (!info) throw new Error('The tenant does not say where it is.')
  const { url, port, tenantId, caFile, deployer } = info
  return {
    url,
    tenantId,
    caFile,
    deployer,
    caPem: readFileSync(caFile, 'utf8'),
    graphUrl: url,
    close: () => end(child, 'SIGTERM'),
    killAndRestart: async () => {
      await end(child, 'SIGKILL')
      child = await start(dataDir, roles, port)
    },
  }
}

async function start(dataDir: string, roles: readonly string[], port = 0): Promise<ChildProcess> {
  const args = ['tenant', '--data', dataDir, '--port', String(port), '--allow', ...roles]
  const child = spawn(process.execPath, [join(REPOSITORY, 'scripts/main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  const ready = once(createInterface(child.stdout), 'line')
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The tenant ended with ${code}:\n${said}`)
  })
  await Promise.race([ready, ended])
  ended.catch(() => {})
  return child
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}
