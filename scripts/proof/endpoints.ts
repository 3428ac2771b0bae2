import { CommandError } from '../lib/errors.ts'

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
 * Finds the endpoints the way the azuread provider does: from the metadata host when one is set, else from the named
 * cloud, else Microsoft's public cloud.
 *
 * @param env reads ARM_METADATA_HOSTNAME and ARM_ENVIRONMENT
 * @throws CommandError ENDPOINTS_UNREACHABLE
 */
export async function discoverEndpoints(
  env: NodeJS.ProcessEnv,
  fetch = globalThis.fetch,
): Promise<Endpoints> {
  const metadataHost = env['ARM_METADATA_HOSTNAME']
  if (metadataHost) return discover(metadataHost, fetch)
  const cloud = env['ARM_ENVIRONMENT'] || 'public'
  const hosts = CLOUDS[cloud]
  if (!hosts) {
    const known = Object.keys(CLOUDS).join(', ')
    throw new CommandError(
      'ENDPOINTS_UNREACHABLE',
      `ARM_ENVIRONMENT names no cloud: "${cloud}". Known: ${known}.`,
    )
  }
  return { loginUrl: `https://${hosts[0]}`, graphUrl: `https://${hosts[1]}`, wellKnown: true }
}

/** The part of the metadata document that is used. */
interface Metadata {
  readonly microsoftGraphResourceId: string
  readonly authentication: { readonly loginEndpoint: string }
}

async function discover(host: string, fetch: typeof globalThis.fetch): Promise<Endpoints> {
  const url = `https://${host}/metadata/endpoints?api-version=2022-09-01`
  let metadata: Metadata
  try {
    const response = await fetch(url)
    if (!response.ok) throw new Error(`it answered ${response.status}`)
    metadata = (await response.json()) as Metadata
  } catch (error) {
    const reason =
      error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : error
    throw new CommandError(
      'ENDPOINTS_UNREACHABLE',
      `The metadata of ${host} (ARM_METADATA_HOSTNAME) could not be read: ${reason}. Is the local tenant running (npm run tenant), and does NODE_EXTRA_CA_CERTS name its CA?`,
      { cause: error },
    )
  }
  return {
    loginUrl: metadata.authentication.loginEndpoint.replace(/\/+$/, ''),
    graphUrl: metadata.microsoftGraphResourceId.replace(/\/+$/, ''),
    wellKnown: false,
  }
}
