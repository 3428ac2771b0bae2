import type { Graph } from '../client/graph.ts'
import { PluginError } from '../protocol/errors.ts'
import type { Properties } from '../protocol/wire.ts'
import type { Fields, InputFailure, StringProperty } from '../schema/property.ts'

/** What an update knows beside the new inputs. */
export interface Update {
  readonly id: string
  /** Outputs in the state. */
  readonly olds: Properties
  readonly news: Properties
  /** Names of the top-level properties that differ. */
  readonly changed: ReadonlySet<string>
}

/**
 * A resource type of the azuread package: its properties as data, and the few verbs that speak to Graph. Everything
 * else (checking, comparing, planning, importing, the shape of the state) follows from the table.
 */
export interface ResourceType {
  /** Pulumi's type token. */
  readonly token: string
  /** The term in messages, such as `application`. */
  readonly noun: string
  readonly fields: Fields
  /** The form of the resource's id, for messages: `/applications/{object id}`. */
  readonly idForm: string
  /** Matches an id of that form. */
  readonly idPattern: RegExp
  /** Why the type cannot be imported. Default: it can. */
  readonly notImportable?: string
  /**
   * Version of the state's form that the official plugin 6.9.1 writes; it upgrades states that say a lower one. Default:
   * the form has only ever been one, and the state says none.
   */
  readonly schemaVersion?: number
  /** Minutes that the official plugin gives each operation, kept in the state for it. */
  readonly timeouts: Readonly<Partial<Record<'create' | 'delete' | 'read' | 'update', number>>>
  /** Computed outputs that the directory sets anew when a property changes: property path → outputs. */
  readonly recomputes?: Readonly<Record<string, readonly string[]>>
  /** Rules over several properties. Reports every mistake. */
  validate?(inputs: Properties): InputFailure[]
  /**
   * Creates the object and returns its outputs.
   *
   * @param created to be called with the id, and outputs that only this answer holds, as soon as the object exists
   */
  create(
    graph: Graph,
    inputs: Properties,
    created: (id: string, outputs?: Properties) => void,
  ): Promise<Properties>
  /**
   * @param prior outputs in the state, for those that Graph does not keep; empty on import
   * @returns undefined when the object is gone
   */
  read(graph: Graph, id: string, prior: Properties): Promise<Properties | undefined>
  /** Absent when every property is forceNew. */
  update?(graph: Graph, update: Update): Promise<Properties>
  remove(graph: Graph, id: string, state: Properties): Promise<void>
}

/**
 * The parts of a resource id that its pattern captures.
 *
 * @throws PluginError INVALID_ID
 */
export function parseId(type: Pick<ResourceType, 'noun' | 'idForm' | 'idPattern'>, id: string): string[] {
  const match = type.idPattern.exec(id)
  if (match !== null) return match.slice(1)
  throw new PluginError('INVALID_ID', `"${id}" is not the id of an ${type.noun}; its form is ${type.idForm}.`)
}

/** Graph spells ids in either case. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** The outputs of an object that was just written. */
export function present(noun: string, outputs: Properties | undefined): Properties {
  if (outputs !== undefined) return outputs
  throw new PluginError('NOT_FOUND', `The ${noun} vanished while it was read back. Run \`pulumi refresh\`.`)
}

/** A property that holds the id of another resource. */
export function idOf({ idPattern, idForm }: ResourceType, resource: string): StringProperty {
  return {
    type: 'string',
    required: true,
    forceNew: true,
    rule: (value) =>
      idPattern.test(value)
        ? undefined
        : `must have the form ${idForm} (the \`id\` of an ${resource}), is "${value}"`,
  }
}
