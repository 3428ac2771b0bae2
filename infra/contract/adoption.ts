import * as pulumi from '@pulumi/pulumi'
import { z } from 'zod'
import { entryName } from '../declaration/schema/names.ts'

/** An object of the directory that one of the program's resources is to stand for from now on. */
const adoptedObject = z.strictObject({
  /** Type token of the resource. */
  type: z.string(),
  /** Name of the resource. */
  name: z.string(),
  /** The id that the provider imports it by. */
  id: z.string(),
})

const adoptedApp = z.strictObject({
  /** As it is about to be written into the file of the application. */
  declaration: z.record(z.string(), z.unknown()),
  /** ListOrder of lists that the directory holds in an order of its own. */
  listOrder: z.record(z.string(), z.array(z.string())),
  objects: z.array(adoptedObject),
})

const existingObject = adoptedObject.extend({
  /** Arguments that stay as the directory has them for this deployment; the next one brings them to what is declared. */
  keep: z.array(z.string()),
})

/** Registrations that a deployment takes over as they are, by the name of their application. */
export const adoption = z.record(entryName, adoptedApp)

/** Objects that the declaration has and the state lacks, because somebody else made them: consent given in the portal. */
export const existingObjects = z.array(existingObject)

export type AdoptedObject = z.infer<typeof adoptedObject>
export type AdoptedApp = z.infer<typeof adoptedApp>
export type Adoption = z.infer<typeof adoption>
export type ExistingObject = z.infer<typeof existingObject>

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
