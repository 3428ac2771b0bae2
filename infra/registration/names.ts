import { createHash } from 'node:crypto'
import type * as pulumi from '@pulumi/pulumi'

/** `Microsoft Graph` → `microsoft-graph`, for resource names. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

/** A slug that differs where the texts do, though they are spelt alike: `api-clientid-3f2a9c`. */
export function uniqueSlug(text: string): string {
  return `${slug(text).slice(0, 40)}-${createHash('sha256').update(text).digest('hex').slice(0, 6)}`
}

/**
 * The name of a resource whose name holds another one that may have changed, with options by which it is found under
 * the names that it had.
 *
 * @param names the present name, then the former ones
 * @param nameFor the name of the resource under one of them
 */
export function nameWithAliases(
  names: readonly string[],
  nameFor: (name: string) => string,
): [name: string, options: Pick<pulumi.CustomResourceOptions, 'aliases'>] {
  const [present = '', ...former] = names.map(nameFor)
  const others = former.filter((name) => name !== present)
  return [present, others.length > 0 ? { aliases: others.map((name) => ({ name })) } : {}]
}
