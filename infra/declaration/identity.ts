import { z } from 'zod'
import { entryName, guid } from './schema/names.ts'
import { directoryRoles, permissionsByApi, probe, sites } from './schema/rights.ts'
import { suppress } from './schema/suppressions.ts'
import { type AppDeclaration, appDeclaration } from './schema.ts'

/**
 * An identity that exists without a registration of this stack, as declared under `entra-apps:identities.<name>` or in a
 * file of `identities/`: the managed identity of an Azure resource, or the service principal of anything else.
 */
export const identityDeclaration = z
  .strictObject({
    objectId: guid.optional().describe('Object (principal) id of the service principal'),
    clientId: guid.optional().describe('Client (application) id'),
    name: z
      .string()
      .min(1)
      .optional()
      .describe('Display name, which must be the only one of a service principal of the tenant'),
    formerly: z
      .array(entryName)
      .default([])
      .describe(
        'Names this identity had in the declaration, oldest first, so that renaming it keeps its grants',
      ),
    permissions: permissionsByApi
      .default({})
      .describe(
        'Permissions that the deployer grants, by API: its display name, its app id, or the name of an application of this stack',
      ),
    directoryRoles: directoryRoles.default([]),
    sites: sites.default({}),
    verify: z
      .array(probe)
      .default([])
      .describe(
        "Graph reads that must succeed with the identity's own token: `verify --identity` on its host",
      ),
    suppress: z
      .array(suppress)
      .default([])
      .describe('Rules that are known to be broken here, each with a reason'),
  })
  .refine(
    ({ objectId, clientId, name }) =>
      [objectId, clientId, name].filter((each) => each !== undefined).length === 1,
    'an identity is one of objectId, clientId, name',
  )

export type IdentityDeclaration = z.infer<typeof identityDeclaration>
export type IdentityDeclarationInput = z.input<typeof identityDeclaration>

/** An identity with what it is granted. */
export interface DeclaredIdentity {
  /** As it is written, with every default filled in. */
  readonly declaration: IdentityDeclaration
  /** How it is found: one of the three is set. */
  readonly reference: Pick<IdentityDeclaration, 'objectId' | 'clientId' | 'name'>
  /** What it is granted, said as an application that asks for it and has the deployer's consent. */
  readonly app: AppDeclaration
}

/** @param name in the declaration, which stands for the display name that only the tenant knows */
export function grantedAsApplication(name: string, declared: IdentityDeclaration): DeclaredIdentity {
  const { objectId, clientId, name: displayName, ...granted } = declared
  return {
    declaration: declared,
    reference: { objectId, clientId, name: displayName },
    app: appDeclaration.parse({ displayName: name, consent: 'grant', ...granted }),
  }
}
