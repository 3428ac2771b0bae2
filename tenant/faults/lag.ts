import { z } from 'zod'
import { type Duration, durationSchema } from './duration.ts'

/** One delay for all kinds of object, or one for each entity set named (`{ applications: '10s' }`). */
export type SetLag = Duration | { readonly [entitySet: string]: Duration }

/**
 * How long a change takes to be seen, by who looks; zero where nothing is said. Counted by the tenant's clock, so
 * moving the clock lets it pass. Changes made before lag was set are not held back.
 */
export interface LagInput {
  /** A GET of one object: a fresh one answers 404, a changed one shows its old self, a deleted one is still there. */
  readonly objects?: SetLag
  /** Lists and filters: the same. */
  readonly lists?: SetLag
  /** Changes that name a fresh object, in their address or body, are refused with 404. */
  readonly references?: Duration
  /** The token endpoint does not know a fresh application (700016) or its service principal (7000229). */
  readonly clients?: Duration
  /** A fresh secret is refused (7000215), a removed one goes on working. */
  readonly secrets?: Duration
  /** The same for certificates. */
  readonly certificates?: Duration
  /** The same for federated credentials. */
  readonly federatedCredentials?: Duration
  /** New tokens lack a fresh app role, and keep one that was taken away. */
  readonly roles?: Duration
  /** The same for delegated permissions. */
  readonly grants?: Duration
}

const setLag = z.union([durationSchema, z.record(z.string(), durationSchema)], {
  error: 'has to be a duration such as 30s, or one for each entity set, such as { applications: 30s }',
})

export const lagSchema = z.strictObject({
  objects: setLag.optional(),
  lists: setLag.optional(),
  references: durationSchema.optional(),
  clients: durationSchema.optional(),
  secrets: durationSchema.optional(),
  certificates: durationSchema.optional(),
  federatedCredentials: durationSchema.optional(),
  roles: durationSchema.optional(),
  grants: durationSchema.optional(),
})

/** As `LagInput`, in milliseconds. */
export type Lag = z.output<typeof lagSchema>

/** The same delay wherever a change can be seen. */
export function lagEverywhere(milliseconds: number): Lag {
  const names = Object.keys(lagSchema.shape)
  return Object.fromEntries(names.map((name) => [name, milliseconds])) as Lag
}

/** The longest of all, in milliseconds. */
export function longestLag(lag: Lag): number {
  const spans = Object.values(lag).flatMap((each) =>
    typeof each === 'object' ? Object.values(each) : [each],
  )
  return Math.max(0, ...spans.map((each) => each ?? 0))
}
