import { includesPersonalAccounts } from '../../microsoft/audiences.ts'
import { withAnyIds } from '../declaration/placeholders.ts'
import {
  isLoopback,
  matchingKey,
  normaliseRedirectUri,
  PLATFORMS,
  type Platform,
} from '../declaration/redirect-uris.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { above, type Rule, repeated, type Violation } from './rule.ts'

const NESTED = 'Enable SSO in an Office Add-in using nested app authentication'
const REPLY_URL = 'Redirect URI (reply URL) outline and restrictions'

const MAX_LENGTH = 256
const MAX_WORK = 256
const MAX_PERSONAL = 100
const UNSUPPORTED = /[!$'(),;\s]/

interface Entry {
  readonly uri: string
  readonly platform: Platform
  readonly path: readonly (string | number)[]
  /** Not there when the URI cannot be read. */
  readonly url: URL | undefined
}

function entriesOf(app: AppDeclaration): Entry[] {
  return PLATFORMS.flatMap((platform) =>
    app.redirectUris[platform].map((uri, i) => ({
      uri,
      platform,
      path: ['redirectUris', platform, i],
      url: URL.canParse(withAnyIds(uri)) ? new URL(withAnyIds(uri)) : undefined,
    })),
  )
}

/** A check of each URI by itself; a URI that cannot be read is left to EA101. */
const each =
  (judge: (entry: Entry & { url: URL }, app: AppDeclaration) => string | undefined): Rule['check'] =>
  (app) =>
    entriesOf(app).flatMap(({ url, ...entry }): Violation[] => {
      const message = url && judge({ ...entry, url }, app)
      return message ? [{ path: entry.path, message, found: entry.uri }] : []
    })

/** Later entries that Entra takes for an earlier one; those that are the same text, or those that are not. */
function twins(app: AppDeclaration, sameText: boolean): Violation[] {
  return repeated(entriesOf(app), ({ uri }) => matchingKey(withAnyIds(uri)))
    .filter(
      ([later, first]) => (normaliseRedirectUri(later.uri) === normaliseRedirectUri(first.uri)) === sameText,
    )
    .map(([later, first]) => ({
      path: later.path,
      message: sameText
        ? `"${later.uri}" is listed twice (first under ${first.platform})`
        : `"${later.uri}" and "${first.uri}" (under ${first.platform}) are one to Entra, which ignores loopback ports`,
      found: later.uri,
    }))
}

/**
 * Schemes that Entra takes beside https, though native apps handle them. Nested app authentication of Office add-ins
 * registers its broker as a single-page application.
 */
const TOLERATED_SCHEMES: Readonly<Record<Platform, readonly string[]>> = {
  web: ['urn:', 'ms-appx-web:'],
  spa: ['brk-multihub:'],
  publicClient: [],
}

/** Rules about redirect URIs, all platforms together, because Entra's limits and matching span the application. */
export const redirectUriRules: readonly Rule[] = [
  {
    code: 'EA101',
    name: 'redirect-uri-absolute',
    severity: 'error',
    summary: 'A redirect URI is absolute.',
    fix: 'write it with scheme and host, as in https://host/path',
    source: REPLY_URL,
    check: (app) =>
      entriesOf(app).flatMap(({ uri, url, path }) =>
        url ? [] : [{ path, message: `"${uri}" is not an absolute URI`, found: uri }],
      ),
  },
  {
    code: 'EA102',
    name: 'redirect-uri-length',
    severity: 'error',
    summary: `A redirect URI has at most ${MAX_LENGTH} characters.`,
    limit: MAX_LENGTH,
    fix: 'shorten the path, and carry data in the "state" parameter instead',
    source: REPLY_URL,
    check: (app) =>
      entriesOf(app).flatMap(({ uri, path }) =>
        above(MAX_LENGTH, withAnyIds(uri).length, path, (count) => `the URI has ${count} characters`),
      ),
  },
  {
    code: 'EA103',
    name: 'redirect-uri-characters',
    severity: 'error',
    summary: "A redirect URI has none of ! $ ' ( ) , ; and no white space.",
    fix: "remove it (unsupported: ! $ ' ( ) , ; and white space)",
    source: REPLY_URL,
    check: each(({ uri }) => {
      const bad = UNSUPPORTED.exec(uri)?.[0]
      return bad && `"${uri}" contains ${JSON.stringify(bad)}, which Entra does not support in redirect URIs`
    }),
  },
  {
    code: 'EA104',
    name: 'redirect-uri-fragment',
    severity: 'error',
    summary: 'A redirect URI has no fragment.',
    fix: 'remove the part from "#" on',
    source: REPLY_URL,
    check: each(({ uri }) =>
      uri.includes('#') ? `"${uri}" has a fragment, which never reaches a server` : undefined,
    ),
  },
  {
    code: 'EA105',
    name: 'redirect-uri-wildcard',
    severity: 'warning',
    summary: 'A redirect URI names one host, not a wildcard.',
    fix: 'list each host, or pass the target in the "state" parameter',
    source: REPLY_URL,
    check: each(({ uri, url }, app) =>
      url.hostname.includes('*') && !includesPersonalAccounts(app)
        ? `"${uri}" has a wildcard host: anyone who controls one of these hosts receives the codes`
        : undefined,
    ),
  },
  {
    code: 'EA106',
    name: 'redirect-uri-wildcard-personal',
    severity: 'error',
    summary: 'With personal accounts no redirect URI has a wildcard.',
    fix: 'list each host, or pass the target in the "state" parameter',
    source: REPLY_URL,
    check: each(({ uri }, app) =>
      uri.includes('*') && includesPersonalAccounts(app)
        ? `"${uri}" has a wildcard, which ${app.signInAudience} does not allow`
        : undefined,
    ),
  },
  {
    code: 'EA107',
    name: 'redirect-uri-user-info',
    severity: 'error',
    summary: 'A redirect URI carries no user name or password.',
    fix: 'remove the part before "@"',
    source: REPLY_URL,
    check: each(({ url }) =>
      url.username || url.password ? 'the URI carries a user name or password' : undefined,
    ),
  },
  {
    code: 'EA108',
    name: 'redirect-uri-ipv6-loopback',
    severity: 'error',
    summary: 'A loopback redirect URI is localhost or 127.0.0.1, not [::1].',
    fix: 'use localhost or 127.0.0.1',
    source: REPLY_URL,
    check: each(({ uri, url }) =>
      url.hostname === '[::1]' ? `"${uri}" uses [::1], which Entra does not support` : undefined,
    ),
  },
  {
    code: 'EA109',
    name: 'redirect-uri-http',
    severity: 'error',
    summary: 'A redirect URI is http on this computer only.',
    fix: 'use https (http is accepted for localhost and 127.0.0.1 only)',
    source: REPLY_URL,
    check: each(({ uri, url }) =>
      url.protocol === 'http:' && !isLoopback(url) && url.hostname !== '[::1]'
        ? `"${uri}" is http to a host other than this computer; codes would travel in the clear`
        : undefined,
    ),
  },
  {
    code: 'EA110',
    name: 'redirect-uri-scheme',
    severity: 'error',
    summary: 'Redirect URIs of web and spa are http or https; other schemes belong to publicClient.',
    fix: 'use https, or move the URI to publicClient if a native app handles that scheme',
    source: REPLY_URL,
    check: each(({ uri, url, platform }) =>
      platform === 'publicClient' ||
      /^https?:$/.test(url.protocol) ||
      TOLERATED_SCHEMES[platform].includes(url.protocol)
        ? undefined
        : `"${uri}" has the scheme "${url.protocol}"; ${platform} accepts https`,
    ),
  },
  {
    code: 'EA116',
    name: 'redirect-uri-native-scheme',
    severity: 'warning',
    summary: 'Redirect URIs of native apps stand under publicClient.',
    fix: 'move the URI to publicClient, unless the flow that uses it needs it here',
    source: REPLY_URL,
    check: each(({ uri, url, platform }) =>
      platform === 'web' && TOLERATED_SCHEMES.web.includes(url.protocol)
        ? `"${uri}" is of a native app; Entra takes it under web, where only some flows use it`
        : undefined,
    ),
  },
  {
    code: 'EA117',
    name: 'redirect-uri-host',
    severity: 'error',
    summary: 'A redirect URI has a host, unless it is a URN.',
    fix: 'write it with a host, as in my-app://auth',
    source: REPLY_URL,
    check: each(({ uri, url, platform }) =>
      platform === 'publicClient' && url.host === '' && url.protocol !== 'urn:'
        ? `"${uri}" has no host, which the azuread provider refuses`
        : undefined,
    ),
  },
  {
    code: 'EA118',
    name: 'redirect-uri-broker',
    severity: 'error',
    summary: 'A brk-multihub redirect URI ends with its host.',
    fix: 'remove what follows the host, as in brk-multihub://addin.example.com',
    source: NESTED,
    check: each(({ uri, url }) =>
      url.protocol === 'brk-multihub:' && !/^brk-multihub:\/\/[^/?#]+\/?$/i.test(uri)
        ? `"${uri}" has more than a host, which the broker of nested app authentication never asks for`
        : undefined,
    ),
  },
  {
    code: 'EA111',
    name: 'redirect-uri-twice',
    severity: 'error',
    summary: 'A redirect URI is listed once, on one platform.',
    fix: 'keep one of the two, on the platform whose flow is used',
    source: REPLY_URL,
    check: (app) => twins(app, true),
  },
  {
    code: 'EA112',
    name: 'redirect-uri-loopback-port',
    severity: 'error',
    summary: 'Loopback redirect URIs differ by more than their port.',
    fix: 'keep one of the two: any port matches it',
    source: REPLY_URL,
    check: (app) => twins(app, false),
  },
  {
    code: 'EA113',
    name: 'redirect-uri-count',
    severity: 'error',
    summary: `An application has at most ${MAX_WORK} redirect URIs over all platforms.`,
    limit: MAX_WORK,
    fix: 'remove unused ones, or split the application',
    source: REPLY_URL,
    check: (app) => (includesPersonalAccounts(app) ? [] : count(app, MAX_WORK)),
  },
  {
    code: 'EA114',
    name: 'redirect-uri-count-personal',
    severity: 'error',
    summary: `With personal accounts an application has at most ${MAX_PERSONAL} redirect URIs over all platforms.`,
    limit: MAX_PERSONAL,
    fix: 'remove unused ones, or split the application',
    source: REPLY_URL,
    check: (app) => (includesPersonalAccounts(app) ? count(app, MAX_PERSONAL) : []),
  },
  {
    code: 'EA115',
    name: 'redirect-uri-query-personal',
    severity: 'error',
    summary: 'With personal accounts no redirect URI has a query.',
    fix: 'carry the data in the "state" parameter',
    source: REPLY_URL,
    check: each(({ uri, url }, app) =>
      url.search && includesPersonalAccounts(app)
        ? `"${uri}" has a query, which ${app.signInAudience} does not allow`
        : undefined,
    ),
  },
]

function count(app: AppDeclaration, limit: number): readonly Violation[] {
  return above(
    limit,
    entriesOf(app).length,
    ['redirectUris'],
    (found) => `${found} redirect URIs over all platforms`,
  )
}
