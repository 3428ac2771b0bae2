import { readFileSync } from 'node:fs'
import { type Cloud, cloudOf, TOKEN_EXCHANGE_AUDIENCES } from '../../../microsoft/clouds.ts'
import { CommandError } from '../../lib/errors.ts'
import type { Credential } from '../model/target.ts'

/** The identity that deploys, as the azuread provider would choose it. */
export interface Deployer {
  readonly tenantId: string
  /** Empty for an ambient login: the token then says who it is. */
  readonly clientId: string
  readonly credential: Credential
  /** How it logs in, for people: `client secret (ARM_CLIENT_SECRET)`. */
  readonly description: string
}

export interface DeployerOptions {
  /** The tenant to log in to when ARM_TENANT_ID names none. */
  readonly tenantId?: string
  readonly fetch?: typeof globalThis.fetch
  /** Whose audience federated tokens are asked for. Default: by ARM_ENVIRONMENT, else the public one. */
  readonly cloud?: Cloud
}

/**
 * The deployer's login. The provider's own settings (`ARM_*`) come first, since they are the deployer: secret,
 * certificate (PEM), federated token, GitHub Actions, Azure Pipelines. Without them whatever this machine is logged
 * in with: `DefaultAzureCredential` (environment, workload identity, managed identity, `az login`, …).
 *
 * @returns undefined when no tenant is named anywhere
 */
export function deployerLogin(env: NodeJS.ProcessEnv, options: DeployerOptions = {}): Deployer | undefined {
  const tenantId = env['ARM_TENANT_ID'] || options.tenantId || env['AZURE_TENANT_ID']
  if (!tenantId) return undefined
  const clientId = env['ARM_CLIENT_ID']
  const login = clientId
    ? providerCredential(env, options.fetch ?? globalThis.fetch, options.cloud ?? cloudOf(undefined, env))
    : undefined
  if (clientId && login) return { tenantId, clientId, ...login }
  const description = 'this machine: environment, managed identity or az login (DefaultAzureCredential)'
  return { tenantId, clientId: '', credential: { kind: 'ambient' }, description }
}

/**
 * @returns the same, where there has to be one
 * @throws CommandError NO_DEPLOYER when no tenant is named anywhere
 */
export function requireDeployer(env: NodeJS.ProcessEnv, options: DeployerOptions = {}): Deployer {
  const deployer = deployerLogin(env, options)
  if (deployer) return deployer
  throw new CommandError(
    'NO_DEPLOYER',
    'No tenant is named, so nobody can log in to it: set azuread:tenantId in the stack file or ARM_TENANT_ID, and log in (ARM_CLIENT_ID with a credential, or `az login`).',
  )
}

/** Whether the environment names the deployer outright, so that using it costs no search for a login. */
export function namesDeployer(env: NodeJS.ProcessEnv): boolean {
  return deployerLogin(env)?.credential.kind !== 'ambient' && Boolean(env['ARM_TENANT_ID'])
}

type Login = Pick<Deployer, 'credential' | 'description'>

function providerCredential(
  env: NodeJS.ProcessEnv,
  fetch: typeof globalThis.fetch,
  cloud: Cloud,
): Login | undefined {
  return (
    certificateLogin(env) ??
    secretLogin(env) ??
    (env['ARM_USE_OIDC'] === 'true' ? oidcLogin(env, fetch, TOKEN_EXCHANGE_AUDIENCES[cloud]) : undefined)
  )
}

function certificateLogin(env: NodeJS.ProcessEnv): Login | undefined {
  const path = env['ARM_CLIENT_CERTIFICATE_PATH']
  if (!path) return undefined
  const password = env['ARM_CLIENT_CERTIFICATE_PASSWORD']
  return {
    credential: { kind: 'certificate', path, ...(password && { password }) },
    description: 'certificate (ARM_CLIENT_CERTIFICATE_PATH)',
  }
}

function secretLogin(env: NodeJS.ProcessEnv): Login | undefined {
  const file = env['ARM_CLIENT_SECRET_FILE_PATH']
  const value = env['ARM_CLIENT_SECRET'] || (file ? readFileSync(file, 'utf8').trim() : undefined)
  if (!value) return undefined
  const description = `client secret (${env['ARM_CLIENT_SECRET'] ? 'ARM_CLIENT_SECRET' : 'ARM_CLIENT_SECRET_FILE_PATH'})`
  return { credential: { kind: 'secret', value }, description }
}

function oidcLogin(
  env: NodeJS.ProcessEnv,
  fetch: typeof globalThis.fetch,
  audience: string,
): Login | undefined {
  const token = env['ARM_OIDC_TOKEN']
  if (token) return assertion(async () => token, 'federated token (ARM_OIDC_TOKEN)')
  const tokenFile = env['ARM_OIDC_TOKEN_FILE_PATH']
  if (tokenFile) {
    return {
      credential: { kind: 'federated', tokenFile },
      description: 'federated token (ARM_OIDC_TOKEN_FILE_PATH)',
    }
  }
  const connection = env['ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID']
  const url =
    env['ARM_OIDC_REQUEST_URL'] || env['ACTIONS_ID_TOKEN_REQUEST_URL'] || env['SYSTEM_OIDCREQUESTURI']
  const bearer =
    env['ARM_OIDC_REQUEST_TOKEN'] || env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] || env['SYSTEM_ACCESSTOKEN']
  if (!url || !bearer) return undefined
  return connection
    ? assertion(
        () => askAzurePipelines(url, bearer, connection, fetch),
        'service connection (Azure Pipelines)',
      )
    : assertion(() => askGitHub(url, bearer, fetch, audience), 'federated token (GitHub Actions)')
}

function assertion(request: () => Promise<string>, description: string): Login {
  return { credential: { kind: 'assertion', request }, description }
}

/** "OpenID Connect reference" of GitHub: the token comes as `value`. */
export async function askGitHub(
  url: string,
  bearer: string,
  fetch: typeof globalThis.fetch,
  audience: string,
): Promise<string> {
  const target = new URL(url)
  target.searchParams.set('audience', audience)
  return requestAssertion(target, 'GET', bearer, 'value', fetch)
}

/** "Oidctoken - Create" of Azure DevOps: the token comes as `oidcToken`. */
async function askAzurePipelines(
  url: string,
  bearer: string,
  connection: string,
  fetch: typeof globalThis.fetch,
): Promise<string> {
  const target = new URL(url)
  target.searchParams.set('api-version', '7.1')
  target.searchParams.set('serviceConnectionId', connection)
  return requestAssertion(target, 'POST', bearer, 'oidcToken', fetch)
}

async function requestAssertion(
  url: URL,
  method: string,
  bearer: string,
  member: string,
  fetch: typeof globalThis.fetch,
): Promise<string> {
  const response = await fetch(url, {
    method,
    redirect: 'error',
    headers: {
      authorization: `Bearer ${bearer}`,
      accept: 'application/json',
      'content-type': 'application/json',
    },
  })
  if (!response.ok) throw new Error(`The pipeline's token service at ${url.host} answered ${response.status}`)
  const token = ((await response.json()) as Record<string, unknown>)[member]
  if (typeof token === 'string') return token
  throw new Error(`The pipeline's token service at ${url.host} answered without "${member}"`)
}
