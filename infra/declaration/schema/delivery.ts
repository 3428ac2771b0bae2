import { z } from 'zod'
import { TIMEOUT_PATTERN } from '../../../lib/timeout.ts'

const dotenv = z.strictObject({
  file: z
    .string()
    .min(1)
    .describe(
      'Path of the file, from the project directory. Created with mode 0600 if missing; else its owner and mode stay',
    ),
  variable: z
    .string()
    .regex(
      /^(?!__proto__$)[A-Za-z_]\w*$/,
      'a variable is letters, digits and underscores, and starts with no digit',
    )
    .describe('Variable that gets the value. Other lines stay as they are'),
})

const keyVault = z.strictObject({
  vault: z
    .url({ protocol: /^https$/, error: 'a vault is an https address such as https://team.vault.azure.net' })
    .transform((url) => url.replace(/\/+$/, ''))
    .describe('Address of the vault'),
  // "Object identifiers" of Key Vault: names are 1 to 127 letters, digits and hyphens.
  name: z
    .string()
    .regex(/^[0-9A-Za-z-]{1,127}$/, 'a Key Vault secret is named by letters, digits and hyphens'),
})

const github = z.strictObject({
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

const exec = z.strictObject({
  command: z
    .array(z.string().min(1))
    .min(1)
    .describe(
      'Program and arguments, run in the project directory without a shell; it gets JSON on standard input',
    ),
  timeout: z
    .string()
    .regex(TIMEOUT_PATTERN, 'a time is a number and a unit, such as 30s, 2m or 1h')
    .refine((text) => !/^0+[smh]$/.test(text), 'a command needs time to run')
    .default('2m')
    .describe('How long the command may take; after that it is ended, with every process that it started'),
  pass: z
    .array(
      z
        .string()
        .regex(
          /^(?!__proto__$)[A-Za-z_]\w*$/,
          'a variable is letters, digits and underscores, and starts with no digit',
        ),
    )
    .default([])
    .describe(
      'Environment variables that the command gets beside PATH, HOME and the like. Name here what it logs in with, such as KUBECONFIG',
    ),
})

const kinds = { dotenv, keyVault, github, exec }

/** One place where consumers read a secret: a mapping with exactly one of the kinds. */
export const deliveryDeclaration = z
  .strictObject({
    dotenv: dotenv.optional(),
    keyVault: keyVault.optional(),
    github: github.optional(),
    exec: exec.optional(),
  })
  .refine(
    (target) => Object.values(target).filter((kind) => kind !== undefined).length === 1,
    `a delivery target is one of ${Object.keys(kinds).join(', ')}`,
  )

export type DeliveryDeclaration = z.infer<typeof deliveryDeclaration>
/** As it is written, with defaults left out. */
export type DeliveryDeclarationInput = z.input<typeof deliveryDeclaration>
export type DotenvDeclaration = z.infer<typeof dotenv>
export type KeyVaultDeclaration = z.infer<typeof keyVault>
export type GithubDeclaration = z.infer<typeof github>
export type ExecDeclaration = z.infer<typeof exec>

/**
 * Names a target in the ledger and in reports: the same for the same place, another for another.
 *
 * @returns such as `dotenv:.env#CLIENT_SECRET` or `github:owner/name/production/CLIENT_SECRET`
 */
export function targetId(target: DeliveryDeclaration): string {
  if (target.dotenv) return `dotenv:${target.dotenv.file}#${target.dotenv.variable}`
  if (target.keyVault) return `keyVault:${target.keyVault.vault}/secrets/${target.keyVault.name}`
  if (target.github) {
    const { repository, environment, secret } = target.github
    return `github:${[repository, environment, secret].filter(Boolean).join('/')}`
  }
  return `exec:${target.exec?.command.join(' ')}`
}
