import { PluginError } from '../protocol/errors.ts'
import { type Properties, text, UNKNOWN } from '../protocol/wire.ts'

/** What the provider needs to sign in to a local tenant. */
export interface Configuration {
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  /** Host and port that serve `/metadata/endpoints`, such as `localhost:8443`. */
  readonly metadataHost: string
}

/** Settings of the azuread provider that this one reads, with the environment variable that stands in for each. */
const SETTINGS = {
  metadataHost: 'ARM_METADATA_HOSTNAME',
  tenantId: 'ARM_TENANT_ID',
  clientId: 'ARM_CLIENT_ID',
  clientSecret: 'ARM_CLIENT_SECRET',
} as const satisfies Record<keyof Configuration, string>

/** Settings that the engine must keep encrypted, as the official plugin asks for. */
export const SECRET_SETTINGS = ['clientId', 'clientSecret', 'clientCertificatePassword'] as const

const FIX =
  'Start the local tenant with `npm run tenant` and give a shell its settings with `eval "$(npm run -s tenant:env)"`'

/**
 * Reads the provider's configuration, stack config before environment.
 *
 * @returns undefined while a setting is an output that is not known yet
 * @throws PluginError CONFIGURATION_MISSING with every missing setting, NOT_LOOPBACK for any host but this machine
 */
export function readConfiguration(
  settings: Properties,
  env: Readonly<Record<string, string | undefined>>,
): Configuration | undefined {
  const names = Object.keys(SETTINGS) as (keyof Configuration)[]
  if (names.some((name) => settings[name] === UNKNOWN)) return undefined
  const values = Object.fromEntries(
    names.map((name) => [name, text(settings[name]) || (env[SETTINGS[name]] ?? '')]),
  ) as Record<keyof Configuration, string>
  const missing = names.filter((name) => values[name] === '')
  if (missing.length > 0) {
    const each = missing.map((name) => `azuread:${name} (or ${SETTINGS[name]})`).join(', ')
    throw new PluginError('CONFIGURATION_MISSING', `The azuread provider lacks ${each}. ${FIX}.`)
  }
  loopbackUrl(`https://${values.metadataHost}`, 'azuread:metadataHost')
  return values
}

/**
 * The address, when it is on this machine.
 *
 * @param what what the address is, for the message
 * @throws PluginError NOT_LOOPBACK otherwise: this local azuread plugin serves the local tenant only
 */
export function loopbackUrl(address: string, what: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url !== undefined && url.protocol === 'https:' && isLoopback(url.hostname)) return url
  throw new PluginError(
    'NOT_LOOPBACK',
    `${what} is "${address}", but this azuread provider serves only https on localhost, 127.0.0.0/8 and [::1]. ` +
      'For a real tenant install the official plugin: `pulumi plugin install resource azuread`.',
  )
}

/** @param hostname as a URL spells it: lower case, IPv4 in four decimal parts, IPv6 in brackets */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

/** A message for "nothing listens there", with the fix. */
export function unreachable(host: string, cause: unknown): PluginError {
  return new PluginError('TENANT_UNREACHABLE', `No tenant answers at ${host}: ${why(cause)}. ${FIX}.`, {
    cause,
  })
}

/**
 * The answer, unless it is a redirect: what was sent, the client's secret or a token, is for this tenant only. Requests
 * must be sent with `redirect: 'manual'`, so that it gets this far.
 *
 * @throws PluginError REDIRECTED
 */
export function notRedirected(url: string, response: Response): Response {
  if (response.status < 300 || response.status >= 400) return response
  const { host, pathname } = new URL(url)
  throw new PluginError(
    'REDIRECTED',
    `The tenant at ${host} answered ${pathname} with a redirect (${response.status}), which is not followed. ${FIX}.`,
  )
}

function why(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const inner = cause.cause
  if (!(inner instanceof Error)) return cause.message
  const code = 'code' in inner ? String(inner.code) : ''
  if (/CERT|VERIFY|SIGNED|ISSUER/.test(code))
    return `its certificate is not trusted (${code}); SSL_CERT_FILE must name its ca.pem`
  return inner.message || code || cause.message
}
