import { type Data, isObject, strings } from '../store/entity.ts'

/** Where a redirect URI is registered decides how its codes may be redeemed. */
export type Platform = 'web' | 'spa' | 'publicClient'

const PLATFORMS: readonly Platform[] = ['web', 'spa', 'publicClient']

/** Redirect URIs of an application, in the order of the platforms. */
export function registeredRedirectUris(
  application: Data,
): readonly { readonly uri: string; readonly platform: Platform }[] {
  return PLATFORMS.flatMap((platform) => {
    const settings = application[platform]
    const uris = isObject(settings) ? strings(settings['redirectUris']) : []
    return uris.map((uri) => ({ uri, platform }))
  })
}

/**
 * The platform whose redirect URIs hold the one asked for; undefined when none does. Paths compare with case; the
 * port of `http://localhost` does not matter; `https://*.example.com/…` stands for one label (Microsoft identity platform:
 * Redirect URI (reply URL) restrictions and limitations).
 */
export function platformOf(application: Data, asked: string): Platform | undefined {
  const registered = registeredRedirectUris(application)
  const found =
    registered.find(({ uri }) => canonical(uri) === canonical(asked)) ??
    registered.find(({ uri }) => isSameOnLoopback(uri, asked)) ??
    registered.find(({ uri }) => matchesWildcard(uri, asked))
  return found?.platform
}

/** Scheme and host in lower case, and the slash that stands for no path at all. */
function canonical(uri: string): string {
  const parts = /^(https?:\/\/[^/?#]*)(.*)$/is.exec(uri)
  if (parts === null) return uri
  const [, origin = '', rest = ''] = parts
  return `${origin.toLowerCase()}${rest.startsWith('/') ? '' : '/'}${rest}`
}

/** RFC 8252 section 7.3: a program listens on whatever port is free at the moment. */
function isSameOnLoopback(registered: string, asked: string): boolean {
  const withoutPort = (uri: string): string | undefined =>
    /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/|$)/i.test(uri)
      ? canonical(uri).replace(/^(http:\/\/[^:/]+):\d+/, '$1')
      : undefined
  const wanted = withoutPort(asked)
  return wanted !== undefined && wanted === withoutPort(registered)
}

function matchesWildcard(registered: string, asked: string): boolean {
  const [scheme, rest] = canonical(registered).split('://*.')
  if (scheme === undefined || rest === undefined) return false
  const wanted = canonical(asked)
  const start = `${scheme}://`
  if (!wanted.startsWith(start) || !wanted.endsWith(`.${rest}`)) return false
  return /^[a-z0-9-]+$/.test(wanted.slice(start.length, -rest.length - 1))
}
