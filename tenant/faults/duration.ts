import { z } from 'zod'

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

const WRITTEN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/

/** A span of time: milliseconds as a number, or a number with its unit: `250ms`, `30s`, `5m`, `12h`, `90d`. */
export type Duration = number | string

/** Reads a `Duration` into milliseconds; a mistake is reported with the rule. */
export const durationSchema = z
  .union([z.number(), z.string()], { error: 'has to be a duration such as 250ms, 30s, 5m, 12h or 90d' })
  .transform((given, context) => {
    const milliseconds = typeof given === 'number' ? given : parse(given.trim())
    if (milliseconds !== undefined && milliseconds >= 0 && Number.isFinite(milliseconds)) return milliseconds
    context.addIssue({
      code: 'custom',
      message: `'${given}' is not a duration: write 250ms, 30s, 5m, 12h or 90d`,
    })
    return z.NEVER
  })

function parse(text: string): number | undefined {
  const [, amount, unit] = WRITTEN.exec(text) ?? []
  return unit === undefined ? undefined : Number(amount) * UNITS[unit as keyof typeof UNITS]
}
