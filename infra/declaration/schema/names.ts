import { z } from 'zod'
import { GUID } from '../../../microsoft/guid.ts'

/** Key of an application, secret or certificate: part of resource names, so it stays short and plain. */
export const entryName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'names are lower-case letters, digits and hyphens, starting with a letter')

export const guid = z
  .string()
  .regex(GUID, 'an id is a GUID such as 00000003-0000-0000-c000-000000000000')
  .transform((id) => id.toLowerCase())

/** A client: the name of another application of the stack, or the client id of one that is registered elsewhere. */
export const clientReference = z
  .string()
  .min(1)
  .describe('Name of an application of this stack, or a client id')
