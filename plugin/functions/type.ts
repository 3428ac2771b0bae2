import type { Graph } from '../client/graph.ts'
import type { Properties } from '../protocol/wire.ts'
import type { Fields, InputFailure } from '../schema/property.ts'

/** A data source of the azuread package. */
export interface FunctionType {
  /** Pulumi's function token. */
  readonly token: string
  readonly args: Fields
  /** Rules over several arguments. */
  validate?(args: Properties): InputFailure[]
  call(graph: Graph, args: Properties): Promise<Properties>
}

/** A rule for look-ups by one of several keys. */
export function exactlyOne(...names: string[]): (args: Properties) => InputFailure[] {
  return (args) => {
    const given = names.filter((name) => args[name] !== undefined && args[name] !== null)
    if (given.length === 1) return []
    const reason = `exactly one of ${names.join(', ')} must be given, ${given.length === 0 ? 'none is' : `${given.join(' and ')} are`}`
    return [{ property: given[0] ?? names[0]!, reason }]
  }
}
