/** What can go wrong while a tenant starts: stable names for callers to branch on. */
export type TenantErrorCode =
  | 'PORT_TAKEN'
  | 'DATA_DIR_IN_USE'
  | 'DATA_DIR_UNREADABLE'
  | 'NOT_LOOPBACK'
  | 'UNKNOWN_ROLE'

/** A tenant that cannot start. `message` names the thing, the rule, and what to do about it. */
export class TenantError extends Error {
  readonly code: TenantErrorCode

  constructor(code: TenantErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'TenantError'
    this.code = code
  }
}
