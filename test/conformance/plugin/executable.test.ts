import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { startTenant } from '../../../tenant/index.ts'
import { EngineClient } from '../../unit/plugin/engine-client.ts'

const EXECUTABLE = fileURLToPath(new URL('../../../plugin/pulumi-resource-azuread', import.meta.url))

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plugin-start-'))
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function startPlugin(
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<{ engine: EngineClient; child: ChildProcess }> {
  const child = spawn(file, ['127.0.0.1:1'], { cwd: tmpdir(), env: { PATH: process.env['PATH'], ...env } })
  cleanups.push(() => child.kill())
  const [line] = await once(createInterface(child.stdout), 'line')
  const engine = new EngineClient(Number(line))
  cleanups.push(() => engine.close())
  return { engine, child }
}

describe('the executable', () => {
  it('starts through a link from anywhere and trusts the certificate that SSL_CERT_FILE names', async () => {
    const folder = temporaryFolder()
    const tenant = await startTenant({ dataDir: join(folder, 'tenant') })
    cleanups.push(() => tenant.close())
    const link = join(folder, 'pulumi-resource-azuread')
    symlinkSync(EXECUTABLE, link)
    const settings = {
      ARM_METADATA_HOSTNAME: `localhost:${tenant.port}`,
      ARM_CLIENT_ID: tenant.deployer.clientId,
    }
    const configuration = { tenantId: tenant.tenantId, clientSecret: 'not the secret' }

    const trusting = await startPlugin(link, { ...settings, SSL_CERT_FILE: tenant.caFile })
    await expect(trusting.engine.call('configure', { Args: configuration })).rejects.toThrow(/AADSTS7000215/)

    const missing = { ...settings, SSL_CERT_FILE: join(folder, 'no-such-file.pem') }
    const strange = await startPlugin(EXECUTABLE, missing)
    await expect(strange.engine.call('configure', { Args: configuration })).rejects.toThrow(
      /SSL_CERT_FILE must name its ca\.pem/,
    )
  })

  it('ends when the process that started it is gone', async () => {
    const shell = spawn('sh', ['-c', `'${EXECUTABLE}' 127.0.0.1:1 & echo $! >&2; wait`], { stdio: 'pipe' })
    const [pid] = await once(createInterface(shell.stderr), 'line')
    await once(createInterface(shell.stdout), 'line')
    shell.kill('SIGKILL')
    await expect.poll(() => isRunning(Number(pid)), { timeout: 20_000, interval: 200 }).toBe(false)
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
