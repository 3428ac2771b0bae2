import { z } from 'zod'
import { normaliseRedirectUri } from '../redirect-uris.ts'

const redirectUriList = z
  .array(z.string().transform(normaliseRedirectUri))
  .default([])
  .describe(
    'Redirect URIs, with {clientId} and {tenantId} for the ids. One without a path gets the trailing slash with which Entra stores it',
  )

/** As they are: `http://localhost`, which most native clients use, stands without a slash. */
const nativeRedirectUriList = z
  .array(z.string())
  .default([])
  .describe('Redirect URIs, as they are given, with {clientId} and {tenantId} for the ids')

/** The platform decides which flow may redeem a code ("Redirect URI (reply URL) outline and restrictions"). */
export const redirectUris = z.strictObject({
  web: redirectUriList,
  spa: redirectUriList,
  publicClient: nativeRedirectUriList,
})

export const web = z.strictObject({
  homepage: z.string().optional().describe('Address that users reach from the My Apps page'),
  logoutUrl: z.string().optional().describe('Address that Entra calls when a user signs out elsewhere'),
  implicitGrant: z
    .strictObject({
      accessTokens: z.boolean().default(false),
      idTokens: z.boolean().default(false),
    })
    .prefault({})
    .describe('Tokens straight from the authorization endpoint. Off unless an old library needs them'),
})

export const info = z.strictObject({
  marketing: z.string().optional(),
  privacyStatement: z.string().optional(),
  support: z.string().optional(),
  termsOfService: z.string().optional(),
})
