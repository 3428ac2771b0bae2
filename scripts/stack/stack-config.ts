import { z } from 'zod'
import type { Pulumi } from './pulumi.ts'
import { stackArgs } from './workspace.ts'

/** The part of `pulumi config --json` that is read: text, and for structured settings the value itself. */
const schema = z.record(
  z.string(),
  z.object({ value: z.string().optional(), objectValue: z.unknown().optional() }),
)

/** A stack's settings by full key, such as `azuread:environment`. */
export interface StackConfig {
  readonly text: (key: string) => string | undefined
  /** A structured setting. */
  readonly value: (key: string) => unknown
}

/**
 * Reads a stack's settings, secrets left out.
 *
 * @throws CommandError NO_STACK, PULUMI_FAILED
 */
export async function readConfig(pulumi: Pulumi, stack: string | undefined): Promise<StackConfig> {
  const entries = schema.parse(JSON.parse(await pulumi.read(['config', '--json', ...stackArgs(stack)])))
  return {
    text: (key) => entries[key]?.value,
    value: (key) => {
      const { value, objectValue } = entries[key] ?? {}
      return objectValue ?? (value === undefined ? undefined : JSON.parse(value))
    },
  }
}
