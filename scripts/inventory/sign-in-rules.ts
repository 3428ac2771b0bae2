import { type InventoryRule, quoted, REGISTERED } from './rule.ts'

const REDIRECTS = 'Redirect URI (reply URL) best practices and limitations'

/** Hosts whose names anybody can claim once they are given up ("Prevent dangling DNS entries and avoid subdomain takeover"). */
const CLAIMABLE_HOSTS = [
  'azurewebsites.net',
  'cloudapp.net',
  'cloudapp.azure.com',
  'trafficmanager.net',
  'azureedge.net',
  'azurefd.net',
  'azure-api.net',
  'azurecontainer.io',
  'azurestaticapps.net',
  'blob.core.windows.net',
  'web.core.windows.net',
  'herokuapp.com',
  'netlify.app',
  'vercel.app',
  'github.io',
  'ngrok.io',
  'ngrok-free.app',
]

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Rules about signing in and redirect URIs. */
export const signInRules: readonly InventoryRule[] = [
  {
    id: 'EI401',
    name: 'redirect-wildcard',
    severity: 'high',
    summary: 'No redirect URI has a wildcard.',
    fix: 'write each address out',
    source: REDIRECTS,
    kinds: REGISTERED,
    check: ({ redirectUris }) =>
      redirectUris.filter(({ uri }) => uri.includes('*')).map(({ uri }) => `${quoted(uri)} has a wildcard`),
  },
  {
    id: 'EI402',
    name: 'redirect-http',
    severity: 'medium',
    summary: 'Redirect URIs use https, but for this computer.',
    fix: 'use https',
    source: REDIRECTS,
    kinds: REGISTERED,
    check: ({ redirectUris }) =>
      redirectUris
        .filter(({ uri }) => /^http:/i.test(uri) && !isLoopback(hostOf(uri) ?? ''))
        .map(({ uri }) => `${quoted(uri)} sends codes and tokens without encryption`),
  },
  {
    id: 'EI403',
    name: 'redirect-claimable-host',
    severity: 'low',
    summary: 'No redirect URI leads to a host whose name others can claim once it is given up.',
    fix: 'make sure that the host is still yours, or use a domain of your own',
    source: 'Prevent dangling DNS entries and avoid subdomain takeover',
    kinds: REGISTERED,
    check: ({ redirectUris }) =>
      redirectUris
        .filter(({ uri }) => isClaimable(hostOf(uri) ?? ''))
        .map(({ uri }) => `${quoted(uri)} leads to a host that anybody can claim once it is given up`),
  },
  {
    id: 'EI404',
    name: 'implicit-access-token',
    severity: 'medium',
    summary: 'No application gets access tokens by the implicit grant.',
    fix: 'use the authorization code flow with PKCE, then switch it off',
    source: 'Microsoft identity platform and OAuth 2.0 implicit grant flow',
    kinds: REGISTERED,
    check: ({ implicitGrant }) =>
      implicitGrant.accessToken ? ['access tokens are issued by the implicit grant'] : [],
  },
  {
    id: 'EI405',
    name: 'implicit-id-token',
    severity: 'low',
    summary: 'No application gets ID tokens by the implicit grant.',
    fix: 'use the authorization code flow, then switch it off',
    source: 'Microsoft identity platform and OAuth 2.0 implicit grant flow',
    kinds: REGISTERED,
    check: ({ implicitGrant }) =>
      implicitGrant.idToken ? ['ID tokens are issued by the implicit grant'] : [],
  },
  {
    id: 'EI406',
    name: 'publisher-unverified',
    severity: 'medium',
    summary: 'An application for other tenants has a verified publisher.',
    fix: 'verify the publisher, or let only this tenant sign in (AzureADMyOrg)',
    source: 'Publisher verification overview',
    kinds: REGISTERED,
    check: ({ signInAudience, publisherVerified }) =>
      signInAudience !== undefined && signInAudience !== 'AzureADMyOrg' && !publisherVerified
        ? [`others than this tenant may sign in (${signInAudience}), and its publisher is not verified`]
        : [],
  },
  {
    id: 'EI407',
    name: 'redirect-dangling-host',
    severity: 'high',
    summary: 'Every redirect URI leads to a host whose name exists; judged with --resolve.',
    fix: 'remove the address, or register the name again before somebody else does',
    source: 'Prevent dangling DNS entries and avoid subdomain takeover',
    kinds: REGISTERED,
    check: ({ redirectUris }, { danglingHosts }) =>
      redirectUris
        .filter(({ uri }) => danglingHosts?.has(hostOf(uri) ?? ''))
        .map(
          ({ uri }) =>
            `${quoted(uri)} leads to a host that does not exist: whoever claims it gets codes and tokens`,
        ),
  },
]

/** In lower case; undefined for what is no URI, or has no host. */
export function hostOf(uri: string): string | undefined {
  return URL.canParse(uri) ? new URL(uri).hostname.toLowerCase() : undefined
}

/** Whether a host is this computer. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host)
}

function isClaimable(host: string): boolean {
  return CLAIMABLE_HOSTS.some((suffix) => host.endsWith(`.${suffix}`))
}
