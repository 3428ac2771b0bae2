import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { projectAbove } from '../infra/program/project-dir.ts'
import { adoptCommand } from './commands/adopt.ts'
import { check } from './commands/check.ts'
import { configShow } from './commands/config-show.ts'
import { deliver } from './commands/deliver.ts'
import { demo } from './commands/demo.ts'
import { demoYear } from './commands/demo-year.ts'
import { doctor } from './commands/doctor.ts'
import { report as reportCommand } from './commands/report.ts'
import { type RotateContext, rotateCommand } from './commands/rotate.ts'
import { describeRotate } from './commands/rotate-options.ts'
import { tenant, tenantEnv } from './commands/tenant.ts'
import { up } from './commands/up.ts'
import { verify, verifyFromEnv } from './commands/verify.ts'
import { describeVerify } from './commands/verify-options.ts'
import { EXIT, type ExitCode } from './lib/errors.ts'
import { interruptible } from './lib/interrupt.ts'
import { MANIFEST } from './lib/manifest.ts'
import { processTerminal, type Terminal } from './lib/terminal.ts'
import { openWorkspace, type Workspace } from './stack/workspace.ts'

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
    .option('-C, --cwd <dir>', 'project directory (default: the nearest one upwards that has a Pulumi.yaml)')
    .exitOverride()
    .showHelpAfterError('(--help shows the options)')
    .addHelpText('after', EXIT_CODES_HELP)
  const projectDir = () =>
    program.opts<{ cwd?: string }>().cwd ?? projectAbove(process.cwd()) ?? process.cwd()
  const data = ['--data <dir>', 'where the tenant keeps its data (default: .entra-apps/local)'] as const
  const stack = ['-s, --stack <name>', 'stack (default: PULUMI_STACK, else the selected one)'] as const
  const run = (work: (signal: AbortSignal) => Promise<ExitCode>) => interruptible(work).then(done)
  const inWorkspace = (work: (workspace: Workspace, signal: AbortSignal) => Promise<ExitCode>) =>
    run(async (signal) =>
      work(await openWorkspace({ projectDir: projectDir(), env: process.env, terminal, signal }), signal),
    )

  program
    .command('demo')
    .description('the main job on this computer: local tenant, pulumi up, proof')
    .option(...data)
    .option('--year', 'rehearse a year of rotations instead, on a tenant of its own whose clock runs')
    .option('--days <count>', 'with --year: so many days (default: 365)', parseDays)
    .option('--html <file>', 'with --year: the page to write (default: .entra-apps/year.html)')
    .action(({ year, ...options }) =>
      run((signal) =>
        (year ? demoYear : demo)({ ...options, projectDir: projectDir() }, process.env, terminal, signal),
      ),
    )
  program
    .command('tenant')
    .description('run the local tenant in the foreground')
    .option(...data)
    .option('-p, --port <number>', 'port to listen on (default: a free one)', parsePort)
    .option('-v, --verbose', 'log each request')
    .option('--seed <file>', 'YAML file of users, groups and applications to add (docs/local-tenant.md)')
    .option('--allow <permission...>', 'give the deployer more permissions of Graph, such as User.Read.All')
    .option('--faults <file>', 'YAML script of clock, replication lag and faults (docs/local-tenant.md)')
    .option('--lag <duration>', 'how long every change takes to be seen, such as 30s (default: no time)')
    .action((options) => run((signal) => tenant({ ...options, projectDir: projectDir() }, terminal, signal)))
  program
    .command('tenant:env')
    .description(
      'print the shell environment for the running local tenant; use: eval "$(npm run -s tenant:env)"',
    )
    .option(...data)
    .action((options) =>
      run((signal) => tenantEnv({ ...options, projectDir: projectDir() }, process.env, terminal, signal)),
    )
  program
    .command('up')
    .description('bring the stack to what is declared, without questions')
    .option(...stack)
    .option('--preview', 'show what would change, change nothing')
    .option(
      '--policy-pack [dir]',
      'hold it to a policy pack (default: the one of entra-apps, docs/policy.md)',
    )
    .option('--policy-pack-config <file>', 'JSON file with the settings of its policies')
    .action((options) => inWorkspace((workspace, signal) => up(workspace, options, terminal, signal)))
  program
    .command('check')
    .description('check the declaration against every rule: no engine, no tenant, no network')
    .option('-s, --stack <name>', 'stack (default: every stack of the project)')
    .addOption(new Option('--json', 'print the report as JSON').conflicts('sarif'))
    .option('--sarif', 'print the report as a SARIF 2.1.0 log')
    .action((options) => done(check({ ...options, projectDir: projectDir() }, terminal)))
  program
    .command('config')
    .description('what a stack declares')
    .command('show')
    .description('every setting as it is deployed, with the file and line where it is written')
    .option('-s, --stack <name>', 'stack (default: PULUMI_STACK, else the only one of the project)')
    .option('-a, --app <name>', 'one application (default: all)')
    .option('--json', 'print the settings as JSON')
    .action((options) => done(configShow({ ...options, projectDir: projectDir() }, process.env, terminal)))
  program
    .command('doctor')
    .description('check, before anything is changed, what a deployment leans on, and what the deployer lacks')
    .option(...stack)
    .addOption(
      new Option('--for <purpose>', 'what the deployer is to do').choices(['up', 'rotate']).default('up'),
    )
    .option('--json', 'print the report as JSON (docs/schemas/doctor-report.schema.json)')
    .action((options) =>
      run((signal) => doctor({ ...options, projectDir: projectDir() }, process.env, terminal, signal)),
    )
  describeVerify(program.command('verify'))
    .option(...stack)
    .action((options) =>
      options.fromEnv
        ? run((signal) => verifyFromEnv(options, process.env, terminal, signal))
        : inWorkspace((workspace, signal) => verify(workspace, options, process.env, terminal, signal)),
    )
  const rotating = (work: (context: RotateContext) => Promise<ExitCode>) =>
    inWorkspace((workspace, signal) =>
      work({ workspace, projectDir: projectDir(), env: process.env, terminal, signal }),
    )
  describeRotate(program.command('rotate'))
    .option(...stack)
    .action((options) => rotating((context) => rotateCommand(options, context)))
  program
    .command('adopt')
    .description(
      'take an existing registration into the stack: writes its file in apps/, changes nothing in the tenant',
    )
    .option(...stack)
    .option('--client-id <id>', 'the registration with this application (client) id')
    .option('--name <displayName>', 'the registration that is called so')
    .option('--all-owned', 'every registration that the deployer owns and the stack does not have')
    .option('-a, --app <name>', 'name in the declaration (default: after the display name)')
    .option('--dry-run', 'show the file and what would be imported, write nothing')
    .option('--json', 'print the report as JSON (docs/schemas/adoption-report.schema.json)')
    .action((options) => rotating((context) => adoptCommand(options, context)))
  program
    .command('deliver')
    .description('give the current secrets to the places they are declared for, and confirm what is there')
    .option(...stack)
    .option('-a, --app <name>', 'only this application')
    .option('--secret <name>', 'only secrets of this name')
    .option('--json', 'print the report as JSON')
    .action((options) => rotating((context) => deliver(options, context)))
  program
    .command('report')
    .description('every credential of the stack: generation, phase, age, end, proof, use, delivery')
    .option(...stack)
    .option('--fail-within <time>', 'fail when a current credential ends within, such as 30d')
    .option('--json', 'print the report as JSON (docs/schemas/credential-report.schema.json)')
    .option('--markdown <file>', 'write the report as Markdown')
    .option('--html <file>', 'write one self-contained page with a timeline')
    .action((options) => rotating((context) => reportCommand(options, context)))
  return program
}

const EXIT_CODES_HELP = `
Exit codes: 0 done and right, 1 something is wrong, 2 could not run, 3 not ready before the deadline, 130 interrupted.`

function parsePort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('a port is 0 to 65535.')
  return port
}

function parseDays(text: string): number {
  const days = Number(text)
  if (!Number.isInteger(days) || days < 1) throw new InvalidArgumentError('it must be a whole number from 1.')
  return days
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
