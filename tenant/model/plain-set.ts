import type { EntitySet } from './entity-set.ts'
import { guid, moment, type PropertyTable } from './property.ts'

/** Shown by directory objects, and null as long as they are not deleted. */
export const deletedDateTime = moment({ access: 'echo' })

/** What a set is besides its table, as far as it is not like most. */
type Particulars = Partial<Omit<EntitySet, 'name' | 'typeName' | 'properties'>>

/**
 * An entity set of which its table says all: a GUID for an id, no navigation, no index, no directory object, unless
 * `particulars` has it.
 *
 * @param typeName without namespace: `claimsMappingPolicy`
 */
export function plainSet(
  name: string,
  typeName: string,
  properties: PropertyTable,
  particulars: Particulars = {},
): EntitySet {
  return {
    name,
    typeName,
    resourceName: `${typeName.charAt(0).toUpperCase()}${typeName.slice(1)}`,
    directoryObject: false,
    indexes: [],
    navigation: {},
    properties: { id: guid({ access: 'echo', nullable: false }), ...properties },
    ...particulars,
  }
}
