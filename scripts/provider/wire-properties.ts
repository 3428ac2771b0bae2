import { isRpcSecret, unknownValue, unwrapRpcSecret } from '@pulumi/pulumi/runtime/rpc.js'
import { mapValues } from '../../lib/map-values.ts'
import type { Properties } from './resources.ts'

/** Properties as they cross the boundary of a process: a value that is a secret stands in a mark, and stays in it. */
export type WireProperties = Readonly<Record<string, unknown>>

/** The values, those in the mark of a secret taken out of it. */
export function plain(properties: WireProperties): Properties {
  return mapValues(properties, (value) => unwrapRpcSecret(value) as string)
}

/** The values, marked as secrets where others of the same name are. */
export function markedLike(marked: WireProperties, values: Properties): WireProperties {
  return mapValues(values, (value, name) => {
    const before = marked[name]
    return isRpcSecret(before) ? { ...(before as object), value } : value
  })
}

/** Whether the value stands in the mark of a secret. */
export const isSecret: (value: unknown) => boolean = isRpcSecret

/** Whether a preview does not know the value yet. */
export function isUnknown(value: unknown): boolean {
  return unwrapRpcSecret(value) === unknownValue
}
