import { asSeenBy, type Directory } from '../directory/directory.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import type { IssuerKeys } from './issuer-keys.ts'
import type { RedeemedCodes } from './redeemed-codes.ts'

/** What the login endpoints work with. */
export interface LoginParts {
  readonly directory: Directory
  readonly keys: SigningKeys
  readonly issuers: IssuerKeys
  readonly redeemed: RedeemedCodes
}

/** The same, with the directory as the login endpoints see it at this moment. */
export function atLogin(parts: LoginParts): LoginParts {
  return { ...parts, directory: asSeenBy(parts.directory, 'login') }
}
