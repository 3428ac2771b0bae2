import { z } from 'zod'
import { kind, passedVariables, timeLimit } from './kind.ts'

export const exec = kind({
  schema: z.strictObject({
    command: z
      .array(z.string().min(1))
      .min(1)
      .describe(
        'Program and arguments, run in the project directory without a shell; it gets JSON on standard input',
      ),
    timeout: timeLimit.describe(
      'How long the command may take; after that it is ended, with every process that it started',
    ),
    pass: passedVariables.describe(
      'Environment variables that the command gets beside PATH, HOME and the like. Name here what it logs in with, such as KUBECONFIG',
    ),
  }),
  id: ({ command }) => command.join(' '),
  place: () => undefined,
})

export type ExecDeclaration = z.output<typeof exec.schema>
