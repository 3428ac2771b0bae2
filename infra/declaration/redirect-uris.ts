/** Redirect URIs per platform; the platform decides which flow may redeem a code (reply URL documentation). */
export interface RedirectUris {
  readonly web: readonly string[]
  readonly spa: readonly string[]
  readonly publicClient: readonly string[]
}

export type Platform = keyof RedirectUris

export const PLATFORMS: readonly Platform[] = ['web', 'spa', 'publicClient']

/**
 * Entra returns a URI without a path with a trailing slash, and the azuread provider refuses it without one.
 *
 * @returns the URI as Entra stores it; unreadable ones come back as they are, for the rules to name
 */
export function normaliseRedirectUri(uri: string): string {
  return /^(https?|brk-multihub):\/\/[^/?#]+$/i.test(uri) ? `${uri}/` : uri
}

/** Whether the URI leads to this computer in one of the two forms that Entra knows. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1'
}

/**
 * What Entra compares: two URIs with the same key are one to it.
 *
 * Scheme and host are case-insensitive and lowered; the path stays as it is, since Entra compares its case; the port
 * of a loopback URI is ignored.
 */
export function matchingKey(uri: string): string {
  const normal = normaliseRedirectUri(uri)
  if (!URL.canParse(normal)) return normal
  const url = new URL(normal)
  if (isLoopback(url)) url.port = ''
  return url.href
}
