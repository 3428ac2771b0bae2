import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { trust } from '../../conformance/login/support.ts'
import { expectStatus, openTenant, type TestTenant } from '../../conformance/tenant/client.ts'
import { createClientCertificate } from '../client-certificate.ts'
import { startOidcIssuer } from '../oidc-issuer.ts'

/** A tenant for one client, with whatever the client may sign in with as the deployer. */
export interface ClientTenant extends TestTenant {
  /** An empty folder for what the client keeps. */
  readonly home: string
  /** What the deployer may sign in with: a secret, a key with its certificate (PEM), a token of a trusted issuer. */
  readonly secret: string
  readonly certificateFile: string
  readonly assertion: string
  /** What a library's program reads, by names that the Azure SDKs share. */
  readonly env: NodeJS.ProcessEnv
}

const SUBJECT = 'repo:contoso/files:ref:refs/heads/main'

const ROLES = [
  'Application.ReadWrite.All',
  'AppRoleAssignment.ReadWrite.All',
  'DelegatedPermissionGrant.ReadWrite.All',
  'Directory.Read.All',
  'Group.ReadWrite.All',
  'User.ReadWrite.All',
]

/** Starts a tenant whose deployer may manage applications, users and groups, and has every kind of credential. */
export async function openClientTenant(): Promise<ClientTenant> {
  const at = await openTenant({ deployerRoles: ROLES })
  const home = mkdtempSync(join(tmpdir(), 'client-'))
  const issuer = await startOidcIssuer()
  trust(issuer.caPem)
  const { url, tenantId, deployer, caFile } = at.tenant
  const certificate = await createClientCertificate()
  const own = `/applications(appId='${deployer.clientId}')`
  const keyCredentials = [{ type: 'AsymmetricX509Cert', usage: 'Verify', key: certificate.der }]
  expectStatus(await at.graph('PATCH', own, { keyCredentials }), 204)
  const federated = {
    name: 'ci',
    issuer: issuer.issuer,
    subject: SUBJECT,
    audiences: ['api://AzureADTokenExchange'],
  }
  expectStatus(await at.graph('POST', `${own}/federatedIdentityCredentials`, federated), 201)
  const certificateFile = join(home, 'client.pem')
  const pem = `${certificate.privateKeyPem}\n${certificate.certificatePem}\n`
  writeFileSync(certificateFile, pem, { mode: 0o600 })
  const secret = readFileSync(deployer.secretFile, 'utf8').trim()
  const assertion = await issuer.token({ subject: SUBJECT })
  return {
    ...at,
    home,
    secret,
    certificateFile,
    assertion,
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      TENANT_URL: url,
      AZURE_AUTHORITY_HOST: url,
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: deployer.clientId,
      AZURE_CLIENT_SECRET: secret,
      CERTIFICATE_FILE: certificateFile,
      ASSERTION: assertion,
      // OpenSSL and Go, Python's requests.
      SSL_CERT_FILE: caFile,
      REQUESTS_CA_BUNDLE: caFile,
    },
    close: async () => {
      await issuer.close()
      await at.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** That nothing was asked for which the tenant does not serve. */
export function expectNoGaps(at: TestTenant): void {
  const gaps = at.tenant.requests().filter(({ status }) => status >= 500)
  expect(gaps.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([])
}
