const GRAPH_PATH = /^\/+(?:v1\.0|beta)\//i

/** Keys in parentheses, quoted as OData quotes strings (a quote within is written twice), `%27` being a quote too. */
const KEY = /\((?:(\w+)=)?(?:'|%27)((?:[^'%]|''|%27%27|%(?!27))*)(?:'|%27)\)/gi

/** The long name of an action or function at the end of a path. */
const LONG_ACTION = /\/microsoft\.graph\.(?=(?:add|remove|get|check|restore|instantiate)[a-z]*$)/i

/**
 * Writes the other spellings that OData has for a Graph address as the one that routes are made for:
 * `/applications('{id}')` as `/applications/{id}`, `/applications(appId='{appId}')` as `/applications/appId='{appId}'`,
 * `/microsoft.graph.addPassword` as `/addPassword`.
 */
export function plainUrl(url: string): string {
  const mark = url.indexOf('?')
  const path = mark === -1 ? url : url.slice(0, mark)
  if (!GRAPH_PATH.test(path)) return url
  const plain = path
    .replace(KEY, (_all, name: string | undefined, value: string) => {
      const key = value.replaceAll(/''|%27%27/g, '%27').replaceAll('/', '%2F')
      return name === undefined ? `/${key}` : `/${name}=%27${key}%27`
    })
    .replace(LONG_ACTION, '/')
  return mark === -1 ? plain : `${plain}${url.slice(mark)}`
}
