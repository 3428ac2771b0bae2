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

/** Registrations that a deployment takes over as they are, by the name of their application. */
export const adoption = z.record(entryName, adoptedApp)

export type AdoptedObject = z.infer<typeof adoptedObject>
export type AdoptedApp = z.infer<typeof adoptedApp>
export type Adoption = z.infer<typeof adoption>

/**
 * Makes the program's resources import the objects that are there already, instead of creating new ones. Each is
 * protected until a deployment without the intent: were this one killed half-way, the next one would delete what no
 * file declares yet.
 *
 * Importing reads and never writes: the engine refuses a resource that is not as the directory has it.
 */
export function importAdopted(adopted: Adoption): void {
  const objects = Object.values(adopted).flatMap((app) => app.objects)
  const ids = new Map(objects.map(({ type, name, id }) => [`${type} ${name}`, id]))
  if (ids.size === 0) return
  pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
    const id = ids.get(`${type} ${name}`)
    return id === undefined ? undefined : { props, opts: { ...opts, import: id, protect: true } }
  })
}
