import { isVisible } from '../directory/view.ts'
import type { EntitySet } from '../model/entity-set.ts'
import type { Property, PropertyTable } from '../model/property.ts'
import { FilterError } from './filter-lexer.ts'
import type { Filter, Literal } from './filter-parser.ts'

/** What a range variable of `any` stands for: an element of this property's collection. */
type Variables = ReadonlyMap<string, Property>

/**
 * Checks a filter against the entity model and returns it with every name spelled as the model spells it.
 *
 * @throws FilterError for a property that does not exist or cannot be filtered on, or a literal of another type
 */
export function checkFilter(set: EntitySet, filter: Filter, beta: boolean): Filter {
  return new Checker(set, beta).check(filter, new Map())
}

class Checker {
  readonly #set: EntitySet
  readonly #beta: boolean

  constructor(set: EntitySet, beta: boolean) {
    this.#set = set
    this.#beta = beta
  }

  check(filter: Filter, variables: Variables): Filter {
    switch (filter.kind) {
      case 'and':
      case 'or':
        return {
          ...filter,
          left: this.check(filter.left, variables),
          right: this.check(filter.right, variables),
        }
      case 'not':
        return { ...filter, operand: this.check(filter.operand, variables) }
      case 'compare': {
        const { path, property } = this.#scalar(filter.path, variables)
        return { ...filter, path, value: literalFor(property, filter.value) }
      }
      case 'in': {
        const { path, property } = this.#scalar(filter.path, variables)
        return { ...filter, path, values: filter.values.map((value) => literalFor(property, value)) }
      }
      case 'startsWith': {
        const { path, property } = this.#scalar(filter.path, variables)
        if (typeName(property) !== 'Edm.String') {
          throw new FilterError(
            `startsWith needs a string, and '${path.join('/')}' is ${typeName(property)}.`,
          )
        }
        return { ...filter, path }
      }
      case 'any':
        return this.#any(filter, variables)
    }
  }

  #any(filter: Filter & { readonly kind: 'any' }, variables: Variables): Filter {
    const { path, property } = this.#resolve(filter.path, variables)
    if (!property.collection)
      throw new FilterError(`'any' needs a collection, and '${path.join('/')}' is none.`)
    const inner = new Map(variables).set(filter.variable, property)
    const condition = filter.condition === undefined ? undefined : this.check(filter.condition, inner)
    return { ...filter, path, condition }
  }

  #scalar(path: readonly string[], variables: Variables): { path: readonly string[]; property: Property } {
    const found = this.#resolve(path, variables)
    const isElement = found.path.length === 1 && variables.has(found.path[0] ?? '')
    if (found.property.members !== undefined || (found.property.collection && !isElement)) {
      throw this.#unsupported(found.path)
    }
    return found
  }

  #resolve(path: readonly string[], variables: Variables): { path: readonly string[]; property: Property } {
    const [first = '', ...rest] = path
    const variable = variables.get(first)
    const start =
      variable === undefined
        ? this.#property(this.#set.properties, first)
        : { name: first, property: variable }
    if (variable === undefined && !start.property.filterable && start.property.members === undefined) {
      throw this.#unsupported([start.name])
    }
    const names = [start.name]
    let { property } = start
    for (const [index, each] of rest.entries()) {
      const isElement = index === 0 && variable !== undefined
      if (property.members === undefined || (property.collection && !isElement)) throw this.#unsupported(path)
      const member = this.#property(property.members, each)
      names.push(member.name)
      property = member.property
    }
    return { path: names, property }
  }

  #property(table: PropertyTable, name: string): { name: string; property: Property } {
    const wanted = name.toLowerCase()
    for (const [each, property] of Object.entries(table)) {
      if (each.toLowerCase() === wanted && isVisible(property, this.#beta)) return { name: each, property }
    }
    throw new FilterError(
      `Could not find a property named '${name}' on type 'microsoft.graph.${this.#set.typeName}'.`,
    )
  }

  #unsupported(path: readonly string[]): FilterError {
    return new FilterError(
      `Unsupported or invalid query filter clause specified for property '${path.join('/')}' of resource '${this.#set.resourceName}'.`,
      { unsupported: true },
    )
  }
}

/** The literal as the property's type has it: Graph takes GUIDs and dates with and without quotes. */
function literalFor(property: Property, value: Literal): Literal {
  if (value === null) return null
  const wanted = typeName(property)
  const given =
    typeof value === 'boolean' ? 'Edm.Boolean' : typeof value === 'number' ? 'Edm.Int32' : 'Edm.String'
  if (given === wanted) return value
  throw new FilterError(
    `A binary operator with incompatible types was detected. Found operand types '${wanted}' and '${given}' for operator kind 'Equal'.`,
  )
}

function typeName(property: Property): 'Edm.Boolean' | 'Edm.Int32' | 'Edm.String' {
  if (property.type === 'boolean') return 'Edm.Boolean'
  return property.type === 'int32' || property.type === 'int64' ? 'Edm.Int32' : 'Edm.String'
}
