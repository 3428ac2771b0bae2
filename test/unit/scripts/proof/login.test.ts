import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MICROSOFT_GRAPH_APP_ID } from '../../../../microsoft/apis.ts'
import { deployerLogin, namesDeployer } from '../../../../scripts/proof/connection/deployer.ts'
import { discoverEndpoints } from '../../../../scripts/proof/connection/endpoints.ts'
import { environmentTarget, expectedApis } from '../../../../scripts/proof/targets/environment-target.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'entra-apps-login-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const PRINCIPAL = { ARM_TENANT_ID: 't', ARM_CLIENT_ID: 'c' }

describe('deployerLogin', () => {
  it.each([
    ['a secret', { ARM_CLIENT_SECRET: 's' }, 'secret', 'client secret (ARM_CLIENT_SECRET)'],
    [
      'a certificate before a secret',
      { ARM_CLIENT_SECRET: 's', ARM_CLIENT_CERTIFICATE_PATH: 'p' },
      'certificate',
      'certificate (ARM_CLIENT_CERTIFICATE_PATH)',
    ],
    [
      'a federated token',
      { ARM_USE_OIDC: 'true', ARM_OIDC_TOKEN: 'x' },
      'assertion',
      'federated token (ARM_OIDC_TOKEN)',
    ],
    [
      'a federated token file',
      { ARM_USE_OIDC: 'true', ARM_OIDC_TOKEN_FILE_PATH: 'f' },
      'federated',
      'federated token (ARM_OIDC_TOKEN_FILE_PATH)',
    ],
    ['a token that is not to be used', { ARM_OIDC_TOKEN: 'x' }, 'ambient', /DefaultAzureCredential/],
    ['nothing', {}, 'ambient', /az login/],
  ])('%s', (_name, env, kind, description) => {
    const login = deployerLogin({ ...PRINCIPAL, ...env })
    expect(login?.credential.kind).toBe(kind)
    expect(login?.description).toMatch(description)
  })

  it('needs a tenant from somewhere', () => {
    expect(deployerLogin({ ARM_CLIENT_ID: 'c', ARM_CLIENT_SECRET: 's' })).toBeUndefined()
    expect(deployerLogin({ AZURE_TENANT_ID: 'a' })?.tenantId).toBe('a')
    expect(deployerLogin({ AZURE_TENANT_ID: 'a' }, { tenantId: 'configured' })?.tenantId).toBe('configured')
    expect(deployerLogin(PRINCIPAL, { tenantId: 'configured' })?.tenantId).toBe('t')
  })

  it('reads a secret from its file', async () => {
    const file = join(dir, 'secret')
    await writeFile(file, 'from-file\n', { mode: 0o600 })
    const login = deployerLogin({ ...PRINCIPAL, ARM_CLIENT_SECRET_FILE_PATH: file })
    expect(login?.credential).toEqual({ kind: 'secret', value: 'from-file' })
  })

  it('names the deployer only when the environment does', () => {
    expect(namesDeployer({ ...PRINCIPAL, ARM_CLIENT_SECRET: 's' })).toBe(true)
    expect(namesDeployer(PRINCIPAL)).toBe(false)
    expect(namesDeployer({})).toBe(false)
  })

  const pipeline = (reply: Response) => {
    const asked: Request[] = []
    const fetch = async (input: string | URL | Request, init?: RequestInit) => {
      asked.push(new Request(input, init))
      return reply
    }
    return { asked, fetch }
  }
  const oidc = { ...PRINCIPAL, ARM_USE_OIDC: 'true' }

  it('asks GitHub Actions for a token of the right audience', async () => {
    const { asked, fetch } = pipeline(Response.json({ value: 'github-token' }))
    const env = {
      ...oidc,
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://pipelines.example/token?api-version=2.0',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer',
    }
    const login = deployerLogin(env, { fetch })
    expect(login?.credential.kind === 'assertion' && (await login.credential.request())).toBe('github-token')
    expect(asked[0]?.url).toBe(
      'https://pipelines.example/token?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange',
    )
    expect(asked[0]?.headers.get('authorization')).toBe('Bearer bearer')
  })

  it('asks Azure Pipelines for the token of a service connection', async () => {
    const { asked, fetch } = pipeline(Response.json({ oidcToken: 'ado-token' }))
    const env = {
      ...oidc,
      ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID: 'connection',
      SYSTEM_OIDCREQUESTURI: 'https://dev.azure.example/org/oidctoken',
      SYSTEM_ACCESSTOKEN: 'bearer',
    }
    const login = deployerLogin(env, { fetch })
    expect(login?.credential.kind === 'assertion' && (await login.credential.request())).toBe('ado-token')
    expect(asked[0]?.method).toBe('POST')
    expect(asked[0]?.url).toContain('serviceConnectionId=connection')
  })

  it('says who refused, and never with what', async () => {
    const { fetch } = pipeline(new Response('', { status: 403 }))
    const env = {
      ...oidc,
      ARM_OIDC_REQUEST_URL: 'https://p.example/',
      ARM_OIDC_REQUEST_TOKEN: 'bearer-value',
    }
    const login = deployerLogin(env, { fetch })
    const asked = login?.credential.kind === 'assertion' ? login.credential.request() : undefined
    await expect(asked).rejects.toThrow("The pipeline's token service at p.example answered 403")
    await expect(asked).rejects.not.toThrow('bearer-value')
  })
})

describe('environmentTarget', () => {
  const env = { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c' }
  const options = { expect: ['Files.Read.All'], probes: ['GET /users'] }

  it.each([
    ['AZURE_CLIENT_SECRET', { kind: 'secret', value: 'x' }],
    ['AZURE_CLIENT_CERTIFICATE_PATH', { kind: 'certificate', path: 'x' }],
    ['AZURE_FEDERATED_TOKEN_FILE', { kind: 'federated', tokenFile: 'x' }],
  ])('takes %s', (name, credential) => {
    const { credentials } = environmentTarget({ ...env, [name]: 'x' }, options)
    expect(credentials[0]?.target).toMatchObject({ credential, expected: { probes: ['GET /users'] } })
  })

  it('says what is missing', () => {
    expect(() => environmentTarget({}, options)).toThrow(
      expect.objectContaining({
        code: 'NO_CREDENTIAL',
        message: expect.stringContaining('AZURE_TENANT_ID is not set'),
      }),
    )
    expect(() => environmentTarget(env, options)).toThrow(
      expect.objectContaining({
        code: 'NO_CREDENTIAL',
        message: expect.stringContaining('AZURE_CLIENT_SECRET'),
      }),
    )
  })

  it('groups the expected permissions by API', () => {
    expect(
      expectedApis(['Files.Read.All', 'api-id=ListOrder.Read', 'User.Read.All', 'Files.Read.All']),
    ).toEqual([
      {
        name: 'Microsoft Graph',
        appId: MICROSOFT_GRAPH_APP_ID,
        roles: ['Files.Read.All', 'User.Read.All'],
      },
      { name: 'api-id', appId: 'api-id', roles: ['ListOrder.Read'] },
    ])
  })
})

describe('discoverEndpoints', () => {
  const never = async (): Promise<Response> => {
    throw new Error('no request was expected')
  }

  it.each([
    [{}, 'https://login.microsoftonline.com', 'https://graph.microsoft.com'],
    [{ ARM_ENVIRONMENT: 'usgovernment' }, 'https://login.microsoftonline.us', 'https://graph.microsoft.us'],
    [
      { ARM_ENVIRONMENT: 'china' },
      'https://login.chinacloudapi.cn',
      'https://microsoftgraph.chinacloudapi.cn',
    ],
    [
      { AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us/' },
      'https://login.microsoftonline.us',
      'https://graph.microsoft.us',
    ],
    [
      { AZURE_AUTHORITY_HOST: 'login.chinacloudapi.cn' },
      'https://login.chinacloudapi.cn',
      'https://microsoftgraph.chinacloudapi.cn',
    ],
  ])('%o', async (env, loginUrl, graphUrl) => {
    expect(await discoverEndpoints(env, never)).toEqual({ loginUrl, graphUrl, wellKnown: true })
  })

  it('asks an authority that is none of Microsoft’s where its Graph is', async () => {
    const asked: string[] = []
    const fetch = async (input: string | URL | Request) => {
      asked.push(String(input))
      return Response.json({ msgraph_host: 'graph.test' })
    }
    const env = { AZURE_AUTHORITY_HOST: 'https://login.test', AZURE_TENANT_ID: 't' }
    expect(await discoverEndpoints(env, fetch)).toEqual({
      loginUrl: 'https://login.test',
      graphUrl: 'https://graph.test',
      wellKnown: false,
    })
    expect(asked).toEqual(['https://login.test/t/v2.0/.well-known/openid-configuration'])
  })

  it('explains why metadata cannot be read', async () => {
    const fetch = async (): Promise<Response> => {
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('self-signed'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
      })
    }
    await expect(discoverEndpoints({ ARM_METADATA_HOSTNAME: 'h:1' }, fetch)).rejects.toMatchObject({
      code: 'ENDPOINTS_UNREACHABLE',
      message: expect.stringMatching(
        /h:1 \(ARM_METADATA_HOSTNAME\) .*SELF_SIGNED_CERT_IN_CHAIN.*NODE_EXTRA_CA_CERTS/,
      ),
    })
    await expect(discoverEndpoints({ ARM_ENVIRONMENT: 'moon' }, never)).rejects.toThrow(
      /names no cloud: "moon"/,
    )
  })
})
