import * as pulumi from '@pulumi/pulumi'
import type { AdoptedObject, Adoption, ExistingObject } from '../contract/adoption.ts'

/**
 * Makes the program's resources import the objects that are there already, instead of creating new ones. Those of
 * registrations that are adopted are protected until a deployment without the intent: were this one killed half-way, the
 * next one would delete what no file declares yet.
 *
 * Importing reads and never writes: the engine refuses a resource that is not as the directory has it.
 */
export function importAdopted(adopted: Adoption = {}, existing: readonly ExistingObject[] = []): void {
  const undeclared = Object.values(adopted).flatMap((app) => app.objects)
  const imports = new Map<string, pulumi.CustomResourceOptions>([
    ...undeclared.map((each) => [keyOf(each), { import: each.id, protect: true }] as const),
    ...existing.map((each) => [keyOf(each), { import: each.id, ignoreChanges: each.keep }] as const),
  ])
  if (imports.size === 0) return
  pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
    const options = imports.get(keyOf({ type, name }))
    return options && { props, opts: pulumi.mergeOptions(opts, options) }
  })
}

function keyOf({ type, name }: Pick<AdoptedObject, 'type' | 'name'>): string {
  return `${type} ${name}`
}
