import { z } from 'zod'
import { kind, passedVariables, timeLimit } from './kind.ts'

const schema = z.strictObject({
  file: z
    .string()
    .regex(/\.m?[jt]s$/, 'a module is a file that ends with .ts, .mts, .js or .mjs')
    .describe(
      'Path of a JavaScript or TypeScript module inside the project directory, whose default export is a `DeliveryModule`',
    ),
  with: z
    .record(z.string(), z.unknown())
    .default({})
    .describe(
      'Settings of its own, handed to the module as they are. No secrets: the ledger names the target by them',
    ),
  timeout: timeLimit.describe('How long the module may take; after that it is ended'),
  pass: passedVariables.describe(
    'Environment variables that the module gets beside PATH, HOME and the like. Name here what it logs in with',
  ),
})

export type ModuleDeclaration = z.output<typeof schema>

export const module = kind({
  schema,
  id: ({ file, with: settings }) =>
    Object.keys(settings).length === 0 ? file : `${file} ${JSON.stringify(settings, inOrder)}`,
  place: () => undefined,
})

/** For `JSON.stringify`: keys in the order of the alphabet, so that the order in a file does not matter. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
