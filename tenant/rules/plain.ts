import { randomUUID } from 'node:crypto'
import { isoSecond } from '../lib/clock.ts'
import type { Draft } from '../model/body.ts'
import type { EntitySet } from '../model/entity-set.ts'
import { entitySet } from '../model/index.ts'
import type { GraphRequest } from '../request/graph-request.ts'
import type { Data, Entity } from '../store/entity.ts'
import { bindReferences, forgetReferences } from './references.ts'
import type { Made, Rules } from './rules.ts'

/** What a set insists on beyond its table. Throws GraphError for data that may not be stored. */
export type Check = (data: Data, request: GraphRequest, current: Entity | undefined) => void

/**
 * The rules of a set of which its table says all, but for what `check` refuses: a new entity gets an id, its moment and
 * the references that the request binds; a change gets its moment; what is removed leaves every list that it is in, and
 * takes along what lives within it.
 */
export function plainRules(set: EntitySet, check: Check = () => {}): Rules {
  return {
    create(draft: Draft, request: GraphRequest): Made {
      check(draft.data, request, undefined)
      const bound = [...draft.bindings.keys()].map((name) => {
        const navigation = set.navigation[name]
        const property = navigation?.kind === 'references' ? navigation.property : name
        return [property, bindReferences(request.directory, set, name, draft)] as const
      })
      const data = { ...draft.data, ...Object.fromEntries(bound) }
      return { id: randomUUID(), data: stamped(set, data, 'createdDateTime', request) }
    },

    update(current: Entity, draft: Draft, request: GraphRequest): Data {
      check(draft.data, request, current)
      return stamped(set, draft.data, 'modifiedDateTime', request)
    },

    remove(entity: Entity, { directory }: GraphRequest): void {
      forgetReferences(directory, entity.id)
      for (const navigation of Object.values(set.navigation)) {
        if (navigation.kind !== 'inverse' || !navigation.contained) continue
        const { name } = entitySet(navigation.set)
        for (const each of directory.store.find(name, navigation.property, entity.id)) {
          directory.store.remove(name, each.id)
        }
      }
      directory.store.remove(set.name, entity.id)
    },
  }
}

/** Notes the moment down, where the set has a property for it that is the directory's. */
function stamped(set: EntitySet, data: Data, property: string, { directory }: GraphRequest): Data {
  return set.properties[property]?.access === 'read'
    ? { ...data, [property]: isoSecond(directory.now()) }
    : data
}
