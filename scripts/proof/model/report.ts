import { z } from 'zod'

/** Raised when a member is removed or changes its meaning; new members alone do not raise it. */
export const REPORT_VERSION = 1

export const VERDICTS = ['proved', 'wrong', 'notReady', 'couldNotRun'] as const

const verdict = z
  .enum(VERDICTS)
  .describe('proved; wrong for sure; not ready before the deadline; could not be asked')

const support = z
  .object({
    requestId: z.string().exactOptional(),
    correlationId: z.string().exactOptional(),
    traceId: z.string().exactOptional(),
    timestamp: z.string().exactOptional(),
  })
  .describe("What Microsoft's support asks for")

const explanation = z
  .object({
    code: z
      .string()
      .describe('AADSTS number, Graph error code, network error code, or a code of the contract'),
    source: z.enum(['login', 'graph', 'network', 'contract']),
    status: z.number().int().exactOptional().describe('HTTP status'),
    message: z.string().describe("The service's own sentence"),
    meaning: z.string(),
    fix: z.string().describe('What to do about it'),
    reference: z.string().exactOptional().describe("Title of Microsoft's page"),
    support,
  })
  .describe('Why a check failed')

export const check = z.object({
  name: z.string(),
  status: z.enum(['passed', 'failed', 'warning', 'skipped']),
  detail: z.string().describe('What was found, in a few words'),
  explanation: explanation.exactOptional(),
})

const credentialProof = z.object({
  label: z.string().describe('Name of the credential and generation, such as "onedrive g2"'),
  kind: z.enum(['secret', 'certificate', 'federated', 'assertion', 'managedIdentity', 'ambient']),
  keyId: z.string().exactOptional(),
  endDate: z.string().exactOptional().describe('RFC 3339'),
  verdict: z
    .enum([...VERDICTS, 'unproved'])
    .describe('As for the application; or unproved: deployed, with no available key or token to prove it'),
  attempts: z.number().int(),
  waitedMs: z.number().int().describe('From the first attempt to the last, in milliseconds'),
  stages: z
    .object({
      token: z.number().int().exactOptional(),
      permissions: z.number().int().exactOptional(),
      probes: z.number().int().exactOptional(),
    })
    .describe('Milliseconds after the first attempt at which each stage first passed'),
  requests: z.object({ token: z.number().int(), graph: z.number().int() }).describe('Requests sent'),
  checks: z.array(check),
})

const appProof = z.object({
  app: z.string(),
  displayName: z.string(),
  tenantId: z.string(),
  clientId: z.string(),
  verdict,
  checks: z
    .array(check)
    .describe('About the application as a whole: consent, and with --live the registration'),
  credentials: z.array(credentialProof),
})

/** The report of `verify`, as `--json` prints it. */
export const proofReport = z.object({
  schemaVersion: z.literal(REPORT_VERSION),
  tool: z.object({ name: z.literal('entra-apps'), version: z.string() }),
  stack: z.string().exactOptional(),
  startedAt: z.string().describe('RFC 3339'),
  durationMs: z.number().int(),
  verdict,
  exitCode: z.number().int(),
  summary: z.object({
    apps: z.number().int(),
    credentials: z.number().int(),
    unproved: z.number().int().describe('Credentials that no available key or token could prove'),
    passed: z.number().int(),
    failed: z.number().int(),
    warnings: z.number().int(),
    skipped: z.number().int(),
  }),
  checks: z.array(check).describe('About this run as a whole: the clock, what could not be looked at'),
  apps: z.array(appProof),
})

export type Check = z.infer<typeof check>
export type Explanation = z.infer<typeof explanation>
export type CredentialProof = z.infer<typeof credentialProof>
export type AppProof = z.infer<typeof appProof>
export type ProofReport = z.infer<typeof proofReport>
