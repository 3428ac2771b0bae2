import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { proofReport } from '../../../scripts/proof/model/report.ts'
import { deadUrl, type Rehearsal, type RehearsedApp, rehearse } from '../../support/rehearsal.ts'
import { REPOSITORY, run } from '../../support/stage.ts'

/** The environment of a consumer's pipeline, the credential left out. */
function consumer({ tenant }: Rehearsal, app: RehearsedApp, home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: home,
    AZURE_AUTHORITY_HOST: tenant.url,
    AZURE_TENANT_ID: tenant.tenantId,
    AZURE_CLIENT_ID: app.clientId,
    NODE_EXTRA_CA_CERTS: tenant.caFile,
  }
}

/** The command as a consumer's pipeline runs it: no Pulumi, a process of its own. */
describe('verify --from-env', { timeout: 120_000 }, () => {
  let stage: Rehearsal
  let app: RehearsedApp
  let dir: string
  beforeAll(async () => {
    stage = await rehearse()
    app = await stage.app({ roles: ['User.Read.All'] })
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-verify-'))
  })
  afterAll(async () => {
    await stage.close()
    await rm(dir, { recursive: true, force: true })
  })

  const environment = () => ({ ...consumer(stage, app, dir), AZURE_CLIENT_SECRET: app.secret.value })
  const verify = (env: NodeJS.ProcessEnv, ...args: string[]) =>
    run(process.execPath, [join(REPOSITORY, 'scripts/main.js'), 'verify', '--from-env', ...args], {
      cwd: dir,
      env,
    })
  const EXPECT = ['--expect', 'User.Read.All'] as const

  it('exits 0 when proved, with a report that fits its schema', async () => {
    const ended = await verify(environment(), ...EXPECT, '--json')
    expect(ended.code, ended.output).toBe(0)
    const report = proofReport.parse(JSON.parse(ended.stdout))
    expect(report).toMatchObject({ verdict: 'proved', exitCode: 0, summary: { credentials: 1, failed: 0 } })
    expect(report.apps[0]?.credentials[0]?.requests).toEqual({ token: 1, graph: 1 })
  })

  it('exits 1 when wrong, and says what to do', async () => {
    const ended = await verify(environment(), '--expect', 'User.Read.All', 'Mail.Send')
    expect(ended.code, ended.output).toBe(1)
    expect(ended.stdout).toMatch(/permission Mail\.Send on Microsoft Graph/)
    expect(ended.stdout).toMatch(/fix .*check the consent/)
  })

  it('exits 2 when it could not run: nothing to prove, a mistyped option, a host that is not there', async () => {
    const nothing = await verify(consumer(stage, app, dir), ...EXPECT)
    expect(nothing.code, nothing.output).toBe(2)
    expect(nothing.stderr).toContain('holds no credential to prove')
    const mistyped = await verify(environment(), ...EXPECT, '--deadline', 'soon')
    expect(mistyped.code, mistyped.output).toBe(2)
    expect(mistyped.stderr).toContain('--deadline: "soon" is not a time')
    const away = await verify({ ...environment(), AZURE_AUTHORITY_HOST: await deadUrl() }, ...EXPECT)
    expect(away.code, away.output).toBe(2)
    expect(away.stderr).toMatch(/ECONNREFUSED: nothing listens at this address/)
  })

  it('exits 2 for a certificate that nobody here trusts, and says how to trust it', async () => {
    const found = await verify({ ...environment(), NODE_EXTRA_CA_CERTS: undefined }, ...EXPECT)
    expect(found.code, found.output).toBe(2)
    expect(found.stderr).toMatch(
      /(SELF_SIGNED|UNABLE_TO)\w+: .*not signed by anyone this machine trusts.*NODE_EXTRA_CA_CERTS/,
    )
  })

  it('exits 3 when not ready before the deadline', async () => {
    const { control } = stage.tenant
    const id = control.addFault({ effect: 'unavailable', on: { operation: 'token', caller: app.clientId } })
    const ended = await verify(environment(), ...EXPECT, '--deadline', '2s')
    control.removeFault(id)
    expect(ended.code, ended.output).toBe(3)
    expect(ended.stdout).toMatch(/Not ready: 1 of \d checks had not come right/)
  })

  it('waits with a line that says for what, how long, and until when', async () => {
    const { control } = stage.tenant
    const on = { operation: 'token', caller: app.clientId } as const
    const id = control.addFault({ effect: 'unavailable', times: 1, on })
    const ended = await verify(environment(), ...EXPECT, '--deadline', '90s')
    control.removeFault(id)
    expect(ended.code, ended.output).toBe(0)
    expect(ended.stderr).toMatch(
      /waiting \(\d+ s of 90 s\) for secret: AADSTS90033: a service of Entra is temporarily unavailable/,
    )
  })

  it('writes each report that a pipeline reads', async () => {
    const summary = join(dir, 'summary.md')
    await writeFile(summary, 'before\n')
    const env = { ...environment(), GITHUB_STEP_SUMMARY: summary, TF_BUILD: 'True', AGENT_TEMPDIRECTORY: dir }
    const ended = await verify(
      env,
      '--expect',
      'Mail.Send',
      '--junit',
      'j.xml',
      '--markdown',
      'm.md',
      '--json',
    )
    expect(ended.code, ended.output).toBe(1)
    expect(ended.stdout, ended.output).toMatch(/"verdict": "wrong"/)
    expect(JSON.parse(ended.stdout)).toMatchObject({ verdict: 'wrong' })
    expect(await readFile(join(dir, 'j.xml'), 'utf8')).toMatch(/<failure .*type="ROLE_/)
    expect(await readFile(summary, 'utf8')).toBe(`before\n${await readFile(join(dir, 'm.md'), 'utf8')}`)
    expect(ended.stderr).toMatch(/##vso\[task\.logissue type=error;code=ROLE_MISSING;\]/)
    const attached = /##vso\[task\.uploadsummary\](.+)/.exec(ended.stderr)?.[1]
    expect(await readFile(attached ?? '', 'utf8')).toMatch(/^## ❌ Proof/)
  })
})

describe('no secret, token or assertion', () => {
  let stage: Rehearsal
  let app: RehearsedApp
  let dir: string
  beforeAll(async () => {
    stage = await rehearse()
    app = await stage.app({ roles: ['User.Read.All'] })
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-silent-'))
  })
  afterAll(async () => {
    await stage.close()
    await rm(dir, { recursive: true, force: true })
  })

  /** A certificate file with a key that this test made, and a token of an issuer that this test is. */
  async function credentials() {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const certificate = join(dir, 'certificate.pem')
    await writeFile(certificate, `${key}\n${stage.tenant.caPem}`, { mode: 0o600 })
    const assertion = await new SignJWT({ sub: 'repo:o/r:ref:main' })
      .setProtectedHeader({ alg: 'RS256' })
      .sign(privateKey)
    const tokenFile = join(dir, 'token')
    await writeFile(tokenFile, assertion, { mode: 0o600 })
    return { key, certificate, assertion, tokenFile }
  }

  it('in any output, at any verbosity, whatever the credential and however it ends', {
    timeout: 120_000,
  }, async () => {
    const { key, certificate, assertion, tokenFile } = await credentials()
    const wrong = 'Wr0~ngSecretThatNobodyEverIssued'
    const kinds = [
      { AZURE_CLIENT_SECRET: app.secret.value },
      { AZURE_CLIENT_SECRET: wrong },
      { AZURE_CLIENT_CERTIFICATE_PATH: certificate },
      { AZURE_FEDERATED_TOKEN_FILE: tokenFile },
    ]
    const texts: string[] = []
    for (const [i, kind] of kinds.entries()) {
      const out = join(dir, String(i))
      const env = {
        ...consumer(stage, app, dir),
        AZURE_LOG_LEVEL: 'verbose',
        NODE_DEBUG: 'fetch,undici',
        GITHUB_STEP_SUMMARY: `${out}.summary.md`,
        TF_BUILD: 'True',
        AGENT_TEMPDIRECTORY: dir,
        ...kind,
      }
      const files = ['--junit', `${out}.xml`, '--markdown', `${out}.md`]
      const main = [join(REPOSITORY, 'scripts/main.js'), 'verify', '--from-env', '--expect', 'User.Read.All']
      for (const format of [[], ['--json', ...files]]) {
        const ended = await run(process.execPath, [...main, ...format, '--deadline', '1s'], { cwd: dir, env })
        expect([0, 1, 2], ended.output).toContain(ended.code)
        texts.push(ended.output)
      }
    }
    const isReport = (name: string) => /\.(md|xml)$/.test(name)
    const reports = (await readdir(dir, { recursive: true })).filter(isReport)
    expect(reports.length).toBeGreaterThanOrEqual(12)
    for (const report of reports) texts.push(await readFile(join(dir, report), 'utf8'))

    const output = texts.join('\n')
    expect(output).toContain('azure:')
    for (const secret of [app.secret.value, wrong, assertion, ...key.split('\n').slice(1, -2)]) {
      expect(output).not.toContain(secret)
      expect(output).not.toContain(encodeURIComponent(secret))
    }
    expect(output).not.toMatch(/eyJ[\w-]+\.[\w-]+\./)
  })
})
