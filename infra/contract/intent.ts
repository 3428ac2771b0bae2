import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { instant } from '../rotation/generation.ts'
import { step } from '../rotation/steps.ts'
import { adoption, existingObjects } from './adoption.ts'
import { movedEntries } from './move.ts'

/**
 * Environment variable with the path of an intent file. It reaches one deployment and no other: unlike stack config it
 * cannot stay behind, and unlike its own text the path fits however many applications are rotated at once.
 */
export const INTENT_VARIABLE = 'ENTRA_APPS_INTENT'

const intent = z.strictObject({
  /** The moment the rotation run takes for now. Default: the clock of the computer the program runs on. */
  at: instant.optional(),
  steps: z.array(step),
  /** Names of the applications to delete, each after its time. Default: none. */
  deleteApps: z.array(z.string()).optional(),
  /** Registrations to take over. Default: none. */
  adopt: adoption.optional(),
  /** Objects to take over into resources that are declared already. Default: none. */
  existing: existingObjects.optional(),
  /** Entries that have come from another stack, with their state. Default: none. */
  moved: movedEntries.optional(),
})

/** What a rotation, a retirement, an adoption, a move or `up` wants of one deployment beside what is declared. */
export type Intent = z.infer<typeof intent>

/** The intent file cannot be read, or is none. */
export class IntentError extends Error {
  readonly code = 'INVALID_INTENT'

  constructor(file: string, cause: unknown) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : cause
    super(
      `The intent in ${file} (${INTENT_VARIABLE}) could not be read: ${reason}\nUnset ${INTENT_VARIABLE}; \`rotate\`, \`retire\`, \`adopt\` and \`up\` set it for their own deployments.`,
      { cause },
    )
    this.name = 'IntentError'
  }
}

/**
 * @returns no steps when the variable is unset: a plain `pulumi up` never rotates
 * @throws IntentError
 */
export function readIntent(env: NodeJS.ProcessEnv): Intent {
  const file = env[INTENT_VARIABLE]
  if (!file) return { steps: [] }
  try {
    return intent.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new IntentError(file, error)
  }
}
