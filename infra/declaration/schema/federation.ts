import { z } from 'zod'

const text = z.string().min(1)

const repository = z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'a repository is owner/name')

const id = z.number().int().positive()

/** A branch or tag by its name alone; the subject gets the prefix. */
const refName = z
  .string()
  .regex(/^(?!refs\/)\S+$/, 'a branch or tag is its name, without refs/heads/ or refs/tags/')

const issuer = z.string().min(1)

/** A claim whose value follows from the other settings, or one with its value. */
const includedClaim = z.union([
  text,
  z.record(text, text).refine((one) => Object.keys(one).length === 1, 'one claim and its value'),
])

/** Claims of GitHub's tokens whose values the settings of a credential say. */
export const DERIVED_GITHUB_CLAIMS = [
  'repo',
  'context',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'environment',
  'ref',
  'ref_type',
] as const

const github = z
  .strictObject({
    repository,
    ownerId: id.optional().describe('Id of the owner, which is in the subject; with repositoryId'),
    repositoryId: id.optional().describe('Id of the repository, which is in the subject; with ownerId'),
    branch: refName.optional(),
    environment: text.optional(),
    tag: refName.optional(),
    pullRequest: z.literal(true).optional(),
    include: z
      .array(includedClaim)
      .min(1)
      .optional()
      .describe(
        'Claims of a subject template of your own (include_claim_keys), in its order: those with a known value by name, others as name: value. Default: GitHub\'s template, "repo" and "context"',
      ),
    subject: text
      .optional()
      .describe('The subject itself, in place of branch, environment, tag, pullRequest, include'),
    issuer: issuer
      .optional()
      .describe(
        'Default: that of github.com; set it for GitHub Enterprise, or an issuer with the name of the enterprise',
      ),
  })
  .superRefine((given, context) => {
    const { subject, include, ownerId, repositoryId, ...rest } = given
    const fail = (message: string) => context.addIssue({ code: 'custom', message })
    const events = [rest.branch, rest.environment, rest.tag, rest.pullRequest].filter(
      (each) => each !== undefined,
    )
    if (subject !== undefined && (events.length > 0 || include)) {
      fail('a subject stands by itself: remove branch, environment, tag, pullRequest and include')
    }
    if (subject === undefined && events.length !== 1) {
      fail('a GitHub credential names one of branch, environment, tag or pullRequest: true')
    }
    if ((ownerId === undefined) !== (repositoryId === undefined)) {
      fail('ownerId and repositoryId belong together: set both, or none')
    }
    for (const claim of include ?? []) {
      const problem = typeof claim === 'string' ? whyNotDerived(claim, given) : undefined
      if (problem) fail(problem)
    }
  })
  .describe('A job of GitHub Actions')

type GithubInput = {
  readonly ownerId?: number | undefined
  readonly repositoryId?: number | undefined
  readonly branch?: string | undefined
  readonly environment?: string | undefined
  readonly tag?: string | undefined
}

function whyNotDerived(
  claim: string,
  { ownerId, branch, environment, tag }: GithubInput,
): string | undefined {
  if (!(DERIVED_GITHUB_CLAIMS as readonly string[]).includes(claim)) {
    return `the value of "${claim}" does not follow from the other settings: write it as { ${claim}: value }`
  }
  if (/_id$/.test(claim) && ownerId === undefined) return `"${claim}" needs ownerId and repositoryId`
  if (claim === 'environment' && environment === undefined)
    return '"environment" needs the setting environment'
  if (/^ref(_type)?$/.test(claim) && branch === undefined && tag === undefined) {
    return `"${claim}" needs the setting branch or tag, or a value: { ${claim}: value }`
  }
  return undefined
}

const AZURE_PIPELINES_NAMES = ['organization', 'organizationId', 'project', 'serviceConnection'] as const

const azurePipelines = z
  .strictObject({
    issuer: issuer.optional().describe('Issuer of the service connection, as Azure DevOps shows it'),
    subject: text.optional().describe('Subject of the service connection, as Azure DevOps shows it'),
    organization: text
      .optional()
      .describe('Of a service connection from before April 2025: name of the organization'),
    organizationId: text.optional().describe('Id of the organization, which is in the issuer'),
    project: text.optional(),
    serviceConnection: text.optional(),
  })
  .refine((given) => {
    const names = AZURE_PIPELINES_NAMES.filter((name) => given[name] !== undefined).length
    const pair = [given.issuer, given.subject].filter((each) => each !== undefined).length
    return (pair === 2 && names === 0) || (pair === 0 && names === AZURE_PIPELINES_NAMES.length)
  }, 'a service connection is issuer and subject as Azure DevOps shows them; one from before April 2025 is organization, organizationId, project and serviceConnection')
  .describe('A service connection of Azure Pipelines')

const gitlab = z
  .strictObject({
    project: z.string().regex(/^[\w.-]+(\/[\w.-]+)+$/, 'a project is group/name'),
    branch: refName.optional(),
    tag: refName.optional(),
    issuer: issuer.optional().describe('Default: https://gitlab.com; set it for a GitLab of your own'),
  })
  .refine(
    ({ branch, tag }) => (branch === undefined) !== (tag === undefined),
    'a GitLab credential names one of branch or tag',
  )
  .describe('A job of GitLab CI/CD')

const terraformCloud = z
  .strictObject({
    organization: text,
    project: text.default('Default Project').describe('Default: "Default Project"'),
    workspace: text,
    runPhase: z.enum(['plan', 'apply']),
    issuer: issuer
      .optional()
      .describe('Default: https://app.terraform.io; set it for a Terraform Enterprise'),
  })
  .describe('A phase of the runs of an HCP Terraform workspace')

const managedIdentity = z
  .strictObject({
    objectId: z.guid().optional().describe('Object (principal) id of the user-assigned managed identity'),
    name: text
      .optional()
      .describe('Its name, which must be the only one of a service principal of the tenant'),
  })
  .refine(
    ({ objectId, name }) => (objectId === undefined) !== (name === undefined),
    'a managed identity is one of objectId, name',
  )
  .describe('A user-assigned managed identity of the same tenant')

const matching = z
  .strictObject({
    issuer: text.describe('github, gitlab, terraformCloud, or the address of the issuer'),
    expression: text.describe("Such as: claims['sub'] matches 'repo:contoso/*:ref:refs/heads/main'"),
  })
  .describe('Tokens whose claims meet an expression: a flexible federated credential (preview)')

const kubernetes = z
  .strictObject({
    issuer: issuer.describe("The cluster's OIDC issuer"),
    namespace: text,
    serviceAccount: text,
  })
  .describe('A service account of a Kubernetes cluster')

const other = z.strictObject({ issuer, subject: text }).describe('Any other issuer of OpenID Connect tokens')

const SHAPES = {
  github: github.optional(),
  azurePipelines: azurePipelines.optional(),
  gitlab: gitlab.optional(),
  terraformCloud: terraformCloud.optional(),
  kubernetes: kubernetes.optional(),
  managedIdentity: managedIdentity.optional(),
  matching: matching.optional(),
  other: other.optional(),
}

/** A trust in somebody else's tokens, instead of a secret ("Workload identity federation"). */
export const federatedCredential = z
  .strictObject({
    ...SHAPES,
    audience: text
      .optional()
      .describe(
        'Audience of the token that is exchanged. Default: that of the cloud, api://AzureADTokenExchange in the public one',
      ),
    description: text.optional(),
  })
  .refine(
    (given) => Object.keys(SHAPES).filter((shape) => given[shape as keyof typeof SHAPES]).length === 1,
    `a federated credential is one of ${Object.keys(SHAPES).join(', ')}`,
  )
