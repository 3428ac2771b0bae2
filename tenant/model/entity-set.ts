import type { PropertyTable } from './property.ts'

/** A set whose entities join a holder with a member, each by its id or by another property that names it. */
export interface Link {
  /** The set of the joining entities. */
  readonly set: string
  /** The set of the holders. */
  readonly of: string
  /** The property of a joining entity that names the holder, by the holder's own property `holderKey`. */
  readonly holder: string
  readonly holderKey: string
  /** The property of a joining entity that holds the member's id. */
  readonly member: string
  /** Only joining entities with these values count; new ones get them. */
  readonly where: { readonly [property: string]: string }
}

/**
 * How one entity leads to others:
 * - `references`: a hidden property of this entity lists the ids of directory objects; `$ref` adds and removes them
 * - `inverse`: the other set has a property that holds this entity's id
 * - `referrers`: directory objects one of whose lists of references has this entity's id, or that hold it by a link
 * - `through`: directory objects that a link joins with this entity; `$ref` makes and removes joining entities
 */
export type Navigation =
  | {
      readonly kind: 'references'
      readonly property: string
      /** Sets whose entities may be added. */
      readonly to: readonly string[]
      /** One at most, kept as a string: `manager`. */
      readonly single?: true
      /** Also what the referenced objects refer to in turn. */
      readonly transitive?: true
    }
  | {
      readonly kind: 'inverse'
      readonly set: string
      readonly property: string
      readonly single?: true
      /** The other entities live within this one: their addresses and contexts begin with its own. */
      readonly contained?: true
    }
  | {
      readonly kind: 'referrers'
      /** Sets in which to look. */
      readonly from: readonly string[]
      readonly property: string
      readonly links?: readonly Link[]
      /** Also what refers to the referrers. */
      readonly transitive?: true
    }
  | { readonly kind: 'through'; readonly link: Link }

/** One entity set of Graph, as data. */
export interface EntitySet {
  /** Unlike any other's; as in the path (`applications`), unless `address` says otherwise. */
  readonly name: string
  /** Where it is below the version, when that is not its name: `policies/defaultAppManagementPolicy`. */
  readonly address?: string
  /** Whether the address is that of its only entity. */
  readonly isSingleton?: true
  /** Without namespace: `application` (`#microsoft.graph.application`). */
  readonly typeName: string
  /**
   * Where the type is abstract: its kinds, without namespace, each with the properties that only it has. Clients name the
   * kind in `@odata.type`.
   */
  readonly kinds?: { readonly [typeName: string]: readonly string[] }
  /** As in messages and `Location`: `Application`. */
  readonly resourceName: string
  readonly properties: PropertyTable
  readonly navigation: { readonly [name: string]: Navigation }
  /** Properties that `find` can look up without walking the set. */
  readonly indexes: readonly string[]
  /** A property that serves as a key in paths too, beside the id. */
  readonly alternateKey?: string
  /** Properties that serve as keys when they are named: `(appId='…')`. They are indexed. */
  readonly namedKeys?: readonly string[]
  /** Whether a PATCH is answered with the entity (200), as SharePoint does it, and not with 204. */
  readonly showsUpdates?: true
  /** Whether lists begin with what was made last, as logs do. */
  readonly isNewestFirst?: true
  /** Whether `/directoryObjects/{id}` finds it, and owners can be it. */
  readonly directoryObject: boolean
}
