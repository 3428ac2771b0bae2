import { z } from 'zod'
import { clientReference, guid } from './names.ts'

const id = guid
  .optional()
  .describe('Given id. Default: derived from the application and the value, the same in every environment')

const enabled = z
  .boolean()
  .default(true)
  .describe('A disabled one stays registered, and nobody can ask for it')

const text = z.string().min(1)
const consentText = z.strictObject({ displayName: text, description: text })

/** A delegated permission that the application offers to clients. */
export const scope = z.strictObject({
  consentBy: z
    .enum(['admins', 'users'])
    .default('users')
    .describe('users: anyone may consent for themselves; admins: an administrator must'),
  admin: consentText.describe('What administrators read on the consent page'),
  user: consentText
    .partial()
    .optional()
    .describe(
      'What users read on the consent page. Default: the text for administrators. A text left out here is empty, so {} says that there is none',
    ),
  enabled,
  id,
})

/** A role that the application knows, for users and groups, for other applications, or both. */
export const appRole = z.strictObject({
  displayName: z.string().min(1),
  description: z.string().min(1),
  for: z
    .array(z.enum(['users', 'applications']))
    .min(1)
    .default(['users'])
    .describe('Who can hold it. applications makes it an application permission of this API'),
  value: z
    .string()
    .optional()
    .describe('What tokens say. Default: the name it stands under; "" for a role that tokens leave out'),
  enabled,
  id,
})

export const identifierUri = z
  .string()
  .min(1)
  .describe('Application ID URI. {clientId} and {tenantId} stand for the ids, as in api://{clientId}')

export const preAuthorizedClients = z
  .record(clientReference, z.array(z.string().min(1)).min(1))
  .describe('Clients that may use scopes without anyone being asked: client → scopes of this application')

export const knownClients = z
  .array(clientReference)
  .describe('Clients whose consent page covers this API too')
