import { z } from 'zod'
import { kind, serviceAddress } from './kind.ts'

const schema = z.strictObject({
  organization: serviceAddress('https://dev.azure.com/contoso').describe('Address of the organisation'),
  project: z
    .string()
    .regex(/^[^/\\]+$/, 'a project is a name without slashes')
    .describe('Project whose library has the group'),
  group: z.string().min(1).describe('Name of the variable group, which must be there'),
  variable: z
    .string()
    // What a pipeline can write between $( and ).
    .regex(/^[A-Za-z_][\w.]*$/, 'a variable is letters, digits, underscores and dots, no digit first')
    .describe('Secret variable that gets the value. Other variables stay'),
})

export type AzureDevOpsDeclaration = z.output<typeof schema>

const id = ({ organization, project, group, variable }: AzureDevOpsDeclaration) =>
  `${organization}/${project}/${group}/${variable}`

// Azure DevOps does not tell upper from lower case in its names.
export const azureDevOps = kind({ schema, id, place: (declared) => id(declared).toLowerCase() })
