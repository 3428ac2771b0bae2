/**
 * Why no engine or plugin could be found, as a stable code:
 *
 * - `NO_ENGINE`: neither found nor downloaded nor built; the message lists what was tried.
 * - `ENGINE_TOO_OLD`: the same, and the `pulumi` on PATH is older than this project can use.
 * - `NO_OFFICIAL_PLUGIN`: a real tenant needs the official azuread plugin and it could not be installed.
 * - `PLUGIN_FILE_MISSING`: a plugin file that was asked for does not exist.
 * - `PLUGIN_FILE_UNUSABLE`: it exists, but is not an executable file, or its path is not absolute.
 * - `POLICY_PACK_UNUSABLE`: a folder is not a policy pack, or the pack's libraries are not installed.
 * - `UNTRUSTED_DOWNLOAD`: an archive of Pulumi has another checksum than the pinned, the published or the recorded one.
 * - `PIN_INVALID`: what should pin a checksum is not one.
 * - `CACHE_UNUSABLE`: the cache folder cannot be written or locked.
 * - `INTERRUPTED`: the caller's `AbortSignal` fired; nothing half-finished was kept.
 */
export type EngineErrorCode =
  | 'NO_ENGINE'
  | 'ENGINE_TOO_OLD'
  | 'NO_OFFICIAL_PLUGIN'
  | 'PLUGIN_FILE_MISSING'
  | 'PLUGIN_FILE_UNUSABLE'
  | 'POLICY_PACK_UNUSABLE'
  | 'UNTRUSTED_DOWNLOAD'
  | 'PIN_INVALID'
  | 'CACHE_UNUSABLE'
  | 'INTERRUPTED'

/** The one error this folder throws on purpose. `message` names the thing, the rule and the fix. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly code: EngineErrorCode

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The error for a fired `AbortSignal`; `doing` completes "Stopped while …". */
export function interrupted(doing: string, signal: AbortSignal): EngineError {
  return new EngineError(
    'INTERRUPTED',
    `Stopped while ${doing}. Nothing half-finished was kept; run the command again to start over.`,
    { cause: signal.reason },
  )
}

/** The text of anything thrown, with the innermost cause, which is where `fetch` hides the real reason. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message
}
