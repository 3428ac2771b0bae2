import { z } from 'zod'
import { checkRotated, rotatedFields } from './rotated.ts'

/** Since 2026 subjects may hold the ids of owner and repository ("Migrate GitHub Actions federated credentials to immutable subjects"). */
const repository = z
  .string()
  .regex(
    /^[\w.-]+(@\d+)?\/[\w.-]+(@\d+)?$/,
    'a repository is owner/name, or owner@id/name@id where its tokens hold ids',
  )

/** A branch or tag by its name alone; the subject gets the prefix. */
const refName = z
  .string()
  .regex(/^(?!refs\/)\S+$/, 'a branch or tag is its name, without refs/heads/ or refs/tags/')

const github = z
  .strictObject({
    repository,
    branch: refName.optional(),
    environment: z.string().min(1).optional(),
    tag: refName.optional(),
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
      .optional()
      .describe(
        'Audience of the token that is exchanged. Default: that of the cloud, api://AzureADTokenExchange in the public one',
      ),
    description: z.string().min(1).optional(),
  })
  .refine(
    (given) =>
      [given.github, given.azurePipelines, given.kubernetes, given.other].filter(Boolean).length === 1,
    'a federated credential is one of github, azurePipelines, kubernetes, other',
  )

/** Attributes that every reader of certificates knows by name (RFC 4514 section 3), and values that need no escaping. */
const SUBJECT =
  /^(CN|OU|O|L|ST|C|DC)=[^,=+<>#;"\\\s][^,=+<>#;"\\]*(, *(CN|OU|O|L|ST|C|DC)=[^,=+<>#;"\\\s][^,=+<>#;"\\]*)*$/

/** A key pair that is made here, rotated and delivered; its certificate is self-signed. */
const generate = z
  .strictObject({
    ...rotatedFields,
    keySize: z
      .union([z.literal(2048), z.literal(3072), z.literal(4096)])
      .default(2048)
      .describe('Bits of the RSA key: 2048, 3072 or 4096. Default: 2048'),
    subject: z
      .string()
      .regex(SUBJECT, 'a subject is a distinguished name such as CN=files.example.com, O=Contoso')
      .optional()
      .describe(
        'Subject of the certificate. Default: CN= with application, certificate and generation, such as "CN=files signing g1"',
      ),
  })
  .superRefine(checkRotated)
  .describe('Made, rotated and delivered here: consumers get key and certificate as PEM')

/** A certificate that the application signs its token requests with: given, or made here. */
export const certificate = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .optional()
      .describe('File of the certificate, from the project directory: PEM, or PFX (.pfx, .p12)'),
    passphraseFrom: z
      .string()
      .regex(/^[A-Za-z_]\w*$/, 'a variable is letters, digits and underscores, and starts with no digit')
      .optional()
      .describe('Environment variable with the passphrase of a PFX file. Default: it has none'),
    pem: z.string().min(1).optional().describe('The certificate itself, as PEM'),
    generate: generate.optional(),
  })
  .refine(
    (given) => [given.file, given.pem, given.generate].filter((kind) => kind !== undefined).length === 1,
    'a certificate is one of file, pem, generate',
  )
  .refine(({ file, passphraseFrom }) => passphraseFrom === undefined || (file && isPfxName(file)), {
    path: ['passphraseFrom'],
    error: 'only a PFX file (.pfx, .p12) has a passphrase',
    params: { fix: 'remove passphraseFrom, or name a PFX file' },
  })

/** Whether a file is read as PKCS#12. */
export function isPfxName(file: string): boolean {
  return /\.(pfx|p12)$/i.test(file)
}
