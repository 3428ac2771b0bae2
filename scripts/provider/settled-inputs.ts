import * as pulumi from '@pulumi/pulumi'
import { substituteAt } from '../../infra/declaration/output-settings.ts'
import { isObject } from '../../lib/is-object.ts'

/** What the SDK's outputs have beside `apply`. */
interface Settling {
  readonly isKnown: Promise<boolean>
  promise(): Promise<unknown>
}

/**
 * The inputs of a component with values in the place of outputs that are known already, such as those of another stack.
 * Those that a declaration takes as they are stay outputs, so that resources depend on what they come from.
 */
export async function settledInputs(
  value: unknown,
  path: readonly (string | number)[] = [],
): Promise<unknown> {
  if (pulumi.Output.isInstance(value)) {
    const output = value as unknown as Settling
    if (substituteAt(path, 0) !== undefined || !(await output.isKnown)) return value
    return settledInputs(await output.promise(), path)
  }
  if (Array.isArray(value)) return Promise.all(value.map((each, i) => settledInputs(each, [...path, i])))
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(
    async ([key, each]) => [key, await settledInputs(each, [...path, key])] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}
