import { z } from 'zod'

const lines = z.array(z.string())

const foreignCredential = z.strictObject({
  kind: z.enum(['secret', 'certificate']),
  of: z.enum(['application', 'service principal']).describe('Where it is kept'),
  keyId: z.string(),
  displayName: z.string().describe('Empty when it has none'),
  endDate: z.string().describe('RFC 3339'),
})

const adoptedRegistration = z.strictObject({
  app: z.string().describe('Name in the declaration'),
  displayName: z.string(),
  clientId: z.string(),
  objectId: z.string(),
  file: z.string().describe('Path of the declaration, from the project directory'),
  yaml: z.string().describe('What the file holds'),
  imports: z.number().int().describe('Objects of the directory that the stack has from now on'),
  suppressed: lines.describe('Rules that the registration breaks as it is; the declaration suppresses them'),
  leftAlone: lines.describe('What stays in the directory as it is, outside the declaration'),
  foreign: z.array(foreignCredential).describe('Secrets and certificates, whose values cannot be read'),
})

/** What `adopt --json` prints. */
export const adoptionReport = z.strictObject({
  adopted: z.array(adoptedRegistration),
  dryRun: z.boolean().describe('Nothing was imported and nothing written'),
  notAdoptable: z.array(z.strictObject({ displayName: z.string(), clientId: z.string(), reasons: lines })),
  alreadyManaged: lines.describe('Applications of the declaration that were met on the way'),
  deletedNamesakes: z.array(
    z.strictObject({
      objectId: z.string(),
      clientId: z.string(),
      displayName: z.string(),
      deletedAt: z.string().describe('RFC 3339'),
    }),
  ),
  otherStacks: lines.describe('Stacks of the project that share the new files'),
})

export type AdoptionReport = z.infer<typeof adoptionReport>
export type AdoptedRegistration = z.infer<typeof adoptedRegistration>
