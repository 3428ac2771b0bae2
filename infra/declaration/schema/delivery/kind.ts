import { z } from 'zod'
import { TIMEOUT_PATTERN } from '../../../../lib/timeout.ts'

/** One kind of place where consumers read a secret, as data: {@link deliveryDeclaration} has the table. */
export interface DeliveryKind<Schema extends z.ZodType> {
  readonly schema: Schema
  /** Names the place in the ledger and in reports, after the kind and a colon. */
  id(declared: z.output<Schema>): string
  /**
   * The place itself, however it is spelt, so that no two credentials are delivered to it.
   *
   * @param realPath the file that a path leads to
   * @returns undefined for a place that is told which credential it gets, and so may hold several
   */
  place(declared: z.output<Schema>, realPath: (file: string) => string): string | undefined
}

/** Lets a kind be written with the types of its own schema. */
export function kind<Schema extends z.ZodType>(definition: DeliveryKind<Schema>): DeliveryKind<Schema> {
  return definition
}

/** Name of an environment variable. */
export const variableName = z
  .string()
  .regex(
    /^(?!__proto__$)[A-Za-z_]\w*$/,
    'a variable is letters, digits and underscores, and starts with no digit',
  )

/** Time that code of the project may take. */
export const timeLimit = z
  .string()
  .regex(TIMEOUT_PATTERN, 'a time is a number and a unit, such as 30s, 2m or 1h')
  .refine((text) => !/^0+[smh]$/.test(text), 'a delivery needs time to run')
  .default('2m')

/** Variables of the environment that code of the project gets. */
export const passedVariables = z.array(variableName).default([])

/** Address of a server; in plain text only on this computer. */
export function serviceAddress(example: string) {
  return z
    .url({ protocol: /^https?$/, error: `expected an https address such as ${example}`, abort: true })
    .refine((url) => {
      const { protocol, hostname } = new URL(url)
      return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
    }, `expected an https address such as ${example}; http only on this computer`)
    .transform((url) => url.replace(/\/+$/, ''))
}
