import { z } from 'zod'
import { durationSchema } from '../faults/duration.ts'
import { lagSchema, NO_LAG } from '../faults/lag.ts'
import { faultSchema } from '../faults/rule.ts'
import { readInput, readYaml } from './input.ts'

/** How the clock is moved: by a duration, or to a moment (RFC 3339). */
export const clockSchema = z
  .strictObject({
    advance: durationSchema.optional(),
    set: z.iso
      .datetime({ offset: true, error: 'has to be a date and time such as 2027-01-31T12:00:00Z' })
      .optional(),
  })
  .refine(({ advance, set }) => (advance === undefined) !== (set === undefined), {
    error: "has to name one of 'advance' and 'set'",
  })

/**
 * A rehearsal: how the tenant behaves from now on. It says all of it: lag and faults that it does not name end; the
 * clock moves only when it is named.
 */
export const scriptSchema = z.strictObject({
  clock: clockSchema.optional(),
  /** One duration everywhere, or by who looks. */
  lag: lagSchema.default(NO_LAG),
  faults: z.array(faultSchema).default([]),
})

/** A script as one writes it. */
export type Script = z.input<typeof scriptSchema>

/**
 * Reads a script from YAML.
 *
 * @param name how messages call it, such as the name of its file
 * @throws ControlError `CONTROL_INPUT` naming every mistake with its path
 */
export function parseScript(text: string, name: string): Script {
  const script = readYaml(text, name)
  readInput(scriptSchema, script, name)
  return script as Script
}
