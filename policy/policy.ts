import type { PolicyConfigSchema } from '@pulumi/policy'
import type { PublishedApi } from '../microsoft/apis.ts'

/** A resource as the engine is about to make or change it. */
export interface Judged {
  /** Pulumi type, such as `azuread:index/application:Application`. */
  readonly type: string
  /** Name of the resource in its program. */
  readonly name: string
  /** Its inputs. Reading one that is not known yet throws; the SDK then says so and asks again when it is. */
  readonly inputs: Readonly<Record<string, unknown>>
}

/** What a policy may know beside the resource. */
export interface PolicyContext {
  /** The organisation's settings, defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>
  /** Published permissions by the API's display name and app id. */
  readonly permissions: ReadonlyMap<string, PublishedApi>
  readonly now: Date
}

/** One demand of an organisation. Policies are data, so that the pack, its documentation and the tests read the same list. */
export interface Policy {
  /** Stable for ever: configurations name it. */
  readonly name: string
  /** What holds when the policy is kept. One sentence. */
  readonly description: string
  /** Where the configuration says nothing. `mandatory` stops a deployment, `advisory` warns. */
  readonly enforcementLevel: 'mandatory' | 'advisory'
  /** JSON Schema of each setting, defaults included. */
  readonly options: PolicyConfigSchema['properties']
  /** @returns a message for each violation, naming the resource, the demand and the fix */
  readonly judge: (resource: Judged, context: PolicyContext) => readonly string[]
}

export const APPLICATION = 'azuread:index/application:Application'

/** One message in the form that all of them have. */
export function violation(subject: string, what: string, fix: string): string {
  return `${subject} ${what}. To fix it: ${fix}.`
}

/** An application as messages name it: the name that people see, and the one in the program. */
export function applicationName({ name, inputs }: Judged): string {
  return `The application "${String(inputs['displayName'])}" (${name})`
}

/** A list of texts among the inputs or settings; none when it is left out. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}
