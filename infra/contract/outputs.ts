import { z } from 'zod'
import { SITE_ROLES } from '../../microsoft/sites.ts'
import { appDeclaration } from '../declaration/schema.ts'
import { deletedApp, retirement } from '../retirement/retirement.ts'
import { ledger } from '../rotation/generation.ts'

/** One live secret without its value: what a report may show. */
const generationOutputs = z.object({
  generation: z.number().int(),
  phase: z.enum(['issued', 'current', 'previous']),
  keyId: z.string(),
  displayName: z.string(),
  /** RFC 3339, as the tenant returned it. */
  endDate: z.string(),
})

/** A certificate in the tenant, given or made here; its private key is nowhere in these outputs. */
const certificateOutputs = z.object({
  keyId: z.string(),
  /** SHA-1, 40 upper-case hexadecimal digits. */
  thumbprint: z.string(),
  subject: z.string(),
  /** RFC 3339. */
  endDate: z.string(),
  /** Left out for a given one, which has no generations. */
  generation: z.number().int().optional(),
  phase: z.enum(['issued', 'current', 'previous']).optional(),
  /** When a given one was first deployed, RFC 3339. Left out for one that is made here. */
  since: z.string().optional(),
})

/** A certificate that Entra signs the tokens of single sign-on with. */
const signingCertificateOutputs = z.object({
  keyId: z.string(),
  /** SHA-1, 40 upper-case hexadecimal digits. */
  thumbprint: z.string(),
  /** RFC 3339. */
  endDate: z.string(),
  /** Whether it is the one that signs. */
  active: z.boolean(),
})

/** What Entra compares with the token that is exchanged. */
const federationOutputs = z.object({
  issuer: z.string(),
  /** Left out for a flexible one. */
  subject: z.string().exactOptional(),
  /** Claims matching expression of a flexible one. */
  expression: z.string().exactOptional(),
  audience: z.string(),
  /** When it was first deployed as it is, RFC 3339. */
  since: z.string(),
})

/** Someone who is assigned to the application. */
const assignmentOutputs = z.object({
  kind: z.enum(['user', 'group']),
  /** As declared. */
  principal: z.string(),
  principalId: z.string(),
  /** Value of the app role; left out for access without one. */
  role: z.string().optional(),
  /** All zeros for access without a role. */
  roleId: z.string(),
})

const setting = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])

/** By the API's declared name. */
const permissionOutputs = z.record(
  z.string(),
  z.object({
    appId: z.string(),
    application: z.array(z.string()),
    delegated: z.array(z.string()),
    /** Ids of the application permissions. */
    roleIds: z.record(z.string(), z.string()),
  }),
)

/** What is declared of the credentials that are issued here: how they are rotated, and where consumers read them; and of the application's end. */
const rotationOutputs = appDeclaration.pick({
  signInAudience: true,
  secrets: true,
  certificates: true,
  retire: true,
})

/** Facts of one application. */
export const appOutputs = z.object({
  displayName: z.string(),
  tenantId: z.string(),
  clientId: z.string(),
  objectId: z.string(),
  servicePrincipalId: z.string(),
  consent: z.enum(['grant', 'request']),
  redirectUris: z.object({
    web: z.array(z.string()),
    spa: z.array(z.string()),
    publicClient: z.array(z.string()),
  }),
  permissions: permissionOutputs,
  /** Exactly what is consented to, where that is declared by itself. */
  consented: permissionOutputs.optional(),
  /** Ids of the assigned directory roles by name; left out when there are none. */
  directoryRoles: z.record(z.string(), z.string()).optional(),
  /** Roles on SharePoint sites by address; left out when there are none. */
  sites: z.record(z.string(), z.enum(SITE_ROLES)).optional(),
  secrets: z.record(z.string(), z.array(generationOutputs)),
  /** By name: the live generations of one that is made here, the only one of one that is given. */
  certificates: z.record(z.string(), z.array(certificateOutputs)),
  /** By name; left out when there are none. */
  signingCertificates: z.record(z.string(), signingCertificateOutputs).optional(),
  /** Object id; left out when there is none. */
  claimsMappingPolicyId: z.string().optional(),
  /** Gallery template, as declared; left out when there is none. */
  template: z.string().optional(),
  federatedCredentials: z.record(z.string(), federationOutputs),
  probes: z.array(z.string()),
  /** APIs for which a token must be issued, without an app role. */
  tokens: z.array(z.string()).optional(),
  /** Object ids of the owners, by declared name; the deployer is not among them. */
  owners: z.record(z.string(), z.string()),
  /** Object ids of every owner of the two objects, the deployer's included. */
  ownerIds: z.object({ application: z.array(z.string()), servicePrincipal: z.array(z.string()) }),
  /** Settings of the two objects by their path in the declaration, those at their defaults left out. */
  settings: z.record(z.string(), setting),
  /** Client ids. */
  knownClients: z.array(z.string()),
  /** Ids of scopes by client id. */
  preAuthorizedClients: z.record(z.string(), z.array(z.string())),
  /** As Entra keeps them, by the pattern that is declared. */
  identifierUris: z.record(z.string(), z.string()),
  /** Users and groups with their app role. */
  assignments: z.array(assignmentOutputs),
  /** Left out unless it is at its end. */
  retirement: retirement.optional(),
  /** By which `rotate`, `deliver`, `report` and `retire` go where the project declares nothing; left out when there is nothing of it. */
  rotation: rotationOutputs.optional(),
  /** ListOrder of lists that were adopted in an order of their own; left out when there are none. */
  listOrder: z.record(z.string(), z.array(z.string())).optional(),
})

/** Facts of one identity without a registration. */
export const identityOutputs = appOutputs
  .pick({
    displayName: true,
    tenantId: true,
    clientId: true,
    servicePrincipalId: true,
    consent: true,
    permissions: true,
    directoryRoles: true,
    sites: true,
    probes: true,
  })
  .extend({
    /** Whether it is a managed identity that several resources can have. */
    isUserAssigned: z.boolean(),
  })

/**
 * The stack's outputs: the contract between the program and everything that reads a deployed stack.
 *
 * Secret values stand apart from the rest, because Pulumi treats an output with a secret anywhere inside as secret
 * as a whole, and reports must be able to read `apps` without the passphrase.
 */
export const stackOutputs = z.object({
  apps: z.record(z.string(), appOutputs),
  /** Missing in a stack that was deployed before there were any. */
  identities: z.record(z.string(), identityOutputs).optional(),
  /** Applications that were deleted at their end, by name. Missing in a stack that was deployed before there were any. */
  deletedApps: z.record(z.string(), deletedApp).optional(),
  /** App → name of the credential → every generation there is and was. */
  ledger,
  /** App → name → generation → a secret's value, or key and certificate as PEM. A Pulumi secret. */
  secretValues: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.string()))),
})

export type GenerationOutputs = z.infer<typeof generationOutputs>
export type CertificateOutputs = z.infer<typeof certificateOutputs>
export type FederationOutputs = z.infer<typeof federationOutputs>
export type AssignmentOutputs = z.infer<typeof assignmentOutputs>
export type RotationOutputs = z.infer<typeof rotationOutputs>
export type AppOutputs = z.infer<typeof appOutputs>
export type IdentityOutputs = z.infer<typeof identityOutputs>
export type StackOutputs = z.infer<typeof stackOutputs>
