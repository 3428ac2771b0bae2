import { invalidValue } from '../errors/graph-error.ts'
import { type Data, isObject, objects, strings } from '../store/entity.ts'

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1'])

/** Platforms whose redirect URIs have to be https, http being for this machine only. */
const HTTPS_PLATFORMS = ['web', 'spa'] as const

/**
 * What else these platforms take: under web, URNs and the broker of Windows, which native clients were once registered
 * with (terraform-provider-azuread #575, #533); under spa, the broker of Office add-ins (Enable SSO in an Office Add-in
 * using nested app authentication), which has a host and nothing behind it.
 */
const EXTRA_FORM = {
  web: /^(urn:[^:]+:|ms-appx-web:\/\/)./i,
  spa: /^brk-multihub:\/\/[^/?#]+\/?$/i,
} as const

/**
 * Microsoft identity platform: Redirect URI (reply URL) restrictions and limitations.
 *
 * @throws GraphError 400 for the first URI that breaks a rule
 */
export function checkRedirectUris(application: Data): void {
  for (const platform of HTTPS_PLATFORMS) {
    for (const uri of urisOf(application, platform)) {
      const parsed = URL.parse(uri)
      const secure = parsed?.protocol === 'https:'
      const local = parsed?.protocol === 'http:' && LOOPBACK_HOSTS.has(parsed.hostname)
      if (!secure && !local && !EXTRA_FORM[platform].test(uri)) {
        throw refuse(platform, uri, 'has to use https, or http for localhost')
      }
    }
  }
  for (const platform of [...HTTPS_PLATFORMS, 'publicClient']) {
    for (const uri of urisOf(application, platform)) {
      if (URL.parse(uri) === null) throw refuse(platform, uri, 'has to be an absolute URI')
      if (uri.includes('#')) throw refuse(platform, uri, 'cannot have a fragment')
    }
  }
}

/**
 * The application with an entry in `web.redirectUriSettings` for each of its `web.redirectUris`, as the real service has
 * it: the one that was given, else one without an index.
 *
 * @param current the application before the change, undefined for a new one
 * @throws GraphError 400 for settings of a URI that the application does not have
 */
export function withRedirectUriSettings(application: Data, current: Data | undefined): Data {
  const { web } = application
  if (!isObject(web)) return application
  const uris = urisOf(application, 'web')
  const given = objects(web['redirectUriSettings'])
  const gone = current === undefined ? [] : urisOf(current, 'web')
  const stray = given.find(({ uri }) => ![...uris, ...gone].includes(String(uri)))
  if (stray !== undefined) {
    const reason = `'${String(stray['uri'])}' is none of the redirectUris.`
    throw invalidValue('Application', 'web.redirectUriSettings', reason)
  }
  const redirectUriSettings = uris.map(
    (uri) => given.find((each) => each['uri'] === uri) ?? { uri, index: null },
  )
  return { ...application, web: { ...web, redirectUriSettings } }
}

function urisOf(application: Data, platform: string): readonly string[] {
  const settings = application[platform]
  return isObject(settings) ? strings(settings['redirectUris']) : []
}

function refuse(platform: string, uri: string, rule: string): Error {
  return invalidValue('Application', `${platform}.redirectUris`, `'${uri}' ${rule}.`)
}
