import { routes } from './routes.ts'

const GRAPH_PATH = /^\/+(?:v1\.0|beta)\//i

/** The tenant that the token is of, which may be named before what is asked of it (CLI for Microsoft 365 does). */
const OWN_TENANT = /^(\/+(?:v1\.0|beta))\/myorganization(?=\/)/i

/** Keys in parentheses, quoted as OData quotes strings (a quote within is written twice), `%27` being a quote too. */
const KEY = /\((?:(\w+)=)?(?:'|%27)((?:[^'%]|''|%27%27|%(?!27))*)(?:'|%27)\)/gi

/** A site by its path: `/sites/{hostname}:/sites/finance`, with a further colon before what is asked of it. */
const SITE_BY_PATH = /\/sites\/([^/:,]+):(\/[^:]*[^:/])\/?(?::(\/.*)?)?$/i

/** The root site by its host name. */
const ROOT_SITE = /\/sites\/[^/:,]+\.sharepoint\.[a-z.]+(?=\/|$)/i

/** Where beta has administrative units too. */
const BETA_UNITS = /^(\/+beta)\/administrativeUnits(?=\/|$)/i

/** The short name that SDKs have for the namespace of Graph's types and functions. */
const SHORT_NAMESPACE = /\/graph\.(?=\w)/gi

/** The long name of something at the end of a path, with or without an empty list of parameters. */
const LONG_NAME = /\/microsoft\.graph\.(\w+)(?:\(\))?$/i

/** Names of actions and functions that are served, in lower case. */
const CALLABLE: ReadonlySet<string> = new Set(
  routes
    .filter(({ path, operation }) => path.endsWith(`/${operation}`))
    .map(({ operation }) => operation.toLowerCase()),
)

/** A function may be called with the parentheses of an empty list of parameters. */
const EMPTY_PARAMETERS = /(?<=\/delta)\(\)$/i

/**
 * Writes the other spellings that OData has for a Graph address as the one that routes are made for:
 * `/applications('{id}')` as `/applications/{id}`, `/applications(appId='{appId}')` as `/applications/appId='{appId}'`,
 * `/microsoft.graph.addPassword` as `/addPassword`, `/graph.delta()` as `/delta`, `/graph.user` as `/microsoft.graph.user`,
 * `/myorganization/applications` as `/applications`, and sites by host name and path as keys.
 */
export function plainUrl(url: string): string {
  const mark = url.indexOf('?')
  const path = mark === -1 ? url : url.slice(0, mark)
  if (!GRAPH_PATH.test(path)) return url
  const plain = path
    .replace(OWN_TENANT, '$1')
    .replace(SITE_BY_PATH, (_all, host: string, site: string, rest = '') => {
      return `/sites/${host}:${site.replaceAll('/', '%2F')}${rest}`
    })
    .replace(BETA_UNITS, '$1/directory/administrativeUnits')
    .replace(ROOT_SITE, '/sites/root')
    .replace(SHORT_NAMESPACE, '/microsoft.graph.')
    .replace(KEY, (_all, name: string | undefined, value: string) => {
      const key = value.replaceAll(/''|%27%27/g, '%27').replaceAll('/', '%2F')
      return name === undefined ? `/${key}` : `/${name}=%27${key}%27`
    })
    .replace(LONG_NAME, (all, name: string) => (CALLABLE.has(name.toLowerCase()) ? `/${name}` : all))
    .replace(EMPTY_PARAMETERS, '')
  return mark === -1 ? plain : `${plain}${url.slice(mark)}`
}

/** The name of a type, function or part, where a key could stand; the value of a named key may be anything. */
const NOT_A_KEY = /^(?!\w+=')(?:microsoft\.graph\.|\$\w+$|delta$|.*[()])/i

/** Whether a segment in the place of a key is one. If not, what it names is not served, which is not the same as not there. */
export function isKey(segment: string): boolean {
  return !NOT_A_KEY.test(segment)
}
