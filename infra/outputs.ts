import { z } from 'zod'
import { ledger } from './generation.ts'

/** One live secret without its value: what a report may show. */
const generationOutputs = z.object({
  generation: z.number().int(),
  phase: z.enum(['issued', 'current', 'previous']),
  keyId: z.string(),
  displayName: z.string(),
  /** RFC 3339, as the tenant returned it. */
  endDate: z.string(),
})

const appOutputs = z.object({
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
  permissions: z.record(
    z.string(),
    z.object({ appId: z.string(), application: z.array(z.string()), delegated: z.array(z.string()) }),
  ),
  secrets: z.record(z.string(), z.array(generationOutputs)),
  probes: z.array(z.string()),
})

/**
 * The stack's outputs: the contract between the program and everything that reads a deployed stack.
 *
 * Secret values stand apart from the rest, because Pulumi treats an output with a secret anywhere inside as secret
 * as a whole, and reports must be able to read `apps` without the passphrase.
 */
export const stackOutputs = z.object({
  apps: z.record(z.string(), appOutputs),
  /** App → secret → every generation there is and was. */
  ledger,
  /** App → secret → generation → value. A Pulumi secret. */
  secretValues: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.string()))),
})

export type GenerationOutputs = z.infer<typeof generationOutputs>
export type AppOutputs = z.infer<typeof appOutputs>
export type StackOutputs = z.infer<typeof stackOutputs>
