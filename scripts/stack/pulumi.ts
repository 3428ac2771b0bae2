import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { CommandError, EXIT } from '../lib/errors.ts'
import { readLines } from '../lib/lines.ts'
import type { Mask } from '../lib/mask.ts'
import type { Terminal } from '../lib/terminal.ts'
import { forgetEngine, rememberEngine } from './engine-process.ts'

export interface PulumiOptions {
  /** Absolute path of the CLI. */
  readonly command: string
  /** Project directory, where Pulumi.yaml is. */
  readonly cwd: string
  /** The whole environment of the child. */
  readonly env: NodeJS.ProcessEnv
  /** Told of every secret that is read. */
  readonly mask: Mask
  /** When it fires, Pulumi is asked once to end gracefully: operations under way finish and are recorded. */
  readonly signal?: AbortSignal
}

/** How a command ended, whatever the way. */
export interface PulumiEnded {
  readonly code: number
  /** What it said, on both streams. */
  readonly output: string
  readonly stdout: string
}

/** How to run a command whose failure the caller judges. */
export interface RunOptions {
  /** Added to the environment of this one run. */
  readonly env?: Readonly<Record<string, string>>
  /** Where to show what it says, as it says it. Default: nowhere. */
  readonly show?: Pick<Terminal, 'print' | 'note' | 'status'>
}

/** The Pulumi CLI in one project. Every method throws {@link CommandError} when the CLI exits with another code than 0. */
export class Pulumi {
  readonly #options: PulumiOptions

  constructor(options: PulumiOptions) {
    this.#options = options
  }

  /** The environment of the CLI, which also says where engines are remembered. */
  get env(): NodeJS.ProcessEnv {
    return this.#options.env
  }

  /** Where Pulumi.yaml is. */
  get projectDir(): string {
    return this.#options.cwd
  }

  /** Told of every secret that is read with the CLI. */
  get mask(): Mask {
    return this.#options.mask
  }

  /** Runs a command for its standard output. */
  async read(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.#run(args)
    if (code !== 0) throw failure(args, code, stderr)
    return stdout
  }

  /** Runs a command for callers that judge its failure themselves. */
  async attempt(args: readonly string[], options: RunOptions = {}): Promise<PulumiEnded> {
    const { code, stdout, stderr } = await this.#run(args, options)
    return { code, output: `${stdout}\n${stderr}`.trim(), stdout }
  }

  async #run(args: readonly string[], { env: extra, show }: RunOptions = {}) {
    const { command, cwd, signal } = this.#options
    const env = { ...this.#options.env, ...extra }
    signal?.throwIfAborted()
    // A group of its own: a terminal's Ctrl-C would reach Pulumi beside our own signal, and it takes a second one as
    // "drop everything now".
    const child = spawn(command, [...args, '--non-interactive'], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const { pid } = child
    if (pid !== undefined) rememberEngine(pid, env)
    const interrupt = () => child.kill('SIGINT')
    signal?.addEventListener('abort', interrupt, { once: true })
    try {
      const [stdout, stderr, code] = await Promise.all([
        readLines(child.stdout, (line) => show?.print(line)),
        readLines(child.stderr, (line) => show?.note(line)),
        exit(child),
      ])
      // One that was killed left its lock, which the next run takes over because it remembers whose that is.
      if (pid !== undefined && code !== undefined) forgetEngine(pid, env)
      return { code: code ?? EXIT.interrupted, stdout, stderr }
    } finally {
      signal?.removeEventListener('abort', interrupt)
    }
  }
}

/** @returns undefined when a signal ended it */
async function exit(child: ChildProcess): Promise<number | undefined> {
  const [code] = await once(child, 'close')
  return code ?? undefined
}

function failure(args: readonly string[], code: number, stderr: string): CommandError {
  return (
    knownFailure(stderr) ??
    new CommandError(
      'PULUMI_FAILED',
      `pulumi ${args.join(' ')} ended with exit code ${code}:\n${stderr.trim()}`,
      { exitCode: EXIT.wrong },
    )
  )
}

/** What fixes a failure, where what Pulumi said is known not to tell. */
export function knownFailure(said: string): CommandError | undefined {
  if (/incorrect passphrase/i.test(said)) {
    return new CommandError(
      'WRONG_PASSPHRASE',
      'The passphrase does not open this stack. Set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to the one it was created with.',
    )
  }
  const [, stack] = /no stack named '([^']*)' found/i.exec(said) ?? []
  if (stack !== undefined) {
    return new CommandError(
      'NO_STACK',
      `The state back end has no stack "${stack}". \`pulumi stack ls\` lists those that it has. If this one is kept elsewhere, log in there with \`pulumi login\`; to make it: pulumi stack init ${stack}`,
    )
  }
  if (/no stack selected/i.test(said)) {
    return new CommandError(
      'NO_STACK',
      'No stack is selected. Name one with --stack or PULUMI_STACK, or select one: pulumi stack select',
    )
  }
  if (!/failed to load checkpoint: (unexpected )?EOF/.test(said)) return undefined
  return new CommandError(
    'STATE_UNREADABLE',
    "The state cannot be read: an engine was killed while the file back end wrote the description that it keeps beside it. The state itself is whole. Delete the stack's .pulumi/stacks/PROJECT/STACK.json.attrs, and end PULUMI_BACKEND_URL in ?metadata=skip, so that there is none any more.",
  )
}
