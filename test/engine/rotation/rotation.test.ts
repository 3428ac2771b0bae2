import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeOnBackends } from '../../support/backends/index.ts'
import { FILE_MANAGER } from '../../support/stage.ts'
import { openRotationStage, ROTATED, type RotationStage } from './support.ts'

/** The commands as a person or a pipeline runs them, in order: each step starts from what the one before it left. */
describeOnBackends(
  'rotation by the commands',
  (backend) => {
    let rotation: RotationStage
    beforeAll(async () => {
      rotation = await openRotationStage(undefined, { backend })
    })
    afterAll(() => rotation?.close())

    const cli = async (code: number, ...args: string[]) => {
      const ended = await rotation.stage.cli(...args)
      expect(ended.code, ended.output).toBe(code)
      expect(ended.output).not.toMatch(/8Q~/)
      return ended.stdout
    }

    it('delivers the first generation, which pulumi up cannot', async () => {
      expect(await cli(0, 'rotate', '--dry-run')).toMatch(
        /Plan: 1 action\.\n {2}fm\/onedrive: deliver g1 to dotenv:one\.env#CLIENT_SECRET, dotenv:two\.env#CLIENT_SECRET/,
      )
      expect(await cli(0, 'rotate')).toMatch(/✓ fm\/onedrive g1 delivered/)
      expect(await rotation.token(await rotation.read('one.env'))).toBe('issued')
      expect((await stat(join(rotation.stage.dir, 'two.env'))).mode & 0o777).toBe(0o600)
    })

    it('finds nothing more to do', async () => {
      expect(await cli(0, 'rotate')).toMatch(/Plan: nothing is due\.\n.*nothing to do, g1 is due on/)
    })

    it('shows the plan as JSON and changes nothing', async () => {
      const { plan } = JSON.parse(await cli(0, 'rotate', '--now', '--dry-run', '--json'))
      expect(plan).toEqual([
        expect.objectContaining({
          app: 'fm',
          secret: 'onedrive',
          do: 'issue',
          generation: 2,
          because: 'asked for',
        }),
      ])
      expect(await rotation.phases()).toEqual(['g1 current'])
    })

    it('rotates on demand, and keeps the previous one valid', async () => {
      const old = await rotation.read('one.env')
      expect(
        await cli(0, 'rotate', '--now', '--app', 'fm', '--secret', 'onedrive', '--successes', '1'),
      ).toMatch(/✓ fm\/onedrive g2 rotated: proved/)
      expect(await rotation.phases()).toEqual(['g1 previous', 'g2 current'])
      const held = await rotation.read('two.env')
      expect(held).not.toBe(old)
      expect([await rotation.token(old), await rotation.token(held)]).toEqual(['issued', 'issued'])
    })

    it('is unchanged by pulumi up, which does not rotate', async () => {
      const up = await rotation.stage.pulumi('up', '--yes', '--expect-no-changes')
      expect(up.code, up.output).toBe(0)
    })

    it('gives a changed file the current secret again', async () => {
      await rm(join(rotation.stage.dir, 'two.env'))
      expect(await cli(0, 'deliver')).toMatch(
        /one\.env#CLIENT_SECRET confirmed, .*two\.env#CLIENT_SECRET written/,
      )
      expect(await rotation.read('two.env')).toBe(await rotation.read('one.env'))
    })

    it('withdraws a new generation that cannot be delivered, and puts the files back', async () => {
      const { dir } = rotation.stage
      const before = await rotation.read('one.env')
      await rm(join(dir, 'two.env'))
      await mkdir(join(dir, 'two.env'))
      expect(await cli(1, 'rotate', '--now', '--successes', '1')).toMatch(
        /✗ fm\/onedrive g3 withdrawn: not delivered: dotenv:two\.env#CLIENT_SECRET: EISDIR.*g2 is back at dotenv:one\.env/,
      )
      expect(await rotation.read('one.env')).toBe(before)
      expect(await rotation.phases()).toEqual(['g1 previous', 'g2 current', 'g3 previous'])
      await rm(join(dir, 'two.env'), { recursive: true })
      await cli(0, 'deliver')
    })

    it('replaces a leaked secret at once when asked, and proves that the old ones are refused', async () => {
      const leaked = await rotation.read('one.env')
      const stdout = await cli(0, 'rotate', '--revoke', '--immediately', '--successes', '1')
      expect(stdout).toMatch(/g2 is deleted at once; WARNING: consumers that still hold it are cut off/)
      expect(stdout).toMatch(/g2 retired: deleted, and refused since/)
      expect(await rotation.token(leaked)).toBe('7000215')
      expect(await rotation.token(await rotation.read('one.env'))).toBe('issued')
      expect(await rotation.phases()).toEqual(['g1 retired', 'g2 retired', 'g3 retired', 'g4 current'])
    })

    it('finds no orphan where there is none', async () => {
      expect(await cli(0, 'rotate', '--prune')).toMatch(/No orphaned secrets/)
    })

    it('reports every generation, and fails for one that ends too soon', async () => {
      const page = join(rotation.stage.dir, 'report.html')
      const { credentials } = JSON.parse(
        await cli(0, 'report', '--json', '--html', page, '--fail-within', '30d'),
      )
      expect(credentials.map(({ phase }: { phase: string }) => phase)).toEqual([
        'retired',
        'retired',
        'retired',
        'current',
      ])
      expect((await readFile(page, 'utf8')).match(/class="generation"/g)).toHaveLength(4)
      expect(await cli(1, 'report', '--fail-within', '100d')).toMatch(/fm\/onedrive g4.*it ends too soon/)
      const wrong = await rotation.stage.cli('report', '--fail-within', 'soon')
      expect(wrong.code, wrong.output).toBe(2)
      expect(wrong.stderr).toMatch(/--fail-within: "soon" is not a duration/)
    })

    it.each([
      ['two requests', ['--now', '--retire'], /--now and --retire exclude each other/],
      ['--immediately alone', ['--immediately'], /it goes with --revoke only/],
      [
        'an application that is not declared',
        ['--app', 'fn'],
        /No application "fn" is declared; did you mean "fm"/,
      ],
      ['a secret that is not declared', ['--secret', 'x'], /No secret "x" is declared; declared: onedrive/],
    ])('refuses %s', async (_, args, wanted) => {
      const ended = await rotation.stage.cli('rotate', ...args)
      expect(ended.code, ended.output).toBe(2)
      expect(ended.stderr).toMatch(wanted)
    })

    it('does not let a plain deployment take away what consumers use', async () => {
      await rotation.stage.declare({ fm: { ...FILE_MANAGER, secrets: {} } })
      const up = await rotation.stage.pulumi('up', '--yes')
      expect(up.code).not.toBe(0)
      expect(up.output).toMatch(/fm-onedrive-g4.*cannot be deleted[\s\S]*protected/)
      expect(await rotation.token(await rotation.read('one.env'))).toBe('issued')
      await rotation.stage.declare({ fm: { ...FILE_MANAGER, secrets: { onedrive: ROTATED } } })
      const back = await rotation.stage.pulumi('up', '--yes', '--expect-no-changes')
      expect(back.code, back.output).toBe(0)
    })

    it('is destroyed once it is unprotected', async () => {
      expect((await rotation.stage.pulumi('destroy', '--yes')).output).toMatch(/cannot be deleted/)
      const freed = await rotation.stage.pulumi('state', 'unprotect', '--all', '--yes')
      expect(freed.code, freed.output).toBe(0)
      const gone = await rotation.stage.pulumi('destroy', '--yes')
      expect(gone.code, gone.output).toBe(0)
    })
  },
  'nightly',
)
