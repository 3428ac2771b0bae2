/**
 * What can go wrong with a tenant: stable names for callers to branch on.
 * - `PORT_TAKEN`: another process listens on the port, or this one may not
 * - `DATA_DIR_IN_USE`: another tenant runs on the data directory
 * - `DATA_DIR_UNREADABLE`: it cannot be created or read, or comes from a newer version
 * - `NOT_LOOPBACK`: the address to listen on reaches beyond this machine
 * - `TENANT_ID`: the tenant id is not a GUID, or the data directory belongs to another tenant
 * - `SIGN_IN_REFUSED`: the sign-in page refuses the request; the message is the page's own
 * - `UNKNOWN_ROLE`: `deployerRoles` names a permission that Microsoft Graph does not have
 */
export type TenantErrorCode =
  | 'PORT_TAKEN'
  | 'DATA_DIR_IN_USE'
  | 'DATA_DIR_UNREADABLE'
  | 'NOT_LOOPBACK'
  | 'TENANT_ID'
  | 'SIGN_IN_REFUSED'
  | 'UNKNOWN_ROLE'

/** A tenant that cannot do what it is asked for. `message` names the thing, the rule, and what to do about it. */
export class TenantError extends Error {
  readonly code: TenantErrorCode

  constructor(code: TenantErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'TenantError'
    this.code = code
  }
}
