import { z } from 'zod'
import { kind } from './kind.ts'

const schema = z.strictObject({
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'a repository is owner/name'),
  // "Naming your secrets" in GitHub's documentation.
  secret: z
    .string()
    .regex(
      /^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/i,
      'letters, digits and underscores, no digit first, no GITHUB_ prefix',
    ),
  environment: z
    .string()
    .min(1)
    .optional()
    .describe('Deployment environment. Default: a secret of the repository'),
})

export type GithubDeclaration = z.output<typeof schema>

const id = ({ repository, environment, secret }: GithubDeclaration) =>
  [repository, environment, secret].filter(Boolean).join('/')

// GitHub does not tell upper from lower case in its names.
export const github = kind({ schema, id, place: (declared) => id(declared).toLowerCase() })
