import { z } from 'zod'

/** RFC 3339, UTC, whole seconds: as Graph writes dates, and as the azuread provider compares them. */
export const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)

/** What was delivered where; never the value. */
export const deliveryRecord = z.strictObject({
  /** Id of the target, as {@link targetId} writes it. */
  target: z.string(),
  at: instant,
  /** Key id of the secret that the target was given: a credential issued anew has another one. */
  keyId: z.string(),
  /** The target's own name for what it stored, where it has one. */
  version: z.string().optional(),
})

/**
 * One issue of a client secret or a certificate. A later generation never replaces an earlier one; it is another resource.
 *
 * It moves `issued → current → previous → retired`. Only `current` is what consumers are given; `previous` stays valid
 * for those that have not re-read yet; `retired` is gone from the tenant and remembered here.
 */
export const generation = z.strictObject({
  /** 1 for the first; never used again. */
  generation: z.number().int().positive(),
  /** Left out for a client secret. */
  kind: z.literal('certificate').optional(),
  phase: z.enum(['issued', 'current', 'previous', 'retired']),
  issuedAt: instant,
  /** Fixed when issued: recomputing it would replace the secret. */
  endDate: z.string(),
  /** Known once the tenant has issued it. */
  keyId: z.string().optional(),
  /** SHA-1 of a certificate in hexadecimal digits: with it a copy of the key is found that no state knows. */
  thumbprint: z.string().optional(),
  /** The rotation run that is at work on an issued generation. */
  run: z.string().optional(),
  /** Another run than the one that issued it is at work on it: either may have delivered it. */
  takenOver: z.boolean().optional(),
  /** It replaces a leaked secret, whose overlap is therefore short (`soon`) or none (`now`). */
  revokes: z.enum(['soon', 'now']).optional(),
  provedAt: instant.optional(),
  deliveries: z.array(deliveryRecord).optional(),
  currentSince: instant.optional(),
  previousSince: instant.optional(),
  /** Earliest moment a previous generation may be deleted. */
  retireAfter: instant.optional(),
  retiredAt: instant.optional(),
  /** Why it stopped being current, or never became it. */
  ended: z.enum(['superseded', 'revoked', 'withdrawn']).optional(),
})

/** Generations by application and name of the credential. Kept as a plain stack output, so that it lives and dies with the state. */
export const ledger = z.record(z.string(), z.record(z.string(), z.array(generation)))

export type DeliveryRecord = z.infer<typeof deliveryRecord>
export type Generation = z.infer<typeof generation>
export type Ledger = Readonly<Record<string, Readonly<Record<string, readonly Generation[]>>>>

/**
 * The generations of a credential, those left out that belong to another kind: a secret that is declared as a
 * certificate from now on is another credential.
 */
export function generationsOf(
  ledger: Ledger,
  app: string,
  name: string,
  kind: Generation['kind'],
): readonly Generation[] {
  return (ledger[app]?.[name] ?? []).filter((each) => each.kind === kind)
}

/** Whether the generation is, or is about to be, a credential in the tenant. */
export function isLive({ phase }: Pick<Generation, 'phase'>): boolean {
  return phase !== 'retired'
}

/** The generation that consumers are given. */
export function currentOf(generations: readonly Generation[]): Generation | undefined {
  return generations.find(({ phase }) => phase === 'current')
}

/** The generation that was issued and has not become current yet; there is one at most. */
export function issuedOf(generations: readonly Generation[]): Generation | undefined {
  return generations.find(({ phase }) => phase === 'issued')
}

/** The number of the next generation: one more than any ever seen. */
export function nextGeneration(generations: readonly Generation[]): number {
  return Math.max(0, ...generations.map((each) => each.generation)) + 1
}

/**
 * The targets that have not been given this generation as it is in the tenant now: a credential that was deleted by
 * hand and issued anew has another key id than the one that was delivered.
 */
export function missingTargets(
  { keyId, deliveries = [] }: Pick<Generation, 'keyId' | 'deliveries'>,
  targets: readonly string[],
): string[] {
  const served = deliveries.filter((each) => keyId === undefined || each.keyId === keyId)
  return targets.filter((target) => !served.some((each) => each.target === target))
}

/**
 * Whether something depends on this generation that a plain deployment must not take away: it is current, and was
 * rotated into place or delivered.
 */
export function hasConsumers({ generation, phase, deliveries = [] }: Generation): boolean {
  return phase === 'current' && (generation > 1 || deliveries.length > 0)
}
