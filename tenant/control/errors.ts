/** What can be wrong with an order to the control surface: stable names for callers to branch on. */
export type ControlErrorCode = 'CONTROL_INPUT' | 'SNAPSHOT_UNKNOWN' | 'SNAPSHOT_UNUSABLE'

/** An order that cannot be carried out. `message` names each mistake, the rule, and what is allowed. */
export class ControlError extends Error {
  readonly code: ControlErrorCode

  constructor(code: ControlErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ControlError'
    this.code = code
  }
}
