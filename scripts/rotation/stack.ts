import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { cloudOf } from '../../infra/cloud.ts'
import type { AppDeclaration } from '../../infra/declaration.ts'
import { INTENT_VARIABLE, type Intent } from '../../infra/intent.ts'
import { DeclarationError } from '../../infra/problems.ts'
import { readDeclaration } from '../../infra/reading.ts'
import { mergeApps, projectReader } from '../../infra/stack-declaration.ts'
import { PARALLEL } from '../commands/up.ts'
import { CommandError, EXIT } from '../lib/errors.ts'
import type { Pulumi } from '../lib/pulumi.ts'
import { readConfig, type StackConfig } from '../lib/stack-config.ts'
import { readOutputs, stackArgs } from '../lib/workspace.ts'
import { type EngineState, isHarmless, type Lock, lockIn, readEngineState } from './engine-state.ts'
import type { StackPort } from './ports.ts'

export interface StackOptions {
  /** Where the shared applications and the files that they name are. */
  readonly projectDir: string
  readonly env: NodeJS.ProcessEnv
  /** Default: PULUMI_STACK, else the selected stack. */
  readonly stack?: string | undefined
  /** How long to wait for another deployment of the same stack to end, in milliseconds. Default: 5 minutes. */
  readonly lockPatienceMs?: number
  readonly signal?: AbortSignal
  readonly note: (line: string) => void
}

const LOCK_PATIENCE_MS = 300_000
const LOCK_PAUSE_MS = 2000

/** The stack as the Pulumi CLI sees it. */
export class PulumiStack implements StackPort {
  readonly #pulumi: Pulumi
  readonly #options: StackOptions
  #settled = false
  #config: Promise<StackConfig> | undefined
  #outputs: ReturnType<StackPort['outputs']> | undefined

  constructor(pulumi: Pulumi, options: StackOptions) {
    this.#pulumi = pulumi
    this.#options = options
  }

  /** The stack's settings; read once. */
  config(): Promise<StackConfig> {
    this.#config ??= readConfig(this.#pulumi, this.#options.stack)
    return this.#config
  }

  /** @throws DeclarationError when the declaration has mistakes */
  async declared(): Promise<Record<string, AppDeclaration>> {
    const { projectDir, stack, env } = this.#options
    const config = await this.config()
    const declaration = readDeclaration(mergeApps(projectDir, config.value('entra-apps:apps')), {
      cloud: cloudOf(config.text('azuread:environment'), env),
      read: projectReader(projectDir),
    })
    if (declaration.ok) return declaration.value
    throw new DeclarationError(declaration.problems, stack ? `Pulumi.${stack}.yaml` : 'the stack config')
  }

  /**
   * Read once between two deployments of ours. Should somebody else deploy meanwhile, the program judges each step by
   * the ledger of that moment, and leaves out what no longer applies.
   */
  outputs(): ReturnType<StackPort['outputs']> {
    this.#outputs ??= readOutputs(this.#pulumi, this.#options.stack)
    return this.#outputs
  }

  /** What the engine's state holds, and what a killed engine left open. */
  async state(): Promise<EngineState> {
    return readEngineState(await this.#pulumi.read(['stack', 'export', ...stackArgs(this.#options.stack)]))
  }

  /**
   * @throws CommandError STACK_LOCKED when somebody else is at work for too long; PENDING_OPERATIONS when a killed
   *   deployment needs a decision; PULUMI_FAILED with what Pulumi said
   */
  async deploy(intent: Intent): Promise<void> {
    if (!this.#settled) await this.#settle()
    this.#outputs = undefined
    const dir = await mkdtemp(join(tmpdir(), 'entra-apps-intent-'))
    try {
      const file = join(dir, 'intent.json')
      await writeFile(file, JSON.stringify(intent), { mode: 0o600 })
      this.#options.note(`pulumi up: ${describe(intent)}`)
      const args = ['up', '--yes', '--skip-preview', '--suppress-outputs', '--parallel', String(PARALLEL)]
      await this.#change(args, { [INTENT_VARIABLE]: file })
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  }

  /** Clears what a killed deployment left, if that needs no decision. */
  async #settle(): Promise<void> {
    const { pending } = await this.state()
    const undecided = pending.filter((operation) => !isHarmless(operation))
    if (undecided.length > 0) {
      const list = undecided.map(({ kind, urn }) => `  ${kind} ${urn.split('::').at(-1)} (${urn})`).join('\n')
      const args = stackArgs(this.#options.stack).join(' ')
      throw new CommandError(
        'PENDING_OPERATIONS',
        `A deployment of this stack was killed while it was at work, and only you can tell what came of it:\n${list}\nLook them up in the tenant, then run: pulumi refresh ${args}`.trim(),
      )
    }
    if (pending.length > 0) {
      this.#options.note(
        'pulumi refresh: a deployment was killed while it was at work; asking the tenant what there is',
      )
      await this.#change([
        'refresh',
        '--yes',
        '--skip-preview',
        '--clear-pending-creates',
        '--suppress-outputs',
      ])
    }
    this.#settled = true
  }

  /** Runs a command that takes the stack's lock; waits for the lock while its holder may be alive. */
  async #change(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
    const { stack, signal, note, lockPatienceMs = LOCK_PATIENCE_MS } = this.#options
    const all = [...args, '--color', 'never', ...stackArgs(stack)]
    const deadline = Date.now() + lockPatienceMs
    for (let attempts = 0; ; attempts++) {
      const { code, output } = await this.#pulumi.attempt(all, env)
      if (code === 0) return
      signal?.throwIfAborted()
      const lock = lockIn(output)
      if (!lock) throw failed(args, code, output)
      if (isStale(lock)) {
        note(`pulumi cancel: process ${lock.pid}, which locked the stack at ${lock.since}, is gone`)
        await this.#pulumi.read(['cancel', '--yes', ...stackArgs(stack)])
        continue
      }
      if (Date.now() >= deadline) throw locked(lock, stack)
      if (attempts === 0) note(`waiting: ${holder(lock)} is deploying this stack`)
      await setTimeout(LOCK_PAUSE_MS, undefined, signal ? { signal } : {})
    }
  }
}

function describe({ steps }: Intent): string {
  return steps.map((step) => `${step.do} ${step.app}/${step.secret} g${step.generation}`).join(', ')
}

/** Only for a lock in a directory of this computer is a process that is not there a process that has ended. */
function isStale(lock: Lock | 'unknown'): lock is Lock {
  if (lock === 'unknown' || !lock.isLocal || lock.host !== hostname()) return false
  try {
    process.kill(lock.pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

function holder(lock: Lock | 'unknown'): string {
  return lock === 'unknown' ? 'somebody' : `process ${lock.pid} on ${lock.host}, since ${lock.since},`
}

function locked(lock: Lock | 'unknown', stack: string | undefined): CommandError {
  const args = ['pulumi cancel', ...stackArgs(stack)].join(' ')
  return new CommandError(
    'STACK_LOCKED',
    `The stack is locked: ${holder(lock)} is deploying it. Nothing was changed by this run. If that process is gone, unlock the stack with: ${args}`,
  )
}

/** What Pulumi said, from its diagnostics on: the progress before them helps nobody. */
function failed(args: readonly string[], code: number, output: string): CommandError {
  const diagnostics = output.indexOf('Diagnostics:')
  const said = (diagnostics < 0 ? output : output.slice(diagnostics)).trim()
  return new CommandError(
    'PULUMI_FAILED',
    `pulumi ${args[0]} ended with exit code ${code}. Consumers keep what they have; run the same command again to continue.\n${said}`,
    { exitCode: EXIT.wrong },
  )
}
