import { Command, CommanderError, Option } from 'commander'
import { projectAbove } from '../infra/program/project-dir.ts'
import type { CommandDefinition, OptionDefinition } from './commands/definition.ts'
import { COMMANDS, EXIT_CODES, PROJECT } from './commands/definitions.ts'
import { EXIT, type ExitCode } from './lib/errors.ts'
import { interruptible } from './lib/interrupt.ts'
import { MANIFEST } from './lib/manifest.ts'
import { processTerminal, type Terminal } from './lib/terminal.ts'

/** Runs the command line and returns the exit code; prints one message, never a stack trace, for expected failures. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const terminal = processTerminal()
  let exitCode: ExitCode = EXIT.ok
  const program = buildProgram(terminal, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(argv)
    return exitCode
  } catch (error) {
    return report(error, terminal)
  }
}

/**
 * Every command with its options.
 *
 * @param done is told the exit code of the command that ran
 */
export function buildProgram(terminal: Terminal, done: (code: ExitCode) => void): Command {
  const program = new Command('entra-apps')
    .description(MANIFEST.description)
    .version(MANIFEST.version)
    .option(PROJECT.flags, PROJECT.description)
    .exitOverride()
    .showHelpAfterError('(--help shows the options)')
    .addHelpText('after', `\n${EXIT_CODES}`)
  const projectDir = () =>
    program.opts<{ cwd?: string }>().cwd ?? projectAbove(process.cwd()) ?? process.cwd()
  for (const definition of COMMANDS) {
    commandFor(program, definition).action(async (options: unknown) => {
      const run = (signal: AbortSignal) =>
        definition.run(options as never, { projectDir: projectDir(), env: process.env, terminal, signal })
      done(definition.synchronous ? await run(NEVER) : await interruptible(run))
    })
  }
  return program
}

const NEVER = new AbortController().signal

/** Adds the command; one of a group (`config show`) goes below the command of the group. */
function commandFor(program: Command, { name, summary, options }: CommandDefinition): Command {
  const [first = name, second] = name.split(' ')
  const group = second === undefined ? program : program.command(first).description(GROUPS[first] ?? '')
  const command = group.command(second ?? first).description(summary)
  for (const option of options) command.addOption(toOption(option))
  return command
}

/** What the commands of a group are about. */
const GROUPS: Readonly<Record<string, string>> = { config: 'show what a stack declares' }

function toOption({ flags, description, parse, choices, conflicts, ...more }: OptionDefinition): Option {
  const option = new Option(flags, description)
  if (parse) option.argParser(parse)
  if (choices) option.choices(choices)
  if (conflicts) option.conflicts(conflicts)
  return more.default === undefined ? option : option.default(more.default)
}

/** Errors with a `code` are expected: they explain themselves. Anything else is a defect and shows where it happened. */
function report(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.couldNotRun
  if (error instanceof Error && 'code' in error) {
    terminal.note(`\n${terminal.colors.red('error')} ${error.message}`)
    return 'exitCode' in error ? (error.exitCode as ExitCode) : EXIT.couldNotRun
  }
  terminal.note(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return EXIT.couldNotRun
}
