import { z } from 'zod'
import { deliveryDeclaration, targetId } from './delivery-declaration.ts'
import { DURATION_PATTERN, parseDuration } from './duration.ts'
import { suggest } from './nearest.ts'
import type { Problem } from './problems.ts'
import { checkRedirectUris, normaliseRedirectUri } from './redirect-uris.ts'
import { checkDurations, checkSecrets } from './rotation-policy.ts'

/** Longest secret the portal offers is 24 months; Microsoft advises less than 12 ("Add credentials"). */
const MAX_SECRET_LIFETIME_DAYS = 730

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'names are lower-case letters, digits and hyphens, starting with a letter')

const uniqueNames = z.array(z.string().min(1)).superRefine((names, ctx) => {
  names.forEach((entry, i) => {
    if (names.indexOf(entry) === i) return
    ctx.addIssue(toIssue({ path: [i], message: `"${entry}" is listed twice`, mend: 'keep one of the two' }))
  })
})

const redirectUriList = z.array(z.string().transform(normaliseRedirectUri)).default([])

const redirectUris = z
  .strictObject({ web: redirectUriList, spa: redirectUriList, publicClient: redirectUriList })
  .superRefine((uris, ctx) => {
    for (const problem of checkRedirectUris(uris)) ctx.addIssue(toIssue(problem))
  })

const permissions = z.strictObject({
  application: uniqueNames.default([]).describe('App roles, granted to the application itself'),
  delegated: uniqueNames.default([]).describe('Scopes, used on behalf of a signed-in user'),
})

const duration = z
  .string()
  .regex(DURATION_PATTERN, 'a duration is a number and a unit, such as 180d, 12h or 26w')

const lifetime = duration.refine(
  (text) => !DURATION_PATTERN.test(text) || parseDuration(text) <= MAX_SECRET_LIFETIME_DAYS * 86_400_000,
  `a client secret lives at most ${MAX_SECRET_LIFETIME_DAYS}d; shorter is safer, since rotation is free here`,
)

const deliver = z.array(deliveryDeclaration).superRefine((targets, ctx) => {
  const ids = targets.map(targetId)
  ids.forEach((id, i) => {
    if (ids.indexOf(id) === i) return
    ctx.addIssue(toIssue({ path: [i], message: `${id} is listed twice`, mend: 'keep one of the two' }))
  })
})

const secret = z
  .strictObject({
    displayName: z.string().min(1).max(120).describe('Shown in the portal beside the secret'),
    lifetime: lifetime.describe('How long a newly issued secret is valid; an issued one keeps its date'),
    rotateEvery: duration
      .optional()
      .describe('Age at which `rotate` issues the next generation. Default: half of the lifetime'),
    overlap: duration
      .optional()
      .describe(
        'How long the previous generation stays valid after that; longer than any consumer goes without re-reading. Default: 7d, or half of rotateEvery if that is shorter',
      ),
    rotateWhenDue: z
      .boolean()
      .default(false)
      .describe('For pipelines that only run `pulumi up`: it issues, promotes and retires by itself'),
    deliver: deliver
      .default([])
      .describe('Where consumers read the secret; `rotate` and `deliver` write it there'),
  })
  .superRefine((declared, ctx) => {
    const durations = [declared.lifetime, declared.rotateEvery, declared.overlap]
    if (durations.some((text) => text !== undefined && !DURATION_PATTERN.test(text))) return
    for (const problem of checkDurations(declared)) ctx.addIssue(toIssue(problem))
    if (!declared.rotateWhenDue || declared.deliver.length === 0) return
    const message =
      '`pulumi up` cannot deliver, so a secret with rotateWhenDue would change under its consumers'
    const mend = 'remove rotateWhenDue and run `rotate` on a schedule, or remove deliver'
    ctx.addIssue(toIssue({ path: ['rotateWhenDue'], message, mend }))
  })

const probe = z
  .string()
  .regex(/^GET \/\S+$/, 'a probe is a read such as "GET /users?$top=1", with a path below /v1.0')

const app = z.strictObject({
  displayName: z.string().min(1).max(120).describe('Name shown to users and administrators'),
  signInAudience: z
    .enum([
      'AzureADMyOrg',
      'AzureADMultipleOrgs',
      'AzureADandPersonalMicrosoftAccount',
      'PersonalMicrosoftAccount',
    ])
    .default('AzureADMyOrg'),
  redirectUris: redirectUris.prefault({}),
  permissions: z.record(z.string().min(1), permissions).default({}).describe('Permissions by API, by name'),
  consent: z
    .enum(['grant', 'request'])
    .default('request')
    .describe(
      'grant: the deployer consents for the whole tenant; request: declare only, an administrator consents',
    ),
  secrets: z.record(name, secret).default({}),
  verify: z
    .array(probe)
    .default([])
    .describe("Graph reads that must succeed with the application's own token"),
})

/** One application as declared in the stack config under `entra-apps:apps.<name>`. */
export const appDeclaration = app.superRefine((declared, ctx) => {
  for (const problem of checkSecrets(declared)) ctx.addIssue(toIssue(problem))
})

const declaration = z
  .record(name, appDeclaration)
  .refine((apps) => Object.keys(apps).length > 0, 'no application is declared')

export type AppDeclaration = z.infer<typeof appDeclaration>
export type AppDeclarationInput = z.input<typeof appDeclaration>
export type SecretDeclaration = z.infer<typeof secret>

/** The value with every default filled in, or every mistake found. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * Checks the value of the config key `apps`.
 *
 * Needs no tenant: permission names are checked later, against the tenant's own service principals.
 */
export function readDeclaration(value: unknown): Checked<Record<string, AppDeclaration>> {
  return read(declaration, value, ['apps'])
}

/** Checks one application on its own, for programs that use the component without stack config. */
export function readAppDeclaration(value: unknown): Checked<AppDeclaration> {
  return read(appDeclaration, value, [])
}

function read<T>(schema: z.ZodType<T>, value: unknown, root: Problem['path']): Checked<T> {
  const parsed = schema.safeParse(value, { reportInput: true })
  if (parsed.success) return { ok: true, value: parsed.data }
  return { ok: false, problems: parsed.error.issues.flatMap((issue) => toProblems(issue, root, schema)) }
}

/** Hands a rule's finding to zod, the mend included, so that all mistakes of a file come out together. */
function toIssue({ path, message, mend }: Problem) {
  return { code: 'custom' as const, path: [...path], message, params: { mend } }
}

function toProblems(issue: z.core.$ZodIssue, root: Problem['path'], schema: z.ZodType): Problem[] {
  const path = [...root, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))]
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = settingsAt(schema, issue.path)
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `there is no setting "${key}" here`,
        mend: suggest(key, known, `known settings: ${known.join(', ')}`),
      }))
    }
    case 'invalid_value': {
      const values = issue.values.map(String)
      return [
        { path, message: 'the value is not one of the accepted ones', mend: `use ${values.join(', ')}` },
      ]
    }
    case 'invalid_type': {
      const wanted = YAML_TYPES[issue.expected] ?? issue.expected
      const message = issue.input === undefined ? 'a value is required here' : `this is not a ${wanted}`
      return [{ path, message, mend: `write a ${wanted}` }]
    }
    case 'invalid_key':
      return [{ path, message: issue.issues[0]?.message ?? issue.message, mend: 'rename it' }]
    case 'custom':
      return [{ path, message: issue.message, mend: String(issue.params?.['mend'] ?? 'correct the value') }]
    default:
      return [{ path, message: issue.message, mend: `change ${JSON.stringify(issue.input)} accordingly` }]
  }
}

/** What zod's names for types are called in YAML. */
const YAML_TYPES: Readonly<Record<string, string>> = {
  object: 'mapping',
  record: 'mapping',
  array: 'list',
  string: 'text',
}

/** Names of the settings an object of the schema accepts at a path, read from its JSON Schema. */
function settingsAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let node = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonNode | undefined
  for (const step of path) {
    node =
      typeof step === 'number'
        ? node?.items
        : (node?.properties?.[String(step)] ?? node?.additionalProperties)
  }
  return Object.keys(node?.properties ?? {})
}

interface JsonNode {
  properties?: Record<string, JsonNode>
  additionalProperties?: JsonNode
  items?: JsonNode
}
