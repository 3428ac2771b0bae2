import { parse, YAMLParseError } from 'yaml'
import type { z } from 'zod'
import { ControlError } from './errors.ts'

/**
 * Reads what a caller of control gave.
 *
 * @param what how the message calls it: `the fault`, or the name of a file
 * @throws ControlError `CONTROL_INPUT` with one line for each mistake, each with its path
 */
export function readInput<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  what: string,
): z.output<Schema> {
  const read = schema.safeParse(given)
  if (read.success) return read.data
  const lines = read.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${formatPath(path)}: ${message}`,
  )
  throw new ControlError('CONTROL_INPUT', [`Mistakes in ${what}:`, ...lines].join('\n  '))
}

/**
 * Reads YAML; an empty text is an empty object.
 *
 * @throws ControlError `CONTROL_INPUT` with the place of the mistake
 */
export function readYaml(text: string, what: string): unknown {
  try {
    return parse(text) ?? {}
  } catch (cause) {
    if (!(cause instanceof YAMLParseError)) throw cause
    throw new ControlError('CONTROL_INPUT', `Mistakes in ${what}:\n  ${cause.message}`, { cause })
  }
}

/** `faults[0].on.path` */
function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((each, index) =>
      typeof each === 'number' ? `[${each}]` : `${index === 0 ? '' : '.'}${String(each)}`,
    )
    .join('')
}
