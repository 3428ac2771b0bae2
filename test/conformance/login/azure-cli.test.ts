import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClientCertificate } from '../../support/client-certificate.ts'
import { type Answer, expectStatus, openTenant, type TestTenant } from '../tenant/client.ts'

const GRAPH = '00000003-0000-0000-c000-000000000000'
const FILES_READ_ALL = '01d4889c-1287-42c6-ac1f-5d1e02578ef6'

/** Whether the Azure CLI is installed; it is not a dependency of this project, so most machines skip this file. */
function hasAzureCli(): boolean {
  try {
    execFileSync('az', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe.runIf(hasAzureCli())('the Azure CLI', { timeout: 300_000 }, () => {
  let at: TestTenant
  let home: string

  beforeAll(async () => {
    at = await openTenant({
      deployerRoles: [
        'Application.ReadWrite.All',
        'AppRoleAssignment.ReadWrite.All',
        'DelegatedPermissionGrant.ReadWrite.All',
        'Directory.Read.All',
      ],
    })
    home = mkdtempSync(join(tmpdir(), 'azure-cli-'))
  })
  afterAll(async () => {
    await at.close()
    rmSync(home, { recursive: true, force: true })
  })

  /** Runs one command and reads its JSON; undefined when it prints nothing. */
  async function az(...args: readonly string[]): Promise<Answer> {
    const env = {
      ...process.env,
      AZURE_CONFIG_DIR: home,
      AZURE_CORE_COLLECT_TELEMETRY: 'no',
      // MSAL asks Microsoft's own cloud about hosts that it does not know, unless told not to.
      AZURE_CORE_INSTANCE_DISCOVERY: 'false',
      AZURE_CORE_ONLY_SHOW_ERRORS: 'yes',
      REQUESTS_CA_BUNDLE: at.tenant.caFile,
    }
    const { stdout } = await promisify(execFile)('az', [...args, '--output', 'json'], { env })
    return stdout.trim() === '' ? undefined : JSON.parse(stdout)
  }

  it('signs in as a service principal and manages applications', async () => {
    const { url, tenantId, deployer } = at.tenant
    const certificate = await createClientCertificate()
    const filter = encodeURIComponent(`appId eq '${deployer.clientId}'`)
    const [own] = expectStatus(await at.graph('GET', `/applications?$filter=${filter}`), 200).value
    const keyCredentials = [{ type: 'AsymmetricX509Cert', usage: 'Verify', key: certificate.der }]
    expectStatus(await at.graph('PATCH', `/applications/${own.id}`, { keyCredentials }), 204)
    const pem = join(home, 'client.pem')
    writeFileSync(pem, `${certificate.privateKeyPem}\n${certificate.certificatePem}\n`, { mode: 0o600 })

    await az('cloud', 'register', '--name', 'Local', '--endpoint-resource-manager', `${url}/arm`)
    await az('cloud', 'set', '--name', 'Local')
    const login = ['login', '--service-principal', '--tenant', tenantId, '--allow-no-subscriptions']
    const [account] = await az(...login, '--username', deployer.clientId, '--certificate', pem)
    expect(account).toMatchObject({ tenantId, user: { name: deployer.clientId, type: 'servicePrincipal' } })

    const redirectUri = 'https://files.example.com/cb'
    const { appId, id } = await az(
      ...['ad', 'app', 'create', '--display-name', 'from the CLI', '--web-redirect-uris', redirectUri],
    )
    expect(await az('ad', 'app', 'list', '--display-name', 'from the CLI')).toMatchObject([{ appId, id }])
    await az('ad', 'app', 'update', '--id', appId, '--set', 'notes=hello')
    expect(await az('ad', 'app', 'show', '--id', appId)).toMatchObject({
      notes: 'hello',
      web: { redirectUris: [redirectUri] },
    })
    const reset = await az('ad', 'app', 'credential', 'reset', '--id', appId, '--display-name', 'rotated')
    expect(reset).toMatchObject({ appId, tenant: tenantId, password: expect.any(String) })
    expect(await az('ad', 'app', 'credential', 'list', '--id', appId)).toMatchObject([
      { displayName: 'rotated' },
    ])

    const principal = await az('ad', 'sp', 'create', '--id', appId)
    expect(await az('ad', 'sp', 'list', '--display-name', 'from the CLI')).toMatchObject([
      { id: principal.id },
    ])
    expect(await at.token({ clientId: appId, secret: reset.password })).toEqual(expect.any(String))

    const permission = ['--api', GRAPH, '--api-permissions', `${FILES_READ_ALL}=Role`]
    await az('ad', 'app', 'permission', 'add', '--id', appId, ...permission)
    expect(await az('ad', 'app', 'permission', 'list', '--id', appId)).toEqual([
      { resourceAppId: GRAPH, resourceAccess: [{ id: FILES_READ_ALL, type: 'Role' }] },
    ])
    const federated = join(home, 'federated.json')
    writeFileSync(
      federated,
      JSON.stringify({
        name: 'github',
        issuer: 'https://token.actions.githubusercontent.com',
        subject: 'repo:contoso/files:ref:refs/heads/main',
        audiences: ['api://AzureADTokenExchange'],
      }),
    )
    await az('ad', 'app', 'federated-credential', 'create', '--id', appId, '--parameters', federated)
    const credentials = await az('ad', 'app', 'federated-credential', 'list', '--id', appId)
    expect(credentials).toMatchObject([{ name: 'github' }])
    await az('ad', 'app', 'delete', '--id', appId)
    expect(await az('ad', 'sp', 'list', '--display-name', 'from the CLI')).toEqual([])
  })
})

describe('Azure Resource Manager', () => {
  it('has this tenant, no subscription, and nothing without a token of its own', async () => {
    const at = await openTenant()
    try {
      const client = await at.client([])
      const answer = await at.requestToken({
        grant_type: 'client_credentials',
        client_id: client.clientId,
        client_secret: client.secret,
        // The identifier of the API ends in a slash of its own.
        scope: 'https://management.core.windows.net//.default',
      })
      const authorization = `Bearer ${expectStatus(answer, 200).access_token}`
      const subscriptions = await at.send('GET', '/arm/subscriptions', { headers: { authorization } })
      expect(expectStatus(subscriptions, 200)).toEqual({ value: [] })
      const tenants = await at.send('GET', '/arm/tenants', { headers: { authorization } })
      expect(expectStatus(tenants, 200).value).toMatchObject([{ tenantId: at.tenant.tenantId }])
      const forGraph = `Bearer ${await at.token(client)}`
      for (const headers of [{}, { authorization: forGraph }]) {
        const refused = await at.send('GET', '/arm/subscriptions', { headers })
        expect(expectStatus(refused, 401).error.code).toBe('AuthenticationFailed')
      }
    } finally {
      await at.close()
    }
  })
})
