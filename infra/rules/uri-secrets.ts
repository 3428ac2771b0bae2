/** A text in quotes that begins as a URI does, or an address that stands by itself. */
const URI = /"(?:[^"\n]*)"|[a-z][a-z\d+.-]*:\/\/[^\s"]+/gi

const BEGINS_LIKE_ONE = /^\s*(?:[a-z][a-z\d+.-]*:|[\\/]{2})/i

/**
 * A message without the parts of URIs that can hold a credential: user and password, the values of a query, a fragment.
 * Findings go to logs and to pull requests; their path says which URI is meant.
 */
export function withoutUriSecrets(text: string): string {
  return text.replace(URI, (found) => {
    if (!found.startsWith('"')) return masked(found)
    const uri = found.slice(1, -1)
    return BEGINS_LIKE_ONE.test(uri) ? `"${masked(uri)}"` : found
  })
}

/** The same for a text that may be a URI as a whole. */
export function withoutOwnSecrets(text: string): string {
  return BEGINS_LIKE_ONE.test(text) ? masked(text) : text
}

function masked(uri: string): string {
  return withoutUserInfo(uri)
    .replace(/#.+$/s, '#***')
    .replace(/\?([^#]*)/s, (_, query: string) => `?${withoutValues(query)}`)
}

/** What cannot be read as a URI may have its "@" anywhere; nothing before the last one is shown then. */
function withoutUserInfo(uri: string): string {
  const [authority] = (URL.canParse(uri) && /^[^:]*:[\\/]*[^\\/?#]*/.exec(uri)) || [uri]
  const at = authority.lastIndexOf('@')
  if (at < 0) return uri
  const scheme = /^\s*(?:[a-z][a-z\d+.-]*:(?=[\\/]))?[\\/]*/i.exec(uri)?.[0] ?? ''
  return `${scheme}***${uri.slice(at)}`
}

function withoutValues(query: string): string {
  if (query === '') return query
  return query
    .split('&')
    .map((pair) => (pair.includes('=') ? pair.replace(/=.*$/s, '=***') : '***'))
    .join('&')
}
