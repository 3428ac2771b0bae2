import type { Directory } from '../directory.ts'
import { v2Issuer } from './access-token.ts'

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
      audiences: [`${url}/arm`],
    },
  }
}

/** The tenant's OpenID Connect discovery document (OpenID Connect Discovery 1.0, with Entra's own members). */
export function openIdConfiguration(directory: Directory): Record<string, unknown> {
  const url = directory.url()
  const login = `${url}/${directory.tenantId}`
  const host = new URL(url).host
  return {
    token_endpoint: `${login}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${login}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: v2Issuer(directory),
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${url}/oidc/userinfo`,
    authorization_endpoint: `${login}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${login}/oauth2/v2.0/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${login}/oauth2/v2.0/logout`,
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nonce', 'name', 'tid', 'ver', 'email'],
    kerberos_endpoint: `${login}/kerberos`,
    tenant_region_scope: 'EU',
    cloud_instance_name: host,
    cloud_graph_host_name: host,
    msgraph_host: host,
    rbac_url: url,
  }
}

/** Instance discovery: which hosts are one cloud. Here there is one host, and it is its own cloud. */
export function instanceDiscovery(directory: Directory): Record<string, unknown> {
  const url = directory.url()
  const { host } = new URL(url)
  return {
    tenant_discovery_endpoint: `${url}/${directory.tenantId}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  }
}
