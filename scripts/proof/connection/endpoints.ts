import { CommandError } from '../../lib/errors.ts'
import { networkFailure } from '../catalogue/failure.ts'
import { explain } from '../catalogue/index.ts'

/** Where tokens and Graph of a tenant's cloud are. */
export interface Endpoints {
  /** Authority host, without a trailing slash. */
  readonly loginUrl: string
  /** Graph's base address without version and trailing slash; also its identifier in token scopes. */
  readonly graphUrl: string
  /** Whether the authority is one of Microsoft's, which clients may look up in instance discovery. */
  readonly wellKnown: boolean
}

/** "National clouds": authority and Graph root of each, by the names that the azuread provider gives them. */
const CLOUDS: Readonly<Record<string, readonly [loginHost: string, graphHost: string]>> = {
  public: ['login.microsoftonline.com', 'graph.microsoft.com'],
  global: ['login.microsoftonline.com', 'graph.microsoft.com'],
  usgovernment: ['login.microsoftonline.us', 'graph.microsoft.us'],
  usgovernmentl4: ['login.microsoftonline.us', 'graph.microsoft.us'],
  usgovernmentl5: ['login.microsoftonline.us', 'dod-graph.microsoft.us'],
  dod: ['login.microsoftonline.us', 'dod-graph.microsoft.us'],
  china: ['login.chinacloudapi.cn', 'microsoftgraph.chinacloudapi.cn'],
}

/**
 * The environment as the provider sees it, which takes the stack's own setting before the environment's.
 *
 * @param cloud the stack's `azuread:environment`
 */
export function inCloud(env: NodeJS.ProcessEnv, cloud: string | undefined): NodeJS.ProcessEnv {
  return cloud === undefined ? env : { ...env, ARM_ENVIRONMENT: cloud }
}

/**
 * Finds the endpoints the way the azuread provider does: from the metadata host when one is set, else from the named
 * cloud. Then as Azure Identity does, from AZURE_AUTHORITY_HOST; else it is Microsoft's public cloud.
 *
 * @param env reads ARM_METADATA_HOSTNAME, ARM_ENVIRONMENT, AZURE_AUTHORITY_HOST and the tenant id beside it
 * @throws CommandError ENDPOINTS_UNREACHABLE
 */
export async function discoverEndpoints(
  env: NodeJS.ProcessEnv,
  fetch = globalThis.fetch,
): Promise<Endpoints> {
  const metadataHost = env['ARM_METADATA_HOSTNAME']
  if (metadataHost) return fromMetadata(metadataHost, fetch)
  const authority = env['AZURE_AUTHORITY_HOST']
  if (!env['ARM_ENVIRONMENT'] && authority) return fromAuthority(authority, env, fetch)
  const cloud = env['ARM_ENVIRONMENT'] || 'public'
  const hosts = CLOUDS[cloud]
  if (hosts) return ofCloud(hosts)
  const known = Object.keys(CLOUDS).join(', ')
  throw new CommandError(
    'ENDPOINTS_UNREACHABLE',
    `ARM_ENVIRONMENT names no cloud: "${cloud}". Known: ${known}.`,
  )
}

function ofCloud([loginHost, graphHost]: readonly [string, string]): Endpoints {
  return { loginUrl: `https://${loginHost}`, graphUrl: `https://${graphHost}`, wellKnown: true }
}

/** The part of the metadata document that is used. */
interface Metadata {
  readonly microsoftGraphResourceId: string
  readonly authentication: { readonly loginEndpoint: string }
}

async function fromMetadata(host: string, fetch: typeof globalThis.fetch): Promise<Endpoints> {
  const url = `https://${host}/metadata/endpoints?api-version=2022-09-01`
  const metadata = await read<Metadata>(url, `The metadata of ${host} (ARM_METADATA_HOSTNAME)`, fetch)
  return {
    loginUrl: trimmed(metadata.authentication.loginEndpoint),
    graphUrl: trimmed(metadata.microsoftGraphResourceId),
    wellKnown: false,
  }
}

/** An authority that is none of Microsoft's says in its discovery document where its Graph is. */
async function fromAuthority(
  authority: string,
  env: NodeJS.ProcessEnv,
  fetch: typeof globalThis.fetch,
): Promise<Endpoints> {
  const loginUrl = trimmed(/^https:/.test(authority) ? authority : `https://${authority}`)
  const known = Object.values(CLOUDS).find(([loginHost]) => loginHost === new URL(loginUrl).host)
  if (known) return ofCloud(known)
  const tenant = env['AZURE_TENANT_ID'] || env['ARM_TENANT_ID'] || 'common'
  const url = `${loginUrl}/${tenant}/v2.0/.well-known/openid-configuration`
  const what = `The discovery document of ${loginUrl} (AZURE_AUTHORITY_HOST)`
  const { msgraph_host: graphHost } = await read<{ msgraph_host: string }>(url, what, fetch)
  return { loginUrl, graphUrl: `https://${graphHost}`, wellKnown: false }
}

async function read<T>(url: string, what: string, fetch: typeof globalThis.fetch): Promise<T> {
  let response: Response
  try {
    response = await fetch(url)
  } catch (error) {
    const { code, message, meaning, fix } = explain(networkFailure(error, url))
    throw unreachable(
      `${what} could not be read: ${code}: ${meaning} (${message}). To fix it: ${fix}.`,
      error,
    )
  }
  if (!response.ok) throw unreachable(`${what} could not be read: it answered ${response.status}.`)
  try {
    return (await response.json()) as T
  } catch (error) {
    throw unreachable(`${what} is not JSON; a proxy may have answered instead.`, error)
  }
}

function unreachable(message: string, cause?: unknown): CommandError {
  const hint = 'Is the local tenant running (npm run tenant), and does NODE_EXTRA_CA_CERTS name its CA?'
  return new CommandError('ENDPOINTS_UNREACHABLE', `${message} ${hint}`, { cause })
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '')
}
