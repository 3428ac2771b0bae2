import { filterBy, type Graph, type RequestOptions } from '../client/graph.ts'
import { PluginError } from '../protocol/errors.ts'
import { type Properties, text } from '../protocol/wire.ts'
import type { Entity } from '../schema/entity.ts'

export interface LookUp {
  /** The term in messages, such as `service principal`. */
  readonly noun: string
  /** Collection, such as `/servicePrincipals`. */
  readonly collection: string
  /** Arguments that filter the collection, with Graph's name for each. */
  readonly filters: Readonly<Record<string, string>>
  /** Boolean arguments that narrow what is found, with Graph's name for each. Default: none. */
  readonly flags?: Readonly<Record<string, string>>
  /** Members to read. Default: those that Graph returns by itself. */
  readonly select?: readonly string[]
  readonly options?: RequestOptions
}

/**
 * The one entity that the given argument names: by `objectId`, or by a filter.
 *
 * @throws PluginError NOT_FOUND, or AMBIGUOUS when a filter finds several
 */
export async function findOne(graph: Graph, lookUp: LookUp, args: Properties): Promise<Entity> {
  const objectId = text(args['objectId'])
  if (objectId !== '') return findById(graph, lookUp, objectId, args)
  const { noun, filters } = lookUp
  const [name, property] = Object.entries(filters).find(([argument]) => text(args[argument]) !== '')!
  const value = text(args[name])
  const [entity, second] = await findAll(graph, lookUp, property, value, args)
  if (entity === undefined) throw notFound(noun, name, value)
  if (second === undefined) return entity
  throw new PluginError(
    'AMBIGUOUS',
    `Several ${noun}s have the ${name} "${value}"; name the one by its object id.`,
  )
}

/** The entities whose property has the value. */
export async function findAll(
  graph: Graph,
  { collection, select, flags, options }: Omit<LookUp, 'filters'>,
  property: string,
  value: string,
  args: Properties = {},
): Promise<Entity[]> {
  const query = [filterBy(property, value, wanted(flags, args)), ...selecting(select)].join('&')
  return graph.list(`${collection}?${query}`, options)
}

/** Addresses the object itself, without its members. */
export async function findObject(
  graph: Graph,
  { collection, select, options }: Omit<LookUp, 'filters'>,
  objectId: string,
): Promise<Entity | undefined> {
  return graph.find([`${collection}/${objectId}`, ...selecting(select)].join('?'), options)
}

export function notFound(noun: string, name: string, value: string): PluginError {
  return new PluginError('NOT_FOUND', `No ${noun} in this tenant has the ${name} "${value}".`)
}

async function findById(graph: Graph, lookUp: LookUp, objectId: string, args: Properties): Promise<Entity> {
  const { noun, flags } = lookUp
  const entity = await findObject(graph, lookUp, objectId)
  if (entity === undefined) throw notFound(noun, 'object id', objectId)
  for (const [property, flag] of Object.entries(wanted(flags, args))) {
    if ((entity[property] === true) === flag) continue
    throw new PluginError(
      'NOT_FOUND',
      `The ${noun} ${objectId} has ${property} ${String(entity[property])}, and ${flag} is asked for.`,
    )
  }
  return entity
}

function wanted(flags: LookUp['flags'] = {}, args: Properties): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(flags).flatMap(([argument, property]) => {
      const flag = args[argument]
      return typeof flag === 'boolean' ? [[property, flag]] : []
    }),
  )
}

function selecting(select: readonly string[] | undefined): string[] {
  return select === undefined ? [] : [`$select=${select.join(',')}`]
}
