import { z } from 'zod'
import { durationSchema } from './duration.ts'

const milliseconds = durationSchema

const seconds = durationSchema.transform((span) => Math.ceil(span / 1000))

/** Which requests a rule is about: those that fit everything that is named. */
const matchSchema = z.strictObject({
  /** `token` for the token endpoint, else an operation of Graph: `list`, `get`, `create`, `addPassword` … */
  operation: z.string().optional(),
  /** HTTP method, or several. */
  method: z
    .union([z.string(), z.array(z.string()).min(1)])
    .transform((given) => [given].flat().map((each) => each.toUpperCase()))
    .optional(),
  /**
   * Path without query, and for Graph without its version; `*` stands for one segment, `**` for any number, and case
   * does not matter.
   */
  path: z.string().startsWith('/').optional(),
  /** `graph` or `login`. */
  service: z.enum(['graph', 'login']).optional(),
  /** App id of the caller, as its token or token request names it. */
  caller: z.string().toLowerCase().optional(),
})

const common = {
  /** Shown where the rule is listed and in the records of the requests it hit. */
  name: z.string().min(1).optional(),
  on: matchSchema.default({}),
  /** How many requests it hits; default: all. */
  times: z.int().min(1).optional(),
  /** How many it lets pass first; default 0. */
  skip: z.int().min(0).default(0),
  /** Chance to hit each request, 0 to 1; default 1. */
  probability: z.number().gt(0).max(1).default(1),
  /** Where its sequence of chances starts, so that a run can be repeated; default 1. */
  seed: z.int().default(1),
}

/** What a token bucket holds, and the time in which an empty one fills up (of real time). */
const quotaSchema = z.strictObject({
  requests: z.int().min(1),
  per: milliseconds.refine((span) => span > 0, { error: 'must be longer than 0' }),
})

const refusal = {
  /** Graph's `error.code`, or the number of an AADSTS code; default: what the service says with that status. */
  code: z.union([z.string(), z.number()]).transform(String).optional(),
  message: z.string().optional(),
  /** Value of `Retry-After`, in whole seconds. */
  retryAfter: seconds.optional(),
}

/**
 * One fault, as data. What it does to a request (`effect`):
 * - `throttle`: 429 with `Retry-After` (default 10s); nothing is done. With a `quota` it hits only what exceeds it
 * - `unavailable`: 503, with `Retry-After` when given; nothing is done
 * - `refuse`: the given status, code and message in the service's own form; nothing is done
 * - `delay`: waits for `by` (of real time), then goes on
 * - `drop-before`: cuts the connection; nothing is done
 * - `drop-after`: does it, and cuts the connection instead of answering that it went well
 * - `lose-answer`: does it, and answers 504 instead of saying that it went well
 */
export const faultSchema = z.discriminatedUnion('effect', [
  z.strictObject({
    ...common,
    ...refusal,
    effect: z.literal('throttle'),
    retryAfter: seconds.default(10),
    quota: quotaSchema.optional(),
  }),
  z.strictObject({ ...common, ...refusal, effect: z.literal('unavailable') }),
  z.strictObject({ ...common, ...refusal, effect: z.literal('refuse'), status: z.int().min(400).max(599) }),
  z.strictObject({ ...common, effect: z.literal('delay'), by: milliseconds }),
  z.strictObject({ ...common, effect: z.literal('drop-before') }),
  z.strictObject({ ...common, effect: z.literal('drop-after') }),
  z.strictObject({ ...common, ...refusal, effect: z.literal('lose-answer') }),
])

/** A fault as one writes it. */
export type FaultRule = z.input<typeof faultSchema>

/** A fault with its defaults. */
export type Fault = z.output<typeof faultSchema>

export type Quota = z.output<typeof quotaSchema>

/** A fault that strikes when the answer is ready; all others strike before the work is done. */
export type LateFault = Extract<Fault, { effect: 'drop-after' | 'lose-answer' }>

export function isLate(fault: Fault): fault is LateFault {
  return fault.effect === 'drop-after' || fault.effect === 'lose-answer'
}
