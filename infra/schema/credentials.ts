import { z } from 'zod'

const repository = z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'a repository is owner/name')

const github = z
  .strictObject({
    repository,
    branch: z.string().min(1).optional(),
    environment: z.string().min(1).optional(),
    tag: z.string().min(1).optional(),
    pullRequest: z.literal(true).optional(),
  })
  .refine(
    ({ branch, environment, tag, pullRequest }) =>
      [branch, environment, tag, pullRequest].filter((given) => given !== undefined).length === 1,
    'a GitHub credential names one of branch, environment, tag or pullRequest: true',
  )
  .describe('A job of GitHub Actions')

const azurePipelines = z
  .strictObject({
    organization: z.string().min(1).describe('Name of the organization'),
    organizationId: z.string().min(1).describe('Id of the organization, which is in the issuer'),
    project: z.string().min(1),
    serviceConnection: z.string().min(1),
  })
  .describe('A service connection of Azure Pipelines')

const kubernetes = z
  .strictObject({
    issuer: z.string().min(1).describe("The cluster's OIDC issuer"),
    namespace: z.string().min(1),
    serviceAccount: z.string().min(1),
  })
  .describe('A service account of a Kubernetes cluster')

const other = z
  .strictObject({ issuer: z.string().min(1), subject: z.string().min(1) })
  .describe('Any other issuer of OpenID Connect tokens')

export const DEFAULT_AUDIENCE = 'api://AzureADTokenExchange'

/** A trust in somebody else's tokens, instead of a secret ("Workload identity federation"). */
export const federatedCredential = z
  .strictObject({
    github: github.optional(),
    azurePipelines: azurePipelines.optional(),
    kubernetes: kubernetes.optional(),
    other: other.optional(),
    audience: z
      .string()
      .min(1)
      .default(DEFAULT_AUDIENCE)
      .describe('Audience of the token that is exchanged; differs in national clouds'),
    description: z.string().min(1).optional(),
  })
  .refine(
    (given) =>
      [given.github, given.azurePipelines, given.kubernetes, given.other].filter(Boolean).length === 1,
    'a federated credential is one of github, azurePipelines, kubernetes, other',
  )

/** A certificate that the application signs its token requests with. The private key stays where it is. */
export const certificate = z
  .strictObject({
    file: z.string().min(1).optional().describe('PEM file of the certificate, from the project directory'),
    pem: z.string().min(1).optional().describe('The certificate itself, as PEM'),
  })
  .refine(
    ({ file, pem }) => (file === undefined) !== (pem === undefined),
    'a certificate is given as file or as pem',
  )
