import type { Rule } from './property.ts'

/** Rules that the official azuread provider (3.8) applies to a value before anything is planned. */

export const notEmpty: Rule = (value) => (value === '' ? 'must not be empty' : undefined)

export const uuid: Rule = (value) =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value) ? undefined : `must be a UUID, is "${value}"`

/** Both in characters, both allowed. */
export function lengthBetween(least: number, most: number): Rule {
  return (value) =>
    value.length < least || value.length > most
      ? `must have ${least} to ${most} characters, has ${value.length}`
      : undefined
}

/** @param limit in characters */
export function maxLength(limit: number): Rule {
  return (value) =>
    value.length > limit ? `may have at most ${limit} characters, has ${value.length}` : undefined
}

export function oneOf(...allowed: string[]): Rule {
  return (value) =>
    allowed.includes(value) ? undefined : `must be one of ${allowed.join(', ')}, is "${value}"`
}

/** RFC 3339, as in `2030-01-31T00:00:00Z`. */
export const timestamp: Rule = (value) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value))
    ? undefined
    : `must be an RFC 3339 date such as 2030-01-31T00:00:00Z, is "${value}"`

export const webUrl: Rule = (value) => checkUri(value, { schemes: ['http', 'https'] })

export const logoutUrl: Rule = (value) => webUrl(value) ?? maxLength(255)(value)

/** Web: a URN, or one of the known schemes with a path (`https://host` alone lacks its trailing slash). */
export const webRedirectUri: Rule = (value) =>
  checkUri(value, { schemes: REDIRECT_SCHEMES, urn: true, path: true }) ?? maxLength(256)(value)

export const spaRedirectUri: Rule = (value) =>
  checkUri(value, { schemes: REDIRECT_SCHEMES, path: true }) ?? maxLength(256)(value)

/** Public clients choose their own scheme. */
export const publicRedirectUri: Rule = (value) => checkUri(value, { urn: true }) ?? maxLength(256)(value)

/** The `roles` or `scp` claim value: printable ASCII without blanks, no dot at the start. */
export const claimValue: Rule = (value) => {
  if (value === '') return undefined
  if (value.length > 249) return `may have at most 249 characters, has ${value.length}`
  if (value.startsWith('.')) return 'must not start with a dot'
  return /^[\x21-\x7e]+$/.test(value) && !/["\\]/.test(value)
    ? undefined
    : `may hold only printable ASCII without blanks, quotes and backslashes, is "${value}"`
}

const REDIRECT_SCHEMES = ['http', 'https', 'ms-appx-web', 'brk-multihub']

interface UriRule {
  /** Default: any. */
  readonly schemes?: readonly string[]
  readonly urn?: boolean
  /** Needs a path, if only `/`. */
  readonly path?: boolean
}

function checkUri(value: string, { schemes, urn, path }: UriRule): string | undefined {
  if (value === '') return 'must not be empty'
  if (urn && /^urn:[^:]*:/.test(value)) return undefined
  // The parts are taken as written: URL would add the trailing slash that the rule asks for.
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]+)([^?#]*)/i.exec(value)
  if (match === null) return `must be a URI with a host, is "${value}"`
  if (path && match[3] === '') return `must end in "/" when it has no path, is "${value}"`
  const scheme = match[1]!.toLowerCase()
  return schemes === undefined || schemes.includes(scheme)
    ? undefined
    : `must have one of the schemes ${schemes.join(', ')}, is "${value}"`
}
