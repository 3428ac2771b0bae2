import type { Directory } from '../directory/directory.ts'
import { unknownInstance } from '../errors/login-error.ts'
import { v1Issuer, v2Issuer } from '../tokens/issuer.ts'
import type { TenantSegment } from './tenant-segment.ts'

/** `GET /metadata/endpoints`: how tools that speak to several clouds find login and Graph. */
export function metadataEndpoints(directory: Directory): Record<string, unknown> {
  const url = directory.url()
  return {
    name: 'LocalTenant',
    resourceManager: `${url}/arm/`,
    microsoftGraphResourceId: `${url}/`,
    authentication: {
      loginEndpoint: url,
      tenant: 'common',
      identityProvider: 'AAD',
      // What tokens for Resource Manager are asked for by; the Azure CLI takes the first.
      audiences: ['https://management.core.windows.net/', 'https://management.azure.com/'],
    },
    graphAudience: `${url}/`,
    suffixes: {},
  }
}

/**
 * The OpenID Connect discovery document (OpenID Connect Discovery 1.0, with Entra's own members), of the v1 or the v2
 * endpoint. A domain name gets the same as the tenant id; for no tenant in particular the addresses stay general.
 */
export function openIdConfiguration(
  directory: Directory,
  segment: TenantSegment,
  isV1: boolean,
): Record<string, unknown> {
  const url = directory.url()
  const login = `${url}/${segment === 'own' ? directory.tenantId : segment}`
  const oauth2 = `${login}/oauth2${isV1 ? '' : '/v2.0'}`
  const host = new URL(url).host
  return {
    token_endpoint: `${oauth2}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: isV1 ? `${url}/common/discovery/keys` : `${login}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: isV1
      ? ['code', 'id_token', 'code id_token', 'token id_token', 'token']
      : ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: isV1 ? ['openid'] : ['openid', 'profile', 'email', 'offline_access'],
    issuer: issuer(directory, segment, isV1),
    ...(isV1 ? { microsoft_multi_refresh_token: true } : { request_uri_parameter_supported: false }),
    userinfo_endpoint: `${url}/${isV1 ? 'openid' : 'oidc'}/userinfo`,
    authorization_endpoint: `${oauth2}/authorize`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${oauth2}/logout`,
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nonce', 'name', 'tid', 'ver', 'email'],
    kerberos_endpoint: `${login}/kerberos`,
    tenant_region_scope: segment === 'own' ? 'EU' : null,
    cloud_instance_name: host,
    cloud_graph_host_name: host,
    msgraph_host: host,
    rbac_url: url,
  }
}

function issuer(directory: Directory, segment: TenantSegment, isV1: boolean): string {
  if (segment === 'own') return isV1 ? v1Issuer(directory) : v2Issuer(directory)
  return `${directory.url()}/{tenantid}/${isV1 ? '' : 'v2.0'}`
}

/**
 * Instance discovery: which hosts are one cloud. Here there is one host, and it is its own cloud. Version 1.0 of the API
 * answers less.
 *
 * @throws LoginError AADSTS50049 for an authority of another host
 */
export function instanceDiscovery(directory: Directory, query: URLSearchParams): Record<string, unknown> {
  const url = directory.url()
  const { host } = new URL(url)
  const asked = query.get('authorization_endpoint')
  const authority = asked === null ? undefined : URL.parse(asked)
  if (authority === null || (authority !== undefined && authority.host !== host)) throw unknownInstance()
  const tenant = authority?.pathname.split('/').find((segment) => segment !== '') ?? directory.tenantId
  const discovery = { tenant_discovery_endpoint: `${url}/${tenant}/v2.0/.well-known/openid-configuration` }
  if (query.get('api-version') === '1.0') return discovery
  return {
    ...discovery,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  }
}
