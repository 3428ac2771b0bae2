import { z } from 'zod'
import { kind } from './kind.ts'

export const keyVault = kind({
  schema: z.strictObject({
    vault: z
      .url({ protocol: /^https$/, error: 'a vault is an https address such as https://team.vault.azure.net' })
      .transform((url) => url.replace(/\/+$/, ''))
      .describe('Address of the vault'),
    // "Object identifiers" of Key Vault: names are 1 to 127 letters, digits and hyphens.
    name: z
      .string()
      .regex(/^[0-9A-Za-z-]{1,127}$/, 'a Key Vault secret is named by letters, digits and hyphens'),
  }),
  id: ({ vault, name }) => `${vault}/secrets/${name}`,
  // Key Vault does not tell upper from lower case in its names.
  place: ({ vault, name }) => `${new URL(vault).origin}/secrets/${name}`.toLowerCase(),
})

export type KeyVaultDeclaration = z.output<typeof keyVault.schema>
