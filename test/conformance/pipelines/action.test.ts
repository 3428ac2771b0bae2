import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Rehearsal, rehearse } from '../../support/rehearsal.ts'
import { REPOSITORY, run } from '../../support/stage.ts'

interface Step {
  readonly id?: string
  readonly run?: string
  readonly shell?: string
  readonly env?: Readonly<Record<string, string>>
}

/** A project whose script `entra-apps` is the command of this repository. */
const MANIFEST = { scripts: { 'entra-apps': `node ${join(REPOSITORY, 'scripts/main.js')}` } }

describe('the step of the action that runs a command', { timeout: 120_000 }, () => {
  let dir: string
  let step: Step
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-action-'))
    await writeFile(join(dir, 'package.json'), JSON.stringify(MANIFEST))
    await writeFile(join(dir, 'Pulumi.yaml'), 'name: x\nruntime: nodejs\n')
    const action = parse(await readFile(join(REPOSITORY, 'action.yml'), 'utf8'))
    step = (action.runs.steps as Step[]).find(({ id }) => id === 'run') ?? {}
  })
  afterAll(() => rm(dir, { recursive: true, force: true }))

  const declare = (settings: string) =>
    writeFile(join(dir, 'Pulumi.dev.yaml'), `config:\n  entra-apps:apps:\n    x: { ${settings} }\n`)

  /** As GitHub's runner does: `shell: bash`, files of its own for outputs and summary. */
  async function act(command: string, env: NodeJS.ProcessEnv = {}) {
    expect(step).toMatchObject({ shell: 'bash', env: { ENTRA_APPS_COMMAND: '${' + '{ inputs.command }}' } })
    const files = await mkdtemp(join(dir, 'runner-'))
    const [script, output, summary] = ['script', 'output', 'summary'].map((name) => join(files, name)) as [
      string,
      string,
      string,
    ]
    await writeFile(script, step.run ?? '')
    for (const file of [output, summary]) await writeFile(file, '')
    const ended = await run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: dir,
      env: {
        PATH: process.env['PATH'],
        HOME: dir,
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: dir,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        RUNNER_TEMP: files,
        ENTRA_APPS_COMMAND: command,
        ...env,
      },
    })
    const lines = (await readFile(output, 'utf8')).trim().split('\n')
    const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)))
    return { ...ended, outputs, summary: await readFile(summary, 'utf8') }
  }

  it('tells the exit code, keeps what was printed, and writes a summary', async () => {
    await declare('displayName: X')
    const ended = await act('check')
    expect(ended.code, ended.output).toBe(0)
    expect(ended.outputs).toEqual({ 'exit-code': '0', report: expect.any(String) })
    expect(await readFile(ended.outputs['report'], 'utf8')).toBe(ended.stdout)
    expect(ended.summary).toBe('## entra-apps check\n\n    No findings in the stack dev.\n')
  })

  it('fails as the command does, with an annotation beside the line', async () => {
    await declare('displayNam: X')
    const ended = await act('check')
    expect([ended.code, ended.outputs['exit-code']], ended.output).toEqual([1, '1'])
    expect(ended.stderr).toMatch(/^::error file=Pulumi\.dev\.yaml,line=3,col=\d+,title=EA001::/m)
    expect(ended.stdout).toContain('::error title=entra-apps check::Exit code 1.')
    const sarif = await act('check --sarif')
    expect(JSON.parse(await readFile(sarif.outputs['report'], 'utf8'))).toMatchObject({ version: '2.1.0' })
    expect(sarif.summary).toBe('')
  })

  it('lets no shell read the command', async () => {
    await declare('displayName: X')
    const before = await readdir(dir)
    const ended = await act('check --stack $(touch a) ;touch b\n`touch c` > d *')
    expect(ended.code).toBe(2)
    expect((await readdir(dir)).filter((name) => !name.startsWith('runner-'))).toEqual(
      before.filter((name) => !name.startsWith('runner-')),
    )
  })

  describe('against a tenant', () => {
    let stage: Rehearsal
    beforeAll(async () => {
      stage = await rehearse()
    }, 120_000)
    afterAll(() => stage.close())

    it('proves a credential of the environment, and leaves the summary to verify', async () => {
      const app = await stage.app({ roles: ['User.Read.All'] })
      const ended = await act('verify --from-env --expect User.Read.All\n  --junit verify.xml', {
        AZURE_AUTHORITY_HOST: stage.tenant.url,
        AZURE_TENANT_ID: stage.tenant.tenantId,
        AZURE_CLIENT_ID: app.clientId,
        AZURE_CLIENT_SECRET: app.secret.value,
        NODE_EXTRA_CA_CERTS: stage.tenant.caFile,
      })
      expect(ended.code, ended.output).toBe(0)
      expect(ended.summary).toMatch(/^## ✅ Proof/)
      expect(ended.summary).not.toContain('## entra-apps')
      expect(await readFile(join(dir, 'verify.xml'), 'utf8')).toContain('failures="0"')
      expect(ended.output + ended.summary).not.toContain(app.secret.value)
    })
  })
})
