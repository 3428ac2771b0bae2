import type { Policy } from './policy.ts'
import { accounts } from './rules/accounts.ts'
import { credentialKinds, credentialLife } from './rules/credentials.ts'
import { forbiddenDirectoryRoles } from './rules/forbidden-directory-roles.ts'
import { forbiddenPermissions } from './rules/forbidden-permissions.ts'
import { owners } from './rules/owners.ts'
import { redirectUris } from './rules/redirect-uris.ts'

/** Every policy of the pack, in the order of its documentation. */
export const POLICIES: readonly Policy[] = [
  accounts,
  credentialLife,
  credentialKinds,
  forbiddenPermissions,
  forbiddenDirectoryRoles,
  owners,
  redirectUris,
]
