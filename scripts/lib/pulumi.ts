import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { CommandError, EXIT } from './errors.ts'

export interface PulumiOptions {
  /** Absolute path of the CLI. */
  readonly command: string
  /** Project directory, where Pulumi.yaml is. */
  readonly cwd: string
  /** The whole environment of the child. */
  readonly env: NodeJS.ProcessEnv
  /** When it fires, Pulumi is asked once to end gracefully: operations under way finish and are recorded. */
  readonly signal?: AbortSignal
}

/** How a command ended, whatever the way. */
export interface PulumiEnded {
  readonly code: number
  /** What it said, on both streams. */
  readonly output: string
}

/** The Pulumi CLI in one project. Every method throws {@link CommandError} when the CLI exits with another code than 0. */
export class Pulumi {
  readonly #options: PulumiOptions

  constructor(options: PulumiOptions) {
    this.#options = options
  }

  /** Runs a command for people: its output goes straight to our own streams. */
  async show(args: readonly string[]): Promise<void> {
    const { code } = await this.#run(args, 'inherit')
    if (code !== 0) throw failure(args, code, '')
  }

  /** Runs a command for its standard output. */
  async read(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.#run(args, 'pipe')
    if (code !== 0) throw failure(args, code, stderr)
    return stdout
  }

  /**
   * Runs a command quietly, for callers that judge its failure themselves.
   *
   * @param extra added to the environment of this one run
   */
  async attempt(args: readonly string[], extra: Readonly<Record<string, string>> = {}): Promise<PulumiEnded> {
    const { code, stdout, stderr } = await this.#run(args, 'pipe', extra)
    return { code, output: `${stdout}\n${stderr}`.trim() }
  }

  async #run(
    args: readonly string[],
    stdio: 'inherit' | 'pipe',
    extra: Readonly<Record<string, string>> = {},
  ) {
    const { command, cwd, signal } = this.#options
    const env = { ...this.#options.env, ...extra }
    signal?.throwIfAborted()
    // A group of its own: a terminal's Ctrl-C would reach Pulumi beside our own signal, and it takes a second one as
    // "drop everything now".
    const child = spawn(command, [...args, '--non-interactive'], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', stdio, stdio],
    })
    const interrupt = () => child.kill('SIGINT')
    signal?.addEventListener('abort', interrupt, { once: true })
    try {
      const [stdout, stderr, code] = await Promise.all([
        collect(child, 'stdout'),
        collect(child, 'stderr'),
        exit(child),
      ])
      return { code, stdout, stderr }
    } finally {
      signal?.removeEventListener('abort', interrupt)
    }
  }
}

async function exit(child: ChildProcess): Promise<number> {
  const [code] = await once(child, 'close')
  return code ?? EXIT.interrupted
}

async function collect(child: ChildProcess, stream: 'stdout' | 'stderr'): Promise<string> {
  let text = ''
  for await (const chunk of child[stream]?.setEncoding('utf8') ?? []) text += chunk
  return text
}

function failure(args: readonly string[], code: number, stderr: string): CommandError {
  if (/incorrect passphrase/i.test(stderr)) {
    return new CommandError(
      'WRONG_PASSPHRASE',
      'The passphrase does not open this stack. Set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to the one it was created with.',
    )
  }
  const said = stderr.trim() ? `:\n${stderr.trim()}` : ' (its own output is above).'
  return new CommandError('PULUMI_FAILED', `pulumi ${args.join(' ')} ended with exit code ${code}${said}`, {
    exitCode: EXIT.wrong,
  })
}
