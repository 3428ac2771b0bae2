import { z } from 'zod'
import { kind, variableName } from './kind.ts'

export const dotenv = kind({
  schema: z.strictObject({
    file: z
      .string()
      .min(1)
      .describe(
        'Path of the file, from the project directory. Created with mode 0600 if missing; else its owner and mode stay',
      ),
    variable: variableName.describe('Variable that gets the value. Other lines stay as they are'),
  }),
  id: ({ file, variable }) => `${file}#${variable}`,
  place: ({ file, variable }, realPath) => `${realPath(file)}#${variable}`,
})

export type DotenvDeclaration = z.output<typeof dotenv.schema>
