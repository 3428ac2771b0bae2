import { writeFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Credential,
  deployerLogin,
  openDirectory,
  proveCredential,
} from '../../../scripts/proof/index.ts'
import { type ClientCertificate, createClientCertificate } from '../../support/client-certificate.ts'
import { type OidcIssuer, startOidcIssuer } from '../../support/oidc-issuer.ts'
import { type Rehearsal, type RehearsedApp, rehearse, trust } from '../../support/rehearsal.ts'
import { codes, endpointsOf, portsOf, QUICK, targetFor } from './support.ts'

const ROLES = ['User.Read.All']

describe('the proof of other credentials', { timeout: 60_000 }, () => {
  let stage: Rehearsal
  let issuer: OidcIssuer
  let dir: string
  beforeAll(async () => {
    stage = await rehearse()
    issuer = await startOidcIssuer()
    trust(issuer.caPem)
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-credentials-'))
  })
  afterAll(async () => {
    await stage.close()
    await issuer.close()
    await rm(dir, { recursive: true, force: true })
  })

  const prove = (app: RehearsedApp, credential: Credential, options = {}) =>
    proveCredential(targetFor(stage.tenant, app, ROLES, { credential }), portsOf(stage.tenant), options)

  const register = ({ objectId }: RehearsedApp, { der }: ClientCertificate) =>
    stage.graph('PATCH', `/applications/${objectId}`, {
      keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify', key: der, displayName: 'test' }],
    })

  const pem = ({ certificatePem, privateKeyPem }: ClientCertificate) => `${privateKeyPem}\n${certificatePem}`

  it('a certificate, from a file and as text', async () => {
    const app = await stage.app({ roles: ROLES })
    const certificate = await createClientCertificate()
    await register(app, certificate)
    const path = join(dir, 'client.pem')
    await writeFile(path, pem(certificate), { mode: 0o600 })
    expect(await prove(app, { kind: 'certificate', path })).toMatchObject({
      verdict: 'proved',
      kind: 'certificate',
    })
    expect(await prove(app, { kind: 'certificate', pem: pem(certificate) })).toMatchObject({
      verdict: 'proved',
    })
  })

  it('a certificate that is not registered', async () => {
    const app = await stage.app({ roles: ROLES })
    const proof = await prove(app, { kind: 'certificate', pem: pem(await createClientCertificate()) })
    expect(codes(proof)).toEqual(['AADSTS700027'])
    expect(proof.verdict).toBe('wrong')
  })

  it('a certificate file that is not there, or is not PEM', async () => {
    const app = await stage.app({ roles: ROLES })
    const missing = await prove(app, { kind: 'certificate', path: join(dir, 'nowhere.pem') })
    expect(codes(missing)).toEqual(['CREDENTIAL_UNUSABLE'])
    expect(missing.verdict).toBe('couldNotRun')
    expect(codes(await prove(app, { kind: 'certificate', pem: 'no certificate' }))).toEqual([
      'CREDENTIAL_UNUSABLE',
    ])
  })

  const federate = ({ objectId }: RehearsedApp, subject: string) =>
    stage.graph('POST', `/applications/${objectId}/federatedIdentityCredentials`, {
      name: 'test',
      issuer: issuer.issuer,
      subject,
      audiences: ['api://AzureADTokenExchange'],
    })

  it("a federated token, read anew for each attempt: a wrong one first, then the issuer's next", async () => {
    const app = await stage.app({ roles: ROLES })
    await federate(app, 'system:serviceaccount:files:manager')
    const tokenFile = join(dir, 'token')
    await writeFile(tokenFile, await issuer.serviceAccountToken('files', 'other'), { mode: 0o600 })
    const next = await issuer.serviceAccountToken('files', 'manager')
    const target = targetFor(stage.tenant, app, ROLES, {
      credential: { kind: 'federated', tokenFile },
      changedAt: { credential: new Date() },
    })
    const blockers: string[] = []
    const subject = 'system:serviceaccount:files:manager'
    const trusted = { pods: { issuer: issuer.issuer, subject, audience: 'api://AzureADTokenExchange' } }
    const proof = await proveCredential({ ...target, trusted }, portsOf(stage.tenant), {
      wait: { ...QUICK, successes: 1 },
      onWait: ({ blocker }) => {
        blockers.push(`${blocker?.code}: ${blocker?.message}`)
        writeFileSync(tokenFile, next)
      },
    })
    expect(blockers).toEqual([
      expect.stringMatching(
        /^AADSTS700213: .*presents subject "\S+:other"; declared: pods "\S+:manager" \(from character 29 on: "other" instead of "manager"\)$/,
      ),
    ])
    expect(proof).toMatchObject({ verdict: 'proved', kind: 'federated', attempts: 2 })
  })

  it('the deployer of a GitHub Actions job, which reads the directory with its own federated token', async () => {
    const deployer = await stage.app({ roles: ['Application.Read.All'] })
    await federate(deployer, issuer.gitHub.subject)
    const env = {
      ARM_USE_OIDC: 'true',
      ARM_TENANT_ID: stage.tenant.tenantId,
      ARM_CLIENT_ID: deployer.clientId,
      ACTIONS_ID_TOKEN_REQUEST_URL: issuer.gitHub.requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.gitHub.requestToken,
    }
    const directory = await openDirectory(
      portsOf(stage.tenant),
      deployerLogin(env)!,
      endpointsOf(stage.tenant),
    )
    expect(directory).toMatchObject({
      ok: true,
      value: {
        identity: { clientId: deployer.clientId, permissions: ['Application.Read.All'], isUser: false },
      },
    })
  })
})
