import { z } from 'zod'
import { kind, serviceAddress } from './kind.ts'

const path = z
  .string()
  .regex(/^[\w.-]+(\/[\w.-]+)*$/, 'a path is names joined by "/", without one at either end')
  .refine((text) => !text.split('/').some((part) => /^\.+$/.test(part)), 'a path has no "." or ".."')

const login = z
  .strictObject({
    role: z.string().min(1).describe('Role of the JWT login, whose policy may read and patch the secret'),
    mount: path.default('jwt').describe('Where the JWT login is mounted'),
    audience: z
      .string()
      .min(1)
      .optional()
      .describe('Audience to ask GitHub for. Default: the address of the server'),
  })
  .describe(
    "Log in with the pipeline's own token: VAULT_ID_TOKEN, else one from GitHub Actions. Default: VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID (AppRole)",
  )

export const hashicorpVault = kind({
  schema: z.strictObject({
    address: serviceAddress('https://vault.example.com').describe('Address of the server'),
    namespace: path.optional().describe('Namespace, where the server has them'),
    mount: path.default('secret').describe('Where the KV secrets engine, version 2, is mounted'),
    path: path.describe('Path of the secret below the mount'),
    key: z.string().min(1).describe('Key that gets the value. Other keys of the secret stay'),
    login: login.optional(),
  }),
  // Not `#`: what follows one is masked where findings are shown.
  id: ({ address, namespace, mount, path, key }) =>
    `${[address, namespace, mount, path].filter(Boolean).join('/')}:${key}`,
  place: ({ address, namespace, mount, path, key }) =>
    `${[new URL(address).origin, namespace, mount, path].filter(Boolean).join('/')}:${key}`,
})

export type HashicorpVaultDeclaration = z.output<typeof hashicorpVault.schema>
