import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureEngine } from '../../engine/index.ts'
import { readRunningTenant } from '../../tenant/index.ts'
import { REPOSITORY, type RunOptions, run } from '../support/stage.ts'

/** The newcomer's command, on a data directory of its own. */
describe.sequential('demo', () => {
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-demo-'))
  })
  afterAll(() => rm(dir, { recursive: true, force: true }))

  const demo = (options?: RunOptions) => demoIn(dir, options)

  it('stops cleanly on Ctrl-C in the middle of pulumi up', async () => {
    let sent = false
    const ended = await demo({
      onOutput: (soFar, kill) => {
        if (sent || !/azuread:index:Application /.test(soFar)) return
        sent = true
        kill('SIGINT')
      },
    })
    expect(ended.code, ended.output).toBe(130)
    expect(ended.stderr).toMatch(/Interrupted; .*running the same command again continues/)
    expect(running(dir)).toBe(false)
  })

  it('continues after that, and says what it does in order', async () => {
    const ended = await demo()
    expect(ended.code, ended.output).toBe(0)
    expect(ended.output.indexOf('Engine: ')).toBeGreaterThanOrEqual(0)
    expect(ended.stderr).toMatch(
      /1\. The engine[\s\S]*2\. The local tenant[\s\S]*https:\/\/localhost:\d+[\s\S]*3\. pulumi up[\s\S]*4\. The proof/,
    )
    expect(ended.stdout).toMatch(/azuread:index:ApplicationPassword/)
    expect(ended.stdout).toMatch(/drive\/root\/children .*Documents\//)
    expect(ended.stdout).toMatch(/Proved: \d+ checks passed/)
    expect(ended.stdout).not.toContain('\u001b[')
  })

  it('is a no-op update the second time', async () => {
    const ended = await demo()
    expect(ended.code, ended.output).toBe(0)
    expect(ended.stdout).toMatch(/Resources:\s+\d+ unchanged\n/)
  })

  it('leaves no secret anywhere but in the encrypted state', async () => {
    const secret = await issuedSecret(dir)
    const ended = await demo()
    expect(ended.output).not.toContain(secret)
    const holders = []
    for (const file of await files(dir)) if ((await readFile(file)).includes(secret)) holders.push(file)
    expect(holders).toEqual([])
  })

  it('continues by itself after it was killed together with its engine, whose lock nobody holds any more', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'entra-apps-demo-'))
    let sent = false
    const killed = await demoIn(dir, {
      onOutput: (soFar, kill) => {
        if (sent || !/azuread:index:ServicePrincipal .*creating/.test(soFar)) return
        sent = true
        process.kill(lockHolder(dir), 'SIGKILL')
        kill('SIGKILL')
      },
    })
    expect(killed.code, killed.output).not.toBe(0)
    const ended = await demoIn(dir)
    expect(ended.code, ended.output).toBe(0)
    expect(ended.stderr).toMatch(/pulumi cancel: process \d+, which locked the stack at .*, is gone/)
    await rm(dir, { recursive: true })
  })

  it('keeps what is private readable by its owner only', async () => {
    expect((await stat(dir)).mode & 0o077).toBe(0)
    for (const name of ['tenant.db', 'ca-key.pem', 'deployer-secret']) {
      expect((await stat(join(dir, name))).mode & 0o077, name).toBe(0)
    }
  })
})

function demoIn(dir: string, options: RunOptions = {}) {
  return run(process.execPath, [join(REPOSITORY, 'scripts/main.js'), 'demo', '--data', dir], {
    cwd: REPOSITORY,
    ...options,
  })
}

/** Whether a tenant still runs on the data directory. */
function running(dir: string): boolean {
  return readRunningTenant(dir) !== undefined
}

/** The process that Pulumi's file back end names in its lock. */
function lockHolder(dir: string): number {
  const locks = join(dir, 'pulumi-state/.pulumi/locks/organization/entra-apps/local')
  const [lock = ''] = readdirSync(locks)
  return Number(JSON.parse(readFileSync(join(locks, lock), 'utf8')).pid)
}

/** The value of the demo's secret, read from the state the way a consumer would. */
async function issuedSecret(dir: string): Promise<string> {
  const engine = await ensureEngine()
  const env = {
    ...process.env,
    PULUMI_BACKEND_URL: `file://${join(dir, 'pulumi-state')}`,
    PULUMI_CONFIG_PASSPHRASE: 'local-tenant',
  }
  const args = ['stack', 'output', 'secretValues', '--json', '--show-secrets', '--stack', 'local']
  const { stdout } = await run(engine.command, args, { cwd: REPOSITORY, env })
  return JSON.parse(stdout)['file-manager'].onedrive['1']
}

async function files(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
