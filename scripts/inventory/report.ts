import { z } from 'zod'

/** Gravest last. */
export const SEVERITIES = ['low', 'medium', 'high'] as const
export type Severity = (typeof SEVERITIES)[number]

/** Which object of the two: the registration, or the tenant's own service principal. */
const holder = z.enum(['application', 'servicePrincipal'])

const credential = z.object({
  keyId: z.string(),
  /** samlSigning: signs SAML tokens, and is none of the application's own credentials. */
  type: z.enum(['secret', 'certificate', 'samlSigning']),
  on: holder,
  displayName: z.string().optional(),
  /** RFC 3339. */
  startsAt: z.string().optional(),
  endsAt: z.string().optional(),
  lastUsedAt: z.string().optional(),
  /** `stack/application` that issued it; absent for one that somebody else made. */
  managedBy: z.string().optional(),
})

const owner = z.object({
  id: z.string(),
  on: holder,
  /** User principal name, else display name; absent where the deployer may not read it. */
  name: z.string().optional(),
  /** Whether the account may sign in; absent where the deployer may not read it. */
  enabled: z.boolean().optional(),
})

const permission = z.object({
  /** Display name of the API; its app id where the tenant has no service principal of it. */
  api: z.string(),
  apiAppId: z.string(),
  kind: z.enum(['application', 'delegated']),
  /** Its value, such as `Mail.Read`; its id where nobody says how it is called. */
  name: z.string(),
  /** Whether the registration asks for it. */
  requested: z.boolean(),
  /** Whether an administrator consented to it, for everybody. */
  granted: z.boolean(),
  /** People who consented for themselves. */
  users: z.number().int().optional(),
  /** What its holder can do, as the end of "the application can …"; absent where that is not known. */
  reach: z.string().optional(),
})

const entry = z.object({
  /** Application (client) id. */
  appId: z.string(),
  displayName: z.string(),
  /**
   * application: registered in this tenant; elsewhere: of another tenant; microsoft: of Microsoft; managedIdentity: of an
   * Azure resource.
   */
  kind: z.enum(['application', 'elsewhere', 'microsoft', 'managedIdentity']),
  /** Of the registration. */
  objectId: z.string().optional(),
  servicePrincipalId: z.string().optional(),
  /** Whether the service principal may sign in. */
  enabled: z.boolean().optional(),
  createdAt: z.string().optional(),
  signInAudience: z.string().optional(),
  publisherVerified: z.boolean().optional(),
  owners: z.array(owner),
  credentials: z.array(credential),
  permissions: z.array(permission),
  /** Display names of directory roles that are assigned to it. */
  directoryRoles: z.array(z.string()),
  redirectUris: z.array(z.object({ platform: z.string(), uri: z.string() })),
  implicitGrant: z.object({ accessToken: z.boolean(), idToken: z.boolean() }),
  lastSignInAt: z.string().optional(),
  /** `stack/application` that manages it; absent for none, and for one of a stack that could not be read. */
  managedBy: z.string().optional(),
})

const finding = z.object({
  ruleId: z.string(),
  rule: z.string(),
  severity: z.enum(SEVERITIES),
  appId: z.string(),
  displayName: z.string(),
  message: z.string(),
  fix: z.string(),
  /** The reason of the suppression that covers it. */
  suppressed: z.string().optional(),
})

/** Parts of the inventory that not every identity may read, or that not every tenant reports; and what stacks manage. */
export const PARTS = [
  'applicationPermissions',
  'delegatedPermissions',
  'directoryRoles',
  'credentialUse',
  'signIns',
  'stacks',
] as const
export type Part = (typeof PARTS)[number]

const missing = z.object({
  part: z.enum(PARTS),
  /** What is missing because of it, and which permission shows it. */
  message: z.string(),
})

const change = z.object({
  change: z.enum(['appeared', 'changed', 'went']),
  appId: z.string(),
  displayName: z.string(),
  /** What differs. */
  what: z.array(z.string()),
})

const waveApplication = z.object({
  appId: z.string(),
  displayName: z.string(),
  /** `stack/application`; absent for one that is to be adopted first. */
  managedBy: z.string().optional(),
  /** By name, else by object id. */
  owners: z.array(z.string()),
  /** How many applications have consent to permissions of its API. */
  dependents: z.number().int(),
  credentials: z.array(credential.extend({ action: z.enum(['replace', 'remove']) })),
})

const wave = z.object({
  wave: z.number().int(),
  /** What its applications have in common. */
  reason: z.enum(['unused', 'expiring', 'risky', 'plain', 'dependedOn']),
  applications: z.array(waveApplication),
})

/** The report of `inventory`, as `--json` prints it and `--since` reads it. */
export const inventoryReport = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.literal('entra-apps'), version: z.string() }),
  tenantId: z.string(),
  /** RFC 3339. */
  at: z.string(),
  /** The stacks whose applications were looked up, without those that could not be read; empty when none was named. */
  stacks: z.array(z.string()),
  missing: z.array(missing),
  entries: z.array(entry),
  findings: z.array(finding),
  /** Since the inventory given with `--since`. */
  changes: z.object({ since: z.string(), entries: z.array(change) }).optional(),
  /** With `--waves`: in which order credentials that no stack issued are replaced. */
  waves: z.array(wave).optional(),
})

export type InventoryReport = z.infer<typeof inventoryReport>
export type Entry = z.infer<typeof entry>
export type Credential = z.infer<typeof credential>
export type Owner = z.infer<typeof owner>
export type Permission = z.infer<typeof permission>
export type Finding = z.infer<typeof finding>
export type Missing = z.infer<typeof missing>
export type Change = z.infer<typeof change>
export type Wave = z.infer<typeof wave>
export type WaveReason = Wave['reason']
export type WaveApplication = z.infer<typeof waveApplication>
export type Changes = NonNullable<InventoryReport['changes']>
