import { z } from 'zod'
import { type Duration, durationSchema } from './duration.ts'

/** One delay for all kinds of object, or one for each entity set named (`{ applications: '10s' }`). */
export type SetLag = Duration | { readonly [entitySet: string]: Duration }

/**
 * How long a change takes to be seen, by who looks. Counted by the tenant's clock, so moving the clock lets it pass.
 * Changes made before lag was set are not held back.
 */
export interface LagInput {
  /** For every member that is not named; default 0. */
  readonly everywhere?: Duration
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

const members = {
  objects: setLag,
  lists: setLag,
  references: durationSchema,
  clients: durationSchema,
  secrets: durationSchema,
  certificates: durationSchema,
  federatedCredentials: durationSchema,
  roles: durationSchema,
  grants: durationSchema,
}

/** As `LagInput`, in milliseconds, every member told. */
export type Lag = { readonly [name in keyof typeof members]: z.output<(typeof members)[name]> }

/** Reads a `LagInput`, or one duration for everywhere. */
export const lagSchema = z.preprocess(
  (given) => (typeof given === 'object' ? given : { everywhere: given }),
  z
    .strictObject(members)
    .partial()
    .extend({ everywhere: durationSchema.default(0) })
    .transform(({ everywhere, ...named }) => ({ ...sameFor(everywhere), ...named }) as Lag),
)

/** Every change is seen at once. */
export const NO_LAG: Lag = sameFor(0)

function sameFor(milliseconds: number): Lag {
  return Object.fromEntries(Object.keys(members).map((name) => [name, milliseconds])) as unknown as Lag
}

/** The longest of all, in milliseconds. */
export function longestLag(lag: Lag): number {
  const spans = Object.values(lag).flatMap((each) => (typeof each === 'number' ? each : Object.values(each)))
  return Math.max(0, ...spans)
}
