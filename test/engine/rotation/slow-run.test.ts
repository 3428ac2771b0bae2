import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REPOSITORY, run } from '../../support/stage.ts'
import { openRotationStage, type RotationStage } from './support.ts'

const DRIVER = join(REPOSITORY, 'test/engine/rotation/driver.ts')

/** Its first call hangs until a file is there; each call then writes down what it was given, as another store would. */
const COMMAND = `
  if mkdir first 2> /dev/null; then while ! [ -e go ]; do sleep 0.1; done; fi
  cat >> given.txt; echo >> given.txt`

describe('a run that hangs in a delivery while two others rotate', () => {
  let rotation: RotationStage
  beforeAll(async () => {
    rotation = await openRotationStage({
      secrets: {
        onedrive: {
          displayName: 'OneDrive',
          lifetime: '90d',
          rotateEvery: '30d',
          overlap: '7d',
          deliver: [
            { exec: { command: ['sh', '-c', COMMAND], timeout: '10m' } },
            { dotenv: { file: 'one.env', variable: 'CLIENT_SECRET' } },
          ],
        },
      },
    })
  })
  afterAll(() => rotation.close())

  it('overwrites nothing, and puts back what it wrote', async () => {
    const { dir, env } = rotation.stage
    const path = (name: string) => join(dir, name)
    // On one computer no program delivers beside itself; the slow run is on another one.
    const elsewhere = { ...env, ENTRA_APPS_CACHE: path('other-cache') }
    const slow = run(process.execPath, [DRIVER, dir, '0', '$^', 'now'], { cwd: dir, env: elsewhere })
    await expect.poll(() => existsSync(path('first')), { timeout: 120_000 }).toBe(true)
    const second = await rotation.rotate('due')
    expect(second, JSON.stringify(second)).toMatchObject({ ok: true })
    const third = await rotation.rotate('revoke-now')
    expect(third, JSON.stringify(third)).toMatchObject({ ok: true })
    expect(await rotation.phases()).toEqual(['g1 retired', 'g2 retired', 'g3 current'])
    const delivered = await rotation.read('one.env')

    writeFileSync(path('go'), '')
    const { code, output } = await slow
    expect(code, output).toBe(1)
    expect(output).toMatch(/putting g3 back to exec:/)
    expect(await rotation.read('one.env')).toBe(delivered)
    expect(await rotation.token(delivered)).toBe('issued')
    const given = readFileSync(path('given.txt'), 'utf8').trim().split('\n')
    expect(given.map((line) => JSON.parse(line).generation)).toEqual([2, 3, 2, 3])

    expect(await rotation.rotate()).toEqual({ ok: true, outcomes: [] })
    expect(await rotation.phases()).toEqual(['g1 retired', 'g2 retired', 'g3 current'])
    expect(await rotation.orphans()).toEqual([])
  })

  it('repairs a file that somebody changed, though nothing is due', async () => {
    const file = join(rotation.stage.dir, 'one.env')
    const before = readFileSync(file, 'utf8')
    writeFileSync(file, 'CLIENT_SECRET=retired\n')
    expect(await rotation.rotate()).toMatchObject({ ok: true, outcomes: [{ result: 'delivered' }] })
    expect(readFileSync(file, 'utf8')).toBe(before)
    await rotation.expectUnchanged('after the repair')
  })
})
