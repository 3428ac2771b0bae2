import { statSync } from 'node:fs'
import { Command, CommanderError, Option } from 'commander'
import { projectAbove } from '../infra/program/project-dir.ts'
import type { CommandContext, CommandDefinition, OptionDefinition } from './commands/definition.ts'
import { COMMANDS, EXIT_CODES, PROJECT } from './commands/definitions.ts'
import { FLEET_NAMES, isForSeveral, isOwn, optionsOf } from './commands/fleet-options.ts'
import { requireWritableFiles } from './commands/output-file-options.ts'
import { CommandError, EXIT, type ExitCode } from './lib/errors.ts'
import { interruptible } from './lib/interrupt.ts'
import { MANIFEST } from './lib/manifest.ts'
import { secretsIn } from './lib/secret-variables.ts'
import { isClosedPipe, processTerminal, type Terminal } from './lib/terminal.ts'

/** Runs the command line and returns the exit code; prints one message, never a stack trace, for expected failures. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const terminal = processTerminal()
  terminal.mask.add(...secretsIn(process.env))
  // What Node would print of an error that nobody caught goes past the terminal.
  process.on('uncaughtException', (error) => process.exit(report(error, terminal)))
  for (const stream of [process.stdout, process.stderr]) {
    // Whoever read it has ended (`rotate | head`): the work goes on, unseen, rather than end half done.
    stream.on('error', (error) => {
      if (!isClosedPipe(error)) process.exit(report(error, terminal))
    })
  }
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
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    })
    .showHelpAfterError('(--help shows the options)')
    .addHelpText('after', `\n${EXIT_CODES}`)
  const projectDir = (isNew = false) => {
    const { cwd } = program.opts<{ cwd?: string }>()
    const above = isNew ? undefined : projectAbove(process.cwd())
    if (cwd === undefined) return above ?? process.cwd()
    if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) return cwd
    throw new CommandError('BAD_OPTIONS', `-C: "${cwd}" is not a directory.`)
  }
  for (const definition of COMMANDS) {
    const command = commandFor(program, definition)
    command.action(async (...given: unknown[]) => {
      const options = withArgument(definition, given)
      requireWritableFiles(definition, command)
      const context = (signal: AbortSignal) => ({
        projectDir: projectDir(definition.startsProject),
        env: process.env,
        terminal,
        signal,
      })
      if (isForSeveral(definition, command)) {
        return done(await interruptible((signal) => runForSeveral(definition, command, context(signal))))
      }
      const run = (signal: AbortSignal) => definition.run(options as never, context(signal))
      done(definition.synchronous ? await run(NEVER) : await interruptible(run))
    })
  }
  return program
}

async function runForSeveral(
  definition: CommandDefinition,
  command: Command,
  context: CommandContext,
): Promise<ExitCode> {
  const [{ runFleet }, { argumentsOf }] = await Promise.all([
    import('./fleet/run.ts'),
    import('./fleet/arguments.ts'),
  ])
  const args = argumentsOf(command, FLEET_NAMES)
  return runFleet(
    { command: definition.name, args, hasJson: isOwn(definition, '--json') },
    command.opts(),
    context,
  )
}

/** The options, with the argument of the command as one of them. */
function withArgument({ argument }: CommandDefinition, [first, second]: readonly unknown[]): unknown {
  return argument ? { ...(second as object), [argument.name]: first } : first
}

const NEVER = new AbortController().signal

/** Adds the command; one of a group (`config show`) goes below the command of the group. */
function commandFor(program: Command, definition: CommandDefinition): Command {
  const { name, summary, argument } = definition
  const [first = name, second] = name.split(' ')
  const group = second === undefined ? program : program.command(first).description(GROUPS[first] ?? '')
  const command = group.command(second ?? first).description(summary)
  if (argument) command.argument(`<${argument.name}${argument.several ? '...' : ''}>`, argument.description)
  for (const option of optionsOf(definition)) command.addOption(toOption(option))
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

/**
 * One message and the exit code. Errors with a `code` are expected and explain themselves; anything else is a defect, and
 * names the place in the code.
 */
function report(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.couldNotRun
  const label = terminal.colors.red('error')
  if (error instanceof Error && 'code' in error) {
    terminal.note(`\n${label} ${error.message}`)
    return 'exitCode' in error ? (error.exitCode as ExitCode) : EXIT.couldNotRun
  }
  const message = error instanceof Error ? error.message : String(error)
  terminal.note(`\n${label} This is a defect of ${MANIFEST.name}: ${message}${placeOf(error)}`)
  terminal.note('Please report it, with the command and this message.')
  return EXIT.couldNotRun
}

/** Where in our own code an error came from: ` (infra/rules/validate.ts:42)`; nothing when it came from elsewhere. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const place = /\/((?:infra|lib|scripts|engine|tenant|policy|microsoft)\/[\w./-]+\.[jt]s:\d+)/.exec(
    stack,
  )?.[1]
  return place === undefined ? '' : ` (${place})`
}
