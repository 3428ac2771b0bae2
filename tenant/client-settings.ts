import type { RunningTenantInfo } from './running.ts'

/** What must be known of a tenant to point clients at it. */
export type Reachable = Pick<RunningTenantInfo, 'url' | 'tenantId' | 'caFile' | 'deployer'>

/** How clients of the usual libraries are pointed at a local tenant. All of them must trust its certificate, too. */
export interface ClientSettings {
  /** For `auth` of MSAL, in Node and in browsers, beside client id and credential. */
  readonly msal: { readonly authority: string; readonly knownAuthorities: string[] }
  /** Options of every credential of `@azure/identity`. */
  readonly azureIdentity: { readonly authorityHost: string; readonly disableInstanceDiscovery: true }
  /** Options of `Client.init` of `@microsoft/microsoft-graph-client`. Other Graph clients take `baseUrl`. */
  readonly graphClient: { readonly baseUrl: string; readonly customHosts: Set<string> }
  /** The scope of tokens for Microsoft Graph. `https://graph.microsoft.com/.default` is taken, too. */
  readonly graphScope: string
}

export function clientSettings({ url, tenantId }: Reachable): ClientSettings {
  const { host, hostname } = new URL(url)
  return {
    msal: { authority: `${url}/${tenantId}`, knownAuthorities: [host] },
    azureIdentity: { authorityHost: url, disableInstanceDiscovery: true },
    graphClient: { baseUrl: url, customHosts: new Set([hostname]) },
    graphScope: `${url}/.default`,
  }
}

/**
 * What the azuread provider of Terraform and Pulumi reads to deploy to the tenant as its deployer, whose secret
 * (ARM_CLIENT_SECRET) is left out.
 */
export function providerEnvironment({ url, tenantId, caFile, deployer }: Reachable): Record<string, string> {
  return {
    ARM_METADATA_HOSTNAME: new URL(url).host,
    ARM_TENANT_ID: tenantId,
    ARM_CLIENT_ID: deployer.clientId,
    ARM_USE_CLI: 'false',
    SSL_CERT_FILE: caFile,
    NODE_EXTRA_CA_CERTS: caFile,
  }
}

/**
 * What other processes read to reach the tenant, without a secret: the azuread provider, Azure Identity in every
 * language (AZURE_CLIENT_ID and AZURE_CLIENT_SECRET are the application's own), and whoever trusts certificates by
 * SSL_CERT_FILE, NODE_EXTRA_CA_CERTS or REQUESTS_CA_BUNDLE.
 */
export function clientEnvironment(tenant: Reachable): Record<string, string> {
  return {
    ...providerEnvironment(tenant),
    REQUESTS_CA_BUNDLE: tenant.caFile,
    AZURE_AUTHORITY_HOST: tenant.url,
    AZURE_TENANT_ID: tenant.tenantId,
  }
}
