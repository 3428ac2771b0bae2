import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { AppOutputs } from '../../../infra/contract/outputs.ts'
import { type DoctorReport, doctorReport } from '../../../scripts/doctor/report.ts'
import { type ProofReport, proofReport } from '../../../scripts/proof/model/report.ts'
import { deployerGraph, type Rehearsal, trust } from '../../support/rehearsal.ts'
import { FILE_MANAGER, openStage, type Stage } from '../../support/stage.ts'

/** `verify` and `doctor` on a stack that the real engine deployed. */
describe.sequential('a deployed stack', () => {
  let stage: Stage
  let graph: Rehearsal['graph']
  let app: AppOutputs
  beforeAll(async () => {
    stage = await openStage()
    trust(stage.tenant.caPem)
    graph = await deployerGraph(stage.tenant)
  })
  afterAll(() => stage.close())

  const verify = async (...args: string[]) => {
    const ended = await stage.cli('verify', '--json', ...args)
    if (!ended.stdout.startsWith('{')) throw new Error(ended.output)
    const report = proofReport.parse(JSON.parse(ended.stdout))
    return { code: ended.code, problems: problemsIn(report), report }
  }
  const problemsIn = ({ apps }: ProofReport) =>
    apps
      .flatMap(({ checks, credentials }) => [...checks, ...credentials.flatMap((each) => each.checks)])
      .filter(({ status }) => status === 'failed' || status === 'warning')
      .map(({ name, explanation, status }) => `${explanation?.code ?? status}: ${name}`)
  const doctor = async (env: NodeJS.ProcessEnv = {}) => {
    const ended = await stage.cliWith(env, 'doctor', '--json')
    if (!ended.stdout.startsWith('{')) throw new Error(ended.output)
    return { code: ended.code, missing: missingIn(doctorReport.parse(JSON.parse(ended.stdout))) }
  }
  const missingIn = ({ sections }: DoctorReport) =>
    sections
      .flatMap(({ checks }) => checks)
      .filter(({ status }) => status === 'failed')
      .map(({ name, explanation, detail }) => `${name}: ${explanation?.code ?? detail}`)

  it('is ready by doctor before the first deployment, and has nothing to prove yet', async () => {
    await stage.declare({ 'file-manager': FILE_MANAGER })
    expect(await doctor()).toEqual({ code: 0, missing: [] })
    const ended = await stage.cli('verify')
    expect(ended.code, ended.output).toBe(2)
    expect(ended.stderr).toContain('has no applications yet')
  })

  it('is proved after it, registration and all', async () => {
    const up = await stage.cli('up')
    expect(up.code, up.output).toBe(0)
    const { code, problems, report } = await verify('--live')
    expect({ code, problems }).toEqual({ code: 0, problems: [] })
    expect(report.apps.map(({ credentials }) => credentials.map(({ label }) => label))).toEqual([
      ['onedrive g1'],
    ])
    expect(report.apps[0]?.checks.map(({ name }) => name)).toContain('redirect URIs (web)')
    const outputs = await stage.pulumi('stack', 'output', 'apps', '--json')
    app = JSON.parse(outputs.stdout)['file-manager']
  })

  it('may be narrowed to an application, by a name that exists', async () => {
    expect((await verify('--app', 'file-manager', '--no-probes', '--successes', '1')).code).toBe(0)
    const ended = await stage.cli('verify', '--app', 'nobody')
    expect(ended.code, ended.output).toBe(2)
    expect(ended.stderr).toContain('no application "nobody". It has: file-manager.')
  })

  it('has its secret too short for --fail-within', async () => {
    const { code, problems } = await verify('--fail-within', '100d', '--no-probes', '--successes', '1')
    expect({ code, problems }).toEqual({ code: 1, problems: ['EXPIRES_SOON: expiry'] })
  })

  it('was changed in the portal: found by --live, and the foreign secret counts with --strict', async () => {
    await graph('POST', `/applications/${app.objectId}/addPassword`, {
      passwordCredential: { displayName: 'clicked' },
    })
    const foreign = ['--live', '--no-probes', '--successes', '1']
    expect(await verify(...foreign)).toMatchObject({ code: 0, problems: ['warning: foreign secrets'] })
    expect((await verify(...foreign, '--strict')).code).toBe(1)
    await graph('PATCH', `/applications/${app.objectId}`, {
      web: { redirectUris: ['https://other.example/'] },
    })
    expect(await verify(...foreign)).toMatchObject({
      code: 1,
      problems: ['REGISTRATION_DIFFERS: redirect URIs (web)', 'warning: foreign secrets'],
    })
  })

  it('lost a consent that is so young that it may be on its way: not ready', async () => {
    const listed = await graph('GET', `/servicePrincipals/${app.servicePrincipalId}/appRoleAssignments`)
    const [assignment] = listed['value'] as { id: string }[]
    await graph('DELETE', `/servicePrincipals/${app.servicePrincipalId}/appRoleAssignments/${assignment!.id}`)
    const { code, problems } = await verify('--deadline', '0s', '--no-probes')
    expect(code).toBe(3)
    expect(problems).toEqual([
      expect.stringMatching(/^GRANT_MISSING: consent to \S+ on Microsoft Graph$/),
      expect.stringMatching(/^ROLE_NOT_CONSENTED: permission \S+ on Microsoft Graph$/),
    ])
  })

  it('was disabled', async () => {
    await graph('PATCH', `/servicePrincipals/${app.servicePrincipalId}`, { accountEnabled: false })
    const { code, problems } = await verify('--no-probes')
    expect(code).toBe(1)
    expect(problems).toContain('AADSTS7000112: token for Microsoft Graph')
  })

  it('is not ready by doctor with a wrong login, or a mistake in the config', async () => {
    expect(await doctor({ ARM_CLIENT_SECRET: 'Wr0~ngSecretThatNobodyEverIssued' })).toEqual({
      code: 1,
      missing: ['login by client secret (ARM_CLIENT_SECRET): AADSTS7000215'],
    })
    const file = join(stage.dir, 'Pulumi.test.yaml')
    const declared = await readFile(file, 'utf8')
    const config = parse(declared)
    config.config['entra-apps:apps']['file-manager'].redirectUris.web = ['http://files.example.com/']
    await writeFile(file, JSON.stringify(config))
    const { code, missing } = await doctor()
    await writeFile(file, declared)
    expect(code).toBe(1)
    expect(missing).toEqual([expect.stringMatching(/^config: apps\.file-manager\.redirectUris\.web\[0\]: /)])
  })
})
