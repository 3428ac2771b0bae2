import { expect, it, onTestFinished } from 'vitest'
import { FILE_MANAGER, openStage, run } from '../support/stage.ts'

/** Everything that Pulumi can be told to log, and with it the secrets that it handles. */
const LOUD = {
  PULUMI_OPTION_DEBUG: 'true',
  PULUMI_OPTION_VERBOSE: '11',
  PULUMI_OPTION_LOGTOSTDERR: 'true',
  PULUMI_OPTION_LOGFLOW: 'true',
  PULUMI_OPTION_SHOW_SECRETS: 'true',
}

it('show no secret of a deployment, and are named in one line', async () => {
  const stage = await openStage()
  onTestFinished(() => stage.close())
  await stage.declare({
    'file-manager': {
      ...FILE_MANAGER,
      secrets: { onedrive: { displayName: 'OneDrive', lifetime: '180d', rotateEvery: '90d' } },
    },
  })
  const runs = [await stage.cliWith(LOUD, 'up'), await stage.cliWith(LOUD, 'rotate', '--now')]
  const { stdout } = await stage.pulumi('stack', 'output', 'secretValues', '--json', '--show-secrets')
  const values = Object.values(JSON.parse(stdout)['file-manager'].onedrive as Record<string, string>)
  expect(values.length).toBeGreaterThan(1)

  // Without us Pulumi prints them: what follows would find a secret if there was one.
  const env = { ...stage.env, ...LOUD }
  const args = ['up', '--yes', '--skip-preview', '--non-interactive', '--stack', 'test']
  const { output: loud } = await run('pulumi', args, { cwd: stage.dir, env })
  expect(values.some((secret) => loud.includes(secret))).toBe(true)

  for (const { code, output, stderr } of runs) {
    expect(code, output).toBe(0)
    expect(stderr.match(/^Not passed on, .*PULUMI_OPTION_DEBUG.*PULUMI_OPTION_VERBOSE/gm)).toHaveLength(1)
    for (const secret of [...values, stage.env['ARM_CLIENT_SECRET'] ?? '']) {
      expect(output.includes(secret)).toBe(false)
      expect(output.includes(Buffer.from(secret).toString('base64'))).toBe(false)
    }
  }
})
