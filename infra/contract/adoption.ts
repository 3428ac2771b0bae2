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
