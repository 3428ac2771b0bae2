import { text } from '../proof/directory/members.ts'
import type { Entity } from '../proof/directory/reader.ts'
import type { PlannedCreate } from '../stack/planned-changes.ts'

/** What to think of what is in the directory: to be taken over, in the way, or nothing to do with it. */
export type Verdict =
  | { readonly id: string; readonly title: string; readonly keep?: readonly string[] }
  | { readonly conflict: string }
  | undefined

/** Where to look for an object, and what to think of what is there. */
export interface Lookup {
  /** A list of Graph; the lookups that share one cost one request. */
  readonly path: string
  /** Default: v1.0. */
  readonly version?: 'beta'
  readonly judge: (found: readonly Entity[]) => Verdict
}

/** What the resource would be created with. */
export type Inputs = PlannedCreate['inputs']

/** `/applications/{object id}` is what the provider calls an application. */
export function objectIdIn(inputs: Inputs): string {
  return text(inputs, 'applicationId').split('/').at(-1) ?? ''
}
