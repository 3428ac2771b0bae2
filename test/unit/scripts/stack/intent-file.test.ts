import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { withIntent } from '../../../../scripts/stack/intent-file.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'intents-'))
  vi.stubEnv('TMPDIR', dir)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(dir, { recursive: true, force: true })
})

const run = <T>(work: (file: string) => Promise<T>) =>
  withIntent({ steps: [] }, (env) => work(env['ENTRA_APPS_INTENT'] ?? ''))

it('gives the program its intent, for its owner only, and takes it away again', async () => {
  await run(async (file) => {
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ steps: [] })
    expect((await stat(dirname(file))).mode & 0o077).toBe(0)
  })
  expect(readdirSync(dir)).toEqual([])
})

it('leaves the intent of a run that is under way alone', async () => {
  await run(async (file) => {
    await run(async () => {})
    expect(existsSync(file)).toBe(true)
  })
})

it('removes what a killed run left', async () => {
  const module = new URL('../../../../scripts/stack/intent-file.ts', import.meta.url)
  const script = `
    const { withIntent } = await import(${JSON.stringify(module.href)})
    await withIntent({ steps: [] }, async () => { console.log('in'); await new Promise((done) => setTimeout(done, 60000)) })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: dir },
  })
  await once(child.stdout, 'data')
  await run(async () => {})
  expect(readdirSync(dir)).toHaveLength(1)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await run(async () => {})
  expect(readdirSync(dir)).toEqual([])
})

it('removes an old folder without a lock, not one that is about to get it', async () => {
  await mkdir(join(dir, 'entra-apps-intent-young'))
  await mkdir(join(dir, 'entra-apps-intent-old'))
  utimesSync(join(dir, 'entra-apps-intent-old'), 0, 0)
  await run(async () => {})
  expect(readdirSync(dir)).toEqual(['entra-apps-intent-young'])
})
