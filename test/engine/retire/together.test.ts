import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { FileLock } from '../../../lib/file-lock.ts'
import { describeOnBackends } from '../../support/backends/index.ts'
import { run } from '../../support/stage.ts'
import { openRotationStage, type RotationStage } from '../rotation/support.ts'
import { deletedPaths, isDeletion, isDisabling, RETIREMENT } from './support.ts'

const MONTH = 31 * 86_400_000

/** A schedule that overlaps itself, or two people who end the same application, in one checkout and in two. */
describeOnBackends(
  'two runs of retire at once',
  (backend) => {
    let rotation: RotationStage
    let other: string
    beforeAll(async () => {
      rotation = await openRotationStage(undefined, { backend })
      // Delivers the secret, which is protected from then on.
      await rotation.rotate()
      other = await mkdtemp(join(tmpdir(), 'entra-apps-checkout-'))
      for (const file of ['Pulumi.yaml', 'Pulumi.test.yaml'])
        await copyFile(join(rotation.stage.dir, file), join(other, file))
    })
    afterAll(async () => {
      await rotation?.close()
      if (other) await rm(other, { recursive: true, force: true })
    })

    const stackFile = async (dir: string) => parse(await readFile(join(dir, 'Pulumi.test.yaml'), 'utf8'))
    const token = async () => rotation.token(await rotation.read('one.env'))
    const since = (count: number) => rotation.stage.tenant.requests().slice(count)

    /** Starts a run in each checkout at the same moment. One of them may refuse what the other has changed meanwhile. */
    const both = async (ahead = 0) => {
      const { dir, env, tenant } = rotation.stage
      const before = tenant.requests().length
      const start = (cwd: string) =>
        run(process.execPath, [RETIREMENT, cwd, String(ahead), '$^', 'retire fm'], { cwd, env })
      const ended = await Promise.all([start(dir), start(other)])
      const output = ended.map((each) => each.output).join('\n---\n')
      expect(
        ended.some(({ code }) => code === 0),
        output,
      ).toBe(true)
      for (const each of ended) {
        if (each.code !== 0) expect(each.output).toMatch(/run the (same )?command again/i)
      }
      return { output, requests: since(before) }
    }

    it('takes its turn in one checkout: the second run changes nothing and says so', async () => {
      const { dir, tenant } = rotation.stage
      const requests = tenant.requests().length
      await mkdir(join(dir, '.entra-apps'), { recursive: true })
      const lock = new FileLock(join(dir, '.entra-apps/retire.lock'))
      expect(lock.tryAcquire()).toBe(true)
      try {
        const before = await readFile(join(dir, 'Pulumi.test.yaml'), 'utf8')
        const refused = await rotation.stage.cli('retire', 'fm', '--force')
        expect(refused.code, refused.output).toBe(2)
        expect(refused.stderr).toContain('Another run of retire is at work in')
        expect(await readFile(join(dir, 'Pulumi.test.yaml'), 'utf8')).toBe(before)
        expect(since(requests).some(isDisabling)).toBe(false)
      } finally {
        lock.release()
      }
    })

    it('disables once, and both files declare it', async () => {
      const declared = await stackFile(other)
      const { requests, output } = await both()
      expect(requests.filter(isDisabling), output).toHaveLength(1)
      expect(await token()).toBe('7000112')
      for (const dir of [rotation.stage.dir, other]) {
        const { retire, ...fm } = (await stackFile(dir)).config['entra-apps:apps'].fm
        expect(retire).toEqual({ after: '30d' })
        expect(fm).toEqual(declared.config['entra-apps:apps'].fm)
      }
      await rotation.expectUnchanged('after two runs that disabled it')
    })

    it('deletes each object once, and the record is whole', async () => {
      const { objectId } = JSON.parse(
        (await rotation.stage.pulumi('stack', 'output', 'apps', '--json')).stdout,
      ).fm
      rotation.advance(31)
      const { requests, output } = await both(MONTH)
      const paths = deletedPaths(requests)
      expect(new Set(paths).size, output).toBe(paths.length)
      expect(requests.filter((each) => isDeletion(each) && each.status < 300)).toHaveLength(1)
      expect(await token()).toBe('700016')
      const { apps, deletedApps } = JSON.parse(
        (await rotation.stage.pulumi('stack', 'output', '--json')).stdout,
      )
      expect(apps).toEqual({})
      expect(deletedApps.fm).toMatchObject({ objectId, displayName: 'FileManager' })
      await rotation.expectUnchanged('after two runs that deleted it')
      const again = await rotation.stage.cli('retire', 'fm')
      expect(again.code, again.output).toBe(0)
    })
  },
  'nightly',
)
