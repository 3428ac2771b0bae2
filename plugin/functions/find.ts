import { PluginError } from '../errors.ts'
import { filterBy, type Graph } from '../graph.ts'
import type { Entity } from '../schema/entity.ts'
import { type Properties, text } from '../wire.ts'

export interface LookUp {
  /** The term in messages, such as `service principal`. */
  readonly noun: string
  /** Collection, such as `/servicePrincipals`. */
  readonly collection: string
  /** Arguments that filter the collection, with Graph's name for each. */
  readonly filters: Readonly<Record<string, string>>
}

/**
 * The one entity that the given argument names: by `objectId`, or by a filter.
 *
 * @throws PluginError NOT_FOUND, or AMBIGUOUS when a filter finds several
 */
export async function findOne(
  graph: Graph,
  { noun, collection, filters }: LookUp,
  args: Properties,
): Promise<Entity> {
  const objectId = text(args['objectId'])
  if (objectId !== '') {
    const entity = await graph.find(`${collection}/${objectId}`)
    if (entity === undefined) throw notFound(noun, 'object id', objectId)
    return entity
  }
  const [name, property] = Object.entries(filters).find(([argument]) => text(args[argument]) !== '')!
  const value = text(args[name])
  const [entity, second] = await graph.list(`${collection}?${filterBy(property, value)}`)
  if (entity === undefined) throw notFound(noun, name, value)
  if (second === undefined) return entity
  throw new PluginError(
    'AMBIGUOUS',
    `Several ${noun}s have the ${name} "${value}"; name the one by its object id.`,
  )
}

function notFound(noun: string, name: string, value: string): PluginError {
  return new PluginError('NOT_FOUND', `No ${noun} in this tenant has the ${name} "${value}".`)
}
