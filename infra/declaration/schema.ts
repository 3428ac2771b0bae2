import { z } from 'zod'
import { SIGN_IN_AUDIENCES } from '../../microsoft/audiences.ts'
import { optionalClaims } from './schema/claims.ts'
import { certificate } from './schema/credentials.ts'
import { appRole, identifierUri, knownClients, preAuthorizedClients, scope } from './schema/exposed-api.ts'
import { federatedCredential } from './schema/federation.ts'
import { entryName } from './schema/names.ts'
import { assignment, deployerIsOwner, owner, servicePrincipal } from './schema/people.ts'
import { info, redirectUris, web } from './schema/platforms.ts'
import { retire } from './schema/retire.ts'
import { directoryRoles, permissionsByApi, probe, sites, writingProbe } from './schema/rights.ts'
import { checkRotated, rotatedFields } from './schema/rotated.ts'
import { suppress } from './schema/suppressions.ts'

const secret = z
  .strictObject({
    displayName: z.string().min(1).max(120).describe('Shown in the portal beside the secret'),
    ...rotatedFields,
  })
  .superRefine(checkRotated)

/** One application as declared in the stack config under `entra-apps:apps.<name>`, or in a file of `apps/`. */
export const appDeclaration = z.strictObject({
  displayName: z.string().min(1).describe('Name shown to users and administrators'),
  description: z.string().min(1).optional().describe('What the application is for'),
  template: z
    .string()
    .min(1)
    .optional()
    .describe('Gallery template that the application is made from: id or display name. A change replaces it'),
  signInAudience: z.enum(SIGN_IN_AUDIENCES).default('AzureADMyOrg').describe('Whose accounts may sign in'),
  formerly: z
    .array(entryName)
    .default([])
    .describe(
      'Names this application had in the declaration, oldest first, so that renaming it replaces nothing',
    ),
  redirectUris: redirectUris.prefault({}),
  web: web.prefault({}),
  fallbackPublicClient: z
    .boolean()
    .default(false)
    .describe('Flows without a redirect URI count as those of a public client, such as device code'),
  deviceOnlyAuth: z
    .boolean()
    .default(false)
    .describe('Devices may sign in without a user (isDeviceOnlyAuthSupported)'),
  postResponseRequired: z
    .boolean()
    .default(false)
    .describe('Authorization answers come by POST only (oauth2RequirePostResponse)'),
  info: info.prefault({}).describe('Addresses that the consent page shows'),
  identifierUris: z.array(identifierUri).default([]),
  accessTokenVersion: z
    .literal([1, 2])
    .optional()
    .describe('Version of the tokens this API gets. Default: 1, with personal accounts 2'),
  scopes: z.record(z.string().min(1), scope).default({}).describe('Delegated permissions offered, by value'),
  appRoles: z.record(z.string().min(1), appRole).default({}).describe('App roles offered, by value'),
  preAuthorizedClients: preAuthorizedClients.default({}),
  knownClients: knownClients.default([]),
  claims: optionalClaims.prefault({}),
  owners: z.array(owner).default([]).describe('Owners beside the deployer'),
  deployerIsOwner: deployerIsOwner.default(true),
  tags: z.array(z.string()).default([]),
  notes: z.string().min(1).optional(),
  serviceManagementReference: z.string().min(1).optional(),
  logo: z.string().min(1).optional().describe('PNG, JPEG or GIF file, from the project directory'),
  servicePrincipal: servicePrincipal.prefault({}),
  retire: retire.optional(),
  assignments: z.array(assignment).default([]).describe('Users and groups that may use the application'),
  permissions: permissionsByApi.default({}),
  consent: z
    .enum(['grant', 'request'])
    .default('request')
    .describe(
      'grant: the deployer consents for the whole tenant; request: declare only, an administrator consents',
    ),
  consented: permissionsByApi
    .optional()
    .describe(
      'Exactly what the deployer consents to, by API, where that is not all that is asked for, or more. Takes the place of consent',
    ),
  directoryRoles: directoryRoles.default([]),
  sites: sites.default({}),
  secrets: z.record(entryName, secret).default({}),
  certificates: z.record(entryName, certificate).default({}),
  federatedCredentials: z.record(z.string().min(1), federatedCredential).default({}),
  verify: z
    .array(probe)
    .default([])
    .describe("Graph reads that must succeed with the application's own token"),
  tokens: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'APIs for which a token must be issued though no app role of them is declared: name, app id or identifier URI, such as https://vault.azure.net',
    ),
  verifyWrites: z
    .array(writingProbe)
    .default([])
    .describe('Graph calls that write; only `verify --write-probes` makes them'),
  suppress: z
    .array(suppress)
    .default([])
    .describe('Rules that are known to be broken here, each with a reason'),
})

export type AppDeclaration = z.infer<typeof appDeclaration>
export type AppDeclarationInput = z.input<typeof appDeclaration>
export type SecretDeclaration = z.infer<typeof secret>
