import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AppDeclarationInput } from '../../../infra/declaration/schema.ts'
import { makeKeyPair } from '../../../infra/keys/key-pair.ts'
import { type ProofReport, proofReport } from '../../../scripts/proof/model/report.ts'
import { credentialReport } from '../../../scripts/report/credentials.ts'
import { type OidcIssuer, startOidcIssuer } from '../../support/oidc-issuer.ts'
import { trust } from '../../support/rehearsal.ts'
import { FILE_MANAGER, openStage, type Stage } from '../../support/stage.ts'
import { pfxOf } from '../../unit/infra/rules/certificate.ts'

const PASSPHRASE = 'correct horse battery'

/** A token for each kind of credential that a declaration can hold, deployed by the engine and asked for by `verify`. */
describe.sequential('every kind of credential', () => {
  let stage: Stage
  let issuer: OidcIssuer
  beforeAll(async () => {
    issuer = await startOidcIssuer()
    stage = await openStage()
    // The tenant, in this process, asks the issuer for its keys.
    trust(issuer.caPem)
    trust(stage.tenant.caPem)
    const dates = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2036-01-01T00:00:00Z') }
    const pair = await makeKeyPair({ subject: 'CN=partner', keySize: 2048, ...dates })
    await write('partner.key.pem', pair)
    await write('partner.pem', pair.slice(pair.indexOf('-----BEGIN CERTIFICATE')))
    await write(
      'legacy.pfx',
      await pfxOf({ notAfter: '2036-01-01T00:00:00Z', passphrase: PASSPHRASE, algorithm: '3des' }),
    )
    await stage.declare({ fm: app() })
    const up = await stage.cliWith({ LEGACY_PASSPHRASE: PASSPHRASE }, 'up')
    expect(up.code, up.output).toBe(0)
    expect(up.output).not.toContain('PRIVATE KEY')
  })
  afterAll(async () => {
    await stage?.close()
    await issuer?.close()
  })

  const write = (file: string, content: string | Uint8Array) => writeFile(join(stage.dir, file), content)
  const repository = 'contoso/orders'
  const names = () => ({ github: { repository, branch: 'main', issuer: issuer.issuer } })
  const ids = () => ({ github: { ...names().github, ownerId: 1, repositoryId: 2 } })
  const app = (
    migrating: AppDeclarationInput['federatedCredentials'] = { names: names() },
  ): AppDeclarationInput => ({
    ...FILE_MANAGER,
    certificates: {
      partner: { file: 'partner.pem' },
      legacy: { file: 'legacy.pfx', passphraseFrom: 'LEGACY_PASSPHRASE' },
      signing: { generate: { lifetime: '90d', keySize: 3072, subject: 'CN=signing.example.com, O=Contoso' } },
    },
    federatedCredentials: {
      'ci-main': { other: { issuer: issuer.issuer, subject: issuer.gitHub.subject } },
      cluster: { kubernetes: { issuer: issuer.issuer, namespace: 'files', serviceAccount: 'manager' } },
      live: {
        matching: {
          issuer: issuer.issuer,
          expression: "claims['sub'] matches 'repo:contoso/*:environment:live'",
        },
      },
      ...migrating,
    },
    suppress: [{ rule: 'EA403', reason: 'the test wants every kind' }],
  })

  const verify = async (env: NodeJS.ProcessEnv, ...args: string[]) => {
    const ended = await stage.cliWith(env, 'verify', '--json', '--no-probes', '--successes', '1', ...args)
    if (!ended.stdout.startsWith('{')) throw new Error(ended.output)
    expect(ended.output).not.toContain('PRIVATE KEY')
    const report = proofReport.parse(JSON.parse(ended.stdout))
    return { code: ended.code, report, verdicts: verdictsOf(report) }
  }
  const verdictsOf = ({ apps }: ProofReport) =>
    Object.fromEntries(
      apps.flatMap(({ credentials }) => credentials.map((each) => [each.label, each.verdict])),
    )

  it('is described by the outputs, and no key with it', async () => {
    const { stdout } = await stage.pulumi('stack', 'output', 'apps', '--json')
    const { certificates, federatedCredentials } = JSON.parse(stdout).fm
    expect(certificates).toMatchObject({
      partner: [{ subject: 'CN=partner', endDate: '2036-01-01T00:00:00Z' }],
      legacy: [{ endDate: '2036-01-01T00:00:00Z' }],
      signing: [{ generation: 1, phase: 'current', subject: 'CN=signing.example.com, O=Contoso' }],
    })
    const since = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(federatedCredentials).toMatchObject({
      live: { issuer: issuer.issuer, expression: expect.stringContaining('matches') },
      'ci-main': {
        issuer: issuer.issuer,
        subject: issuer.gitHub.subject,
        audience: 'api://AzureADTokenExchange',
        since,
      },
      cluster: {
        issuer: issuer.issuer,
        subject: 'system:serviceaccount:files:manager',
        audience: 'api://AzureADTokenExchange',
        since,
      },
    })
    expect(stdout).not.toContain('PRIVATE KEY')
  })

  it('is as it should be in the directory, and what the stack itself holds gets a token', async () => {
    const { code, report, verdicts } = await verify({}, '--live', '--strict')
    expect(verdicts).toEqual({
      'onedrive g1': 'proved',
      'signing g1': 'proved',
      partner: 'unproved',
      legacy: 'unproved',
      'ci-main': 'unproved',
      cluster: 'unproved',
      live: 'unproved',
      names: 'unproved',
    })
    expect({ code, unproved: report.summary.unproved }).toEqual({ code: 0, unproved: 6 })
  })

  it('gets a token each, with the keys and the tokens available', async () => {
    await write('token', await issuer.serviceAccountToken('files', 'manager'))
    const inPod = { AZURE_FEDERATED_TOKEN_FILE: join(stage.dir, 'token') }
    const keys = ['partner.key.pem', 'legacy.pfx'].map((file) => join(stage.dir, file))
    const passphrase = { AZURE_CLIENT_CERTIFICATE_PASSWORD: PASSPHRASE }
    const pod = await verify({ ...inPod, ...passphrase }, '--certificate', ...keys)
    expect(pod.verdicts).toEqual({
      'onedrive g1': 'proved',
      'signing g1': 'proved',
      partner: 'proved',
      legacy: 'proved',
      'ci-main': 'unproved',
      cluster: 'proved',
      live: 'unproved',
      names: 'unproved',
    })
    const inJob = {
      ACTIONS_ID_TOKEN_REQUEST_URL: issuer.gitHub.requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.gitHub.requestToken,
      NODE_EXTRA_CA_CERTS: await allAuthorities(),
    }
    expect((await verify(inJob)).verdicts).toMatchObject({ 'ci-main': 'proved', cluster: 'unproved' })
  })

  it('is refused where it is not the right one', async () => {
    await write('token', await issuer.serviceAccountToken('files', 'stranger'))
    const inPod = { AZURE_FEDERATED_TOKEN_FILE: join(stage.dir, 'token') }
    expect(await verify(inPod)).toMatchObject({ code: 0, verdicts: { cluster: 'unproved' } })
    const { apps } = JSON.parse((await stage.pulumi('stack', 'output', '--json')).stdout)
    const own = await verify({ ...inPod, AZURE_CLIENT_ID: apps.fm.clientId })
    expect(own.code).toBe(1)
    expect(own.report.apps[0]?.checks).toContainEqual(
      expect.objectContaining({ explanation: expect.objectContaining({ code: 'FEDERATION_DIFFERS' }) }),
    )
  })

  it('is in the report, with its last proof', async () => {
    const ended = await stage.cliWith({ LEGACY_PASSPHRASE: PASSPHRASE }, 'report', '--json')
    const { credentials, unrotated, applications } = credentialReport.parse(JSON.parse(ended.stdout))
    expect(credentials.map(({ secret, kind }) => `${secret} ${kind}`).sort()).toEqual([
      'onedrive secret',
      'signing certificate',
    ])
    expect(unrotated.map(({ name }) => name).sort()).toEqual([
      'ci-main',
      'cluster',
      'legacy',
      'live',
      'names',
      'partner',
    ])
    const proved = [...credentials.map((each) => ({ ...each, name: each.secret })), ...unrotated]
      .filter(({ lastVerified }) => lastVerified?.verdict === 'proved')
      .map(({ name }) => name)
    expect(proved.sort()).toEqual(['ci-main', 'cluster', 'legacy', 'onedrive', 'partner', 'signing'])
    expect(applications).toEqual([
      expect.objectContaining({
        app: 'fm',
        provedAt: expect.any(String),
        lastVerified: expect.objectContaining({ verdict: 'wrong' }),
      }),
    ])
  })

  it('stays as it is in a second deployment, and needs its passphrase', async () => {
    const outputs = async () => (await stage.pulumi('stack', 'output', 'apps', '--json')).stdout
    const before = await outputs()
    const second = await stage.cliWith({ LEGACY_PASSPHRASE: PASSPHRASE }, 'up')
    expect(second.output).toMatch(/Resources:\n\s+\d+ unchanged\n/)
    expect(await outputs()).toBe(before)
    const wrong = await stage.cliWith({ LEGACY_PASSPHRASE: 'wrong' }, 'up')
    expect(wrong.code).toBe(1)
    expect(wrong.output).toMatch(
      /certificates\.legacy\.file: the passphrase does not open it \(passphrase from LEGACY_PASSPHRASE\) \[EA411\]/,
    )
    const missing = await stage.cli('check')
    expect(missing.output).toMatch(
      /EA415.*\n?.*LEGACY_PASSPHRASE is not set|LEGACY_PASSPHRASE is not set.*EA415/,
    )
  })

  it('keeps its key and its certificate when the application is renamed', async () => {
    const certificates = async (name: string) =>
      JSON.parse((await stage.pulumi('stack', 'output', 'apps', '--json')).stdout)[name].certificates
    const before = await certificates('fm')
    await stage.declare({ files: { ...app(), formerly: ['fm'] } })
    const renamed = await stage.cliWith({ LEGACY_PASSPHRASE: PASSPHRASE }, 'up')
    expect(renamed.output).toMatch(/Resources:\n\s+\d+ unchanged\n/)
    expect(await certificates('files')).toEqual(before)
    expect((await verify({})).verdicts).toMatchObject({ 'signing g1': 'proved' })
  })

  it('moves to immutable subjects of GitHub without a login that fails', async () => {
    const event = 'ref:refs/heads/main'
    const deploy = (migrating: AppDeclarationInput['federatedCredentials']) => async () => {
      await stage.declare({ files: { ...app(migrating), formerly: ['fm'] } })
      const ended = await stage.cliWith({ LEGACY_PASSPHRASE: PASSPHRASE }, 'up')
      expect(ended.code, ended.output).toBe(0)
    }
    const before = `repo:${repository}:${event}`
    const after = `repo:contoso@1/orders@2:${event}`
    expect(await statusesDuring(before, deploy({ names: names(), 'with-ids': ids() }))).toEqual(
      new Set([200]),
    )
    // The repository opts in: from now on its jobs present the other subject.
    expect(await statusesDuring(after, deploy({ 'with-ids': ids() }))).toEqual(new Set([200]))
    expect(await exchange(before)).toBe(401)
    expect(await exchange('repo:contoso/any:environment:live')).toBe(200)
    expect(await exchange('repo:fabrikam/any:environment:live')).toBe(401)
  })

  it('becomes another credential when it is declared as another kind', async () => {
    const { onedrive: _, ...secrets } = FILE_MANAGER.secrets ?? {}
    const { signing, ...certificates } = app().certificates ?? {}
    await stage.declare({
      files: {
        ...app(),
        formerly: ['fm'],
        secrets: { ...secrets, signing: { displayName: 'Signing', lifetime: '90d' } },
        certificates: { ...certificates, ...(signing && { onedrive: signing }) },
      },
    })
    const changed = await stage.cliWith({ LEGACY_PASSPHRASE: PASSPHRASE }, 'up')
    expect(changed.code, changed.output).toBe(0)
    expect((await verify({})).verdicts).toMatchObject({ 'signing g1': 'proved', 'onedrive g1': 'proved' })
  })

  /** Status of a login of the application with a token for a subject. */
  const exchange = async (subject: string): Promise<number> => {
    const { apps } = JSON.parse((await stage.pulumi('stack', 'output', '--json')).stdout)
    return exchangeAs(apps.files.clientId, subject)
  }
  const exchangeAs = async (clientId: string, subject: string): Promise<number> => {
    const { url, tenantId, graphUrl } = stage.tenant
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await issuer.token({ subject }),
      scope: `${graphUrl}/.default`,
    })
    return (await fetch(`${url}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body })).status
  }
  /** Statuses of logins one after the other while something happens, one before and one after it included. */
  const statusesDuring = async (subject: string, happen: () => Promise<void>): Promise<Set<number>> => {
    const { apps } = JSON.parse((await stage.pulumi('stack', 'output', '--json')).stdout)
    const statuses = new Set([await exchangeAs(apps.files.clientId, subject)])
    let isOver = false
    const happening = happen().finally(() => {
      isOver = true
    })
    while (!isOver) {
      statuses.add(await exchangeAs(apps.files.clientId, subject))
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    await happening
    return statuses.add(await exchangeAs(apps.files.clientId, subject))
  }

  /** A file with the authorities of tenant and issuer, for a process that talks to both. */
  const allAuthorities = async () => {
    await write('authorities.pem', `${stage.tenant.caPem}\n${issuer.caPem}`)
    return join(stage.dir, 'authorities.pem')
  }
})
