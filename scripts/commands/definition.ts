import type { ExitCode } from '../lib/errors.ts'
import type { Terminal } from '../lib/terminal.ts'
import type { Workspace } from '../stack/workspace.ts'

/** An option of a command as data: the command line, the help and docs/commands.md read the same list. */
export interface OptionDefinition {
  /** As commander reads them: `-s, --stack <name>`, `--app <name...>`, `--no-probes`. */
  readonly flags: string
  /** A phrase in lower case; it names the default. */
  readonly description: string
  /** @throws InvalidArgumentError for a text that is not such a value */
  readonly parse?: (text: string) => unknown
  /** The only values there are. */
  readonly choices?: readonly string[]
  /** The value that the command gets without the option. Default: none, the command itself knows what to do then. */
  readonly default?: string
  /** The value is a file that the command writes; one that cannot be written is refused at once. Default: false. */
  readonly isOutputFile?: true
  /** Name of an option that cannot stand beside this one. */
  readonly conflicts?: string
}

/** What every command gets beside its options. */
export interface CommandContext {
  readonly projectDir: string
  readonly env: NodeJS.ProcessEnv
  readonly terminal: Terminal
  /** Fires on Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
}

/**
 * A command of the command line. The module with this definition imports types alone: what does the work is imported when
 * the command runs, so that `--help` and `--version` wait for nothing.
 */
export interface CommandDefinition {
  /** One word, or two for a command of a group: `config show`. */
  readonly name: string
  /** A verb phrase in lower case, without a period. */
  readonly summary: string
  /**
   * What it is about, given without a flag; the command gets it as an option of that name. Default: nothing. `several`:
   * one or more, which it gets as a list.
   */
  readonly argument?: { readonly name: string; readonly description: string; readonly several?: true }
  readonly options: readonly OptionDefinition[]
  /** Never waits for anything while it works, so that Ctrl-C may end the process at once. Default: false. */
  readonly synchronous?: true
  /**
   * It can be run for several stacks, as a process for each (`--stacks`). `single`: flags that go with one stack only.
   */
  readonly fleet?: { readonly single: readonly string[] }
  /** Works in the current directory itself, not in the project around it. Default: false. */
  readonly startsProject?: true
  readonly run: (options: never, context: CommandContext) => Promise<ExitCode>
}

/** The command with the type of its options checked against what `run` takes. */
export function defineCommand<Options>(
  command: Omit<CommandDefinition, 'run'> & {
    readonly run: (options: Options, context: CommandContext) => Promise<ExitCode>
  },
): CommandDefinition {
  return command
}

/** The context of commands that need a Pulumi CLI. */
export interface WorkspaceContext extends CommandContext {
  /** Finds or builds the CLI, which may take minutes: call it when the options are found to be right. */
  readonly openWorkspace: () => Promise<Workspace>
}

export function withWorkspace(context: CommandContext): WorkspaceContext {
  return {
    ...context,
    openWorkspace: async () => (await import('../stack/workspace.ts')).openWorkspace(context),
  }
}
