import * as pulumi from '@pulumi/pulumi'
import { DeclarationError, type Problem } from '../../infra/declaration/problems.ts'

/**
 * The inputs of a component as plain values.
 *
 * @throws DeclarationError with every one that is not known before another resource is made
 */
export async function knownInputs(inputs: pulumi.Inputs, source: string): Promise<unknown> {
  const unknown: Problem[] = []
  const known = await resolve(inputs, [], (path) =>
    unknown.push({
      path,
      message: 'its value is not known before another resource is made',
      fix: 'write the value itself',
    }),
  )
  if (unknown.length > 0) throw new DeclarationError(unknown, source)
  return known
}

async function resolve(
  value: unknown,
  path: Problem['path'],
  report: (path: Problem['path']) => void,
): Promise<unknown> {
  if (pulumi.Output.isInstance(value)) {
    const output: pulumi.Output<unknown> & {
      readonly isKnown?: Promise<boolean>
      promise?(): Promise<unknown>
    } = value
    if (!(await output.isKnown)) return report(path)
    return resolve(await output.promise?.(), path, report)
  }
  if (Array.isArray(value)) return Promise.all(value.map((each, i) => resolve(each, [...path, i], report)))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(
    async ([key, each]) => [key, await resolve(each, [...path, key], report)] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}
