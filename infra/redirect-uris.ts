import type { Problem } from './problems.ts'

/** Redirect URIs per platform; the platform decides which flow may redeem a code (reply URL documentation). */
export interface RedirectUris {
  readonly web: readonly string[]
  readonly spa: readonly string[]
  readonly publicClient: readonly string[]
}

export type Platform = keyof RedirectUris

const PLATFORMS: readonly Platform[] = ['web', 'spa', 'publicClient']

// "Redirect URI (reply URL) outline and restrictions": maximum length, number and unsupported characters.
const MAX_LENGTH = 256
const MAX_COUNT = 256
const UNSUPPORTED = /[!$'(),;\s]/
const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1'])

type Finding = { readonly message: string; readonly mend: string }

/**
 * Entra returns a URI without a path with a trailing slash, and the azuread provider refuses it without one.
 *
 * @returns the URI as Entra stores it; unreadable ones come back as they are, for {@link checkRedirectUris} to name
 */
export function normaliseRedirectUri(uri: string): string {
  return /^https?:\/\/[^/?#]+$/i.test(uri) ? `${uri}/` : uri
}

/**
 * Judges the redirect URIs of one application, all platforms together, because Entra's limits and its matching
 * span the whole application.
 *
 * @returns problems with paths below the `redirectUris` setting
 */
export function checkRedirectUris(uris: RedirectUris): Problem[] {
  const entries = PLATFORMS.flatMap((platform) =>
    uris[platform].map((uri, i) => ({ uri, platform, path: [platform, i] })),
  )
  const problems = entries.flatMap(({ uri, platform, path }) => {
    const finding = judge(uri, platform)
    return finding ? [{ path, ...finding }] : []
  })
  return [...problems, ...findTwins(entries), ...checkCount(entries.length)]
}

function judge(uri: string, platform: Platform): Finding | undefined {
  if (uri.length > MAX_LENGTH) {
    return {
      message: `the URI has ${uri.length} characters, Entra accepts ${MAX_LENGTH}`,
      mend: 'shorten the path, and carry data in the "state" parameter instead',
    }
  }
  const bad = UNSUPPORTED.exec(uri)?.[0]
  if (bad) {
    return {
      message: `"${uri}" contains ${JSON.stringify(bad)}, which Entra does not support in redirect URIs`,
      mend: "remove it (unsupported: ! $ ' ( ) , ; and white space)",
    }
  }
  if (!URL.canParse(uri)) {
    return {
      message: `"${uri}" is not an absolute URI`,
      mend: 'write it with scheme and host, as in https://host/path',
    }
  }
  return judgeParts(new URL(uri), uri, platform)
}

function judgeParts(url: URL, uri: string, platform: Platform): Finding | undefined {
  if (uri.includes('#')) {
    return {
      message: `"${uri}" has a fragment, which never reaches a server`,
      mend: 'remove the part from "#" on',
    }
  }
  if (url.hostname.includes('*')) {
    return {
      message: `"${uri}" has a wildcard host`,
      mend: 'list each host, or pass the target in the "state" parameter',
    }
  }
  if (url.username || url.password) {
    return { message: 'the URI carries a user name or password', mend: 'remove the part before "@"' }
  }
  if (url.hostname === '[::1]') {
    return {
      message: `"${uri}" uses [::1], which Entra does not support`,
      mend: 'use localhost or 127.0.0.1',
    }
  }
  if (url.protocol === 'https:') return undefined
  if (url.protocol === 'http:') {
    if (LOOPBACK_HOSTS.has(url.hostname)) return undefined
    return {
      message: `"${uri}" is http to a host other than this computer; codes would travel in the clear`,
      mend: 'use https (http is accepted for localhost and 127.0.0.1 only)',
    }
  }
  if (platform === 'publicClient') return undefined
  return {
    message: `"${uri}" has the scheme "${url.protocol}"; ${platform} accepts https`,
    mend: 'use https, or move the URI to publicClient if a native app handles that scheme',
  }
}

/** Two entries that Entra takes for one: the same URI, or loopback URIs that differ only by the ignored port. */
function findTwins(
  entries: readonly { uri: string; path: Problem['path']; platform: Platform }[],
): Problem[] {
  const seen = new Map<string, { uri: string; platform: Platform }>()
  return entries.flatMap(({ uri, path, platform }) => {
    const key = matchingKey(uri)
    const first = seen.get(key)
    if (!first) {
      seen.set(key, { uri, platform })
      return []
    }
    const message =
      first.uri === uri
        ? `"${uri}" is listed twice (first under ${first.platform})`
        : `"${uri}" and "${first.uri}" (under ${first.platform}) are one to Entra, which ${
            normaliseRedirectUri(first.uri) === normaliseRedirectUri(uri)
              ? 'adds the slash'
              : 'ignores loopback ports'
          }`
    return [{ path, message, mend: 'keep one of the two, on the platform whose flow is used' }]
  })
}

function matchingKey(uri: string): string {
  const normal = normaliseRedirectUri(uri)
  if (!URL.canParse(normal)) return normal
  const url = new URL(normal)
  if (LOOPBACK_HOSTS.has(url.hostname)) url.port = ''
  // Scheme and host are case-insensitive and lowered by URL; the path stays as it is, since Entra compares its case.
  return url.href
}

function checkCount(count: number): Problem[] {
  if (count <= MAX_COUNT) return []
  return [
    {
      path: [],
      message: `${count} redirect URIs over all platforms, Entra accepts ${MAX_COUNT} per application`,
      mend: 'remove unused ones, or split the application',
    },
  ]
}
