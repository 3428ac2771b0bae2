import type { Draft } from '../model/body.ts'
import type { GraphRequest } from '../request/graph-request.ts'
import type { Data, Entity, Json } from '../store/entity.ts'

/** An entity about to be stored. */
export interface Made {
  readonly id: string
  readonly data: Data
  /** Members that this one answer shows and that are never readable again. */
  readonly reveal?: { readonly [name: string]: Json }
}

/** What the directory insists on for one entity set, beyond the types of its properties. */
export interface Rules {
  /** Completes a new entity. Throws GraphError when it may not be. */
  create(draft: Draft, request: GraphRequest): Made
  /** The data to store for a PATCH. Throws GraphError when it may not be. */
  update(current: Entity, draft: Draft, request: GraphRequest): Data
  /** Removes the entity and what cannot be without it. Throws GraphError when it may not be. */
  remove(entity: Entity, request: GraphRequest): void
}
