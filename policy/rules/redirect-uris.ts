import { isLoopback } from '../../infra/declaration/redirect-uris.ts'
import { APPLICATION, applicationName, type Judged, type Policy, texts, violation } from '../policy.ts'

/** The platforms as the provider calls them. */
const PLATFORMS = ['web', 'singlePageApplication', 'publicClient']

/** Whoever gets what is sent to a redirect URI gets the tokens. */
export const redirectUris: Policy = {
  name: 'redirect-uris',
  description: 'Redirect URIs lead to the hosts of the organisation, over https.',
  enforcementLevel: 'mandatory',
  options: {
    hosts: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Hosts that are allowed, such as files.example.com or *.example.com; empty: all',
    },
    loopback: {
      type: 'boolean',
      default: true,
      description: 'Whether localhost and 127.0.0.1 are allowed, with http as well',
    },
    schemes: {
      type: 'array',
      items: { type: 'string' },
      default: ['https'],
      description: 'Schemes that are allowed; native applications may need one of their own',
    },
  },
  judge: (resource, { options }) => {
    if (resource.type !== APPLICATION) return []
    return urisOf(resource).flatMap((uri) => {
      const found = problem(
        uri,
        texts(options['hosts']),
        texts(options['schemes']),
        options['loopback'] === true,
      )
      return found
        ? [violation(applicationName(resource), `has the redirect URI ${uri}: ${found[0]}`, found[1])]
        : []
    })
  },
}

function urisOf({ inputs }: Judged): readonly string[] {
  return PLATFORMS.flatMap((platform) =>
    texts((inputs[platform] as { redirectUris?: unknown } | undefined)?.redirectUris),
  )
}

function problem(
  uri: string,
  hosts: readonly string[],
  schemes: readonly string[],
  loopback: boolean,
): readonly [what: string, fix: string] | undefined {
  const url = URL.parse(uri)
  if (!url) return ['it cannot be read', 'write it with scheme and host']
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:'
  if (isHttp && isLoopback(url)) {
    return loopback
      ? undefined
      : ['the organisation allows no loopback address', 'remove it from this environment']
  }
  const scheme = url.protocol.slice(0, -1)
  if (!schemes.includes(scheme))
    return [`the organisation allows ${schemes.join(', ')}`, `use ${schemes.join(' or ')}`]
  if (!isHttp || hosts.length === 0 || hosts.some((host) => covers(host, url.hostname))) return undefined
  return [`${url.hostname} is none of the organisation's hosts (${hosts.join(', ')})`, 'use one of these']
}

/** `*.example.com` covers every host below example.com, and not example.com itself. */
function covers(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern
}
