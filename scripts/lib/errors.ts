/** Exit codes of every command. */
export const EXIT = {
  /** Done, and everything that was checked is right. */
  ok: 0,
  /** It ran, and something is wrong: a check failed, Pulumi failed, the declaration has mistakes. */
  wrong: 1,
  /** It could not run: usage, missing login, no engine, tenant not running. */
  couldNotRun: 2,
  /** Not ready before the deadline: what was asked for may still come, and nothing is known to be wrong. */
  notReady: 3,
  /** Interrupted by Ctrl-C or SIGTERM (128 + SIGINT, as shells count). */
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export type CommandErrorCode =
  | 'TENANT_NOT_RUNNING'
  | 'NOT_DEPLOYED'
  | 'WRONG_PASSPHRASE'
  | 'STATE_UNREADABLE'
  | 'PULUMI_FAILED'
  | 'ENDPOINTS_UNREACHABLE'
  | 'NO_STACK'
  | 'NO_PROJECT'
  | 'NO_TERMINAL'
  | 'FILE_INACCESSIBLE'
  | 'FILE_CHANGED'
  | 'STACK_LOCKED'
  | 'PENDING_OPERATIONS'
  | 'UNKNOWN_SECRET'
  | 'NO_DEPLOYER'
  | 'DIRECTORY_UNREADABLE'
  | 'PRUNE_FAILED'
  | 'NO_CREDENTIAL'
  | 'NO_DIRECTORY'
  | 'UNKNOWN_APP'
  | 'NO_SUCH_REGISTRATION'
  | 'AMBIGUOUS_NAME'
  | 'ALREADY_MANAGED'
  | 'EXISTS_OTHERWISE'
  | 'NAME_TAKEN'
  | 'NOT_ADOPTABLE'
  | 'OTHER_CHANGES'
  | 'OTHER_TENANT'
  | 'ROTATION_UNDER_WAY'
  | 'REFERENCES'
  | 'BAD_OPTIONS'

/** A failure with a sentence for people: what happened and how to fix it. Never carries a secret. */
export class CommandError extends Error {
  readonly code: CommandErrorCode
  readonly exitCode: ExitCode

  constructor(
    code: CommandErrorCode,
    message: string,
    options: { exitCode?: ExitCode; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'CommandError'
    this.code = code
    this.exitCode = options.exitCode ?? EXIT.couldNotRun
  }
}

/** The run was told to stop and has cleaned up. */
export class Interrupted extends Error {
  readonly code = 'INTERRUPTED'
  readonly exitCode = EXIT.interrupted

  constructor() {
    super('Interrupted; what was under way has ended, and running the same command again continues.')
    this.name = 'Interrupted'
  }
}
