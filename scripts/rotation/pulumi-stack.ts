import type { Intent } from '../../infra/contract/intent.ts'
import type { RotationOutputs, StackOutputs } from '../../infra/contract/outputs.ts'
import { DeclarationError } from '../../infra/declaration/problems.ts'
import type { AppDeclaration } from '../../infra/declaration/schema.ts'
import { APPS_KEY, mergeApps, projectReader } from '../../infra/declaration/stack-declaration.ts'
import { readDeclaration } from '../../infra/rules/validate.ts'
import { mapValues } from '../../lib/map-values.ts'
import { SharedRead } from '../../lib/shared-read.ts'
import { cloudOf } from '../../microsoft/clouds.ts'
import { CommandError, EXIT } from '../lib/errors.ts'
import type { EngineState } from '../stack/engine-state.ts'
import { withIntent } from '../stack/intent-file.ts'
import type { Pulumi, PulumiEnded } from '../stack/pulumi.ts'
import { PARALLEL, StackChanges, type StackChangesOptions } from '../stack/stack-changes.ts'
import { readConfig, type StackConfig } from '../stack/stack-config.ts'
import { readOutputs, stackArgs } from '../stack/workspace.ts'
import type { StackPort } from './ports.ts'

export interface StackOptions extends StackChangesOptions {
  /** Where the shared applications and the files that they name are. */
  readonly projectDir: string
  readonly env: NodeJS.ProcessEnv
}

/** The stack as the Pulumi CLI sees it. */
export class PulumiStack implements StackPort {
  readonly #pulumi: Pulumi
  readonly #options: StackOptions
  readonly #changes: StackChanges
  #settled = false
  #config: Promise<StackConfig> | undefined
  #outputs: ReturnType<StackPort['outputs']> | undefined
  readonly #fresh = new SharedRead(() => this.#read())

  constructor(pulumi: Pulumi, options: StackOptions) {
    this.#pulumi = pulumi
    this.#options = options
    this.#changes = new StackChanges(pulumi, options)
  }

  /** The stack's settings; read once. */
  config(): Promise<StackConfig> {
    this.#config ??= readConfig(this.#pulumi, this.#options.stack)
    return this.#config
  }

  /** @throws DeclarationError when the declaration has mistakes */
  async declared(): Promise<Record<string, AppDeclaration>> {
    return this.#parse(await this.#declaredValue())
  }

  /**
   * What is declared of credentials that are rotated, and of the end of applications; of a project that declares nothing
   * itself, what its program exports.
   *
   * @throws DeclarationError when the declaration has mistakes
   */
  async rotated(): Promise<Record<string, RotationOutputs>> {
    const value = await this.#declaredValue()
    // Not the copy that is kept: a plan reads it after the state (rotate.ts).
    return value === undefined ? rotationIn(await this.#read()) : this.#parse(value)
  }

  /** Whether files declare the applications; otherwise a program of its own registers them. */
  async isDeclaredInFiles(): Promise<boolean> {
    return (await this.#declaredValue()) !== undefined
  }

  async #declaredValue(): Promise<unknown> {
    return mergeApps(this.#options.projectDir, (await this.config()).value(APPS_KEY))
  }

  async #parse(value: unknown): Promise<Record<string, AppDeclaration>> {
    const { projectDir, stack, env } = this.#options
    const config = await this.config()
    const declaration = readDeclaration(value, {
      cloud: cloudOf(config.text('azuread:environment'), env),
      read: projectReader(projectDir),
      env,
    })
    if (declaration.ok) return declaration.value
    throw new DeclarationError(declaration.problems, stack ? `Pulumi.${stack}.yaml` : 'the stack config')
  }

  /**
   * Read once between two deployments of ours. Should somebody else deploy meanwhile, the program judges each step by
   * the ledger of that moment, and leaves out what no longer applies.
   */
  outputs({ fresh = false } = {}): ReturnType<StackPort['outputs']> {
    if (fresh) return this.#fresh.run()
    this.#outputs ??= this.#read()
    return this.#outputs
  }

  #read(): ReturnType<StackPort['outputs']> {
    return readOutputs(this.#pulumi, this.#options.stack)
  }

  /** What the engine's state holds, and what a killed engine left open. */
  state(): Promise<EngineState> {
    return this.#changes.state()
  }

  async credentials(): Promise<EngineState['credentials']> {
    return (await this.state()).credentials
  }

  /**
   * @throws CommandError STACK_LOCKED when somebody else is at work for too long; PENDING_OPERATIONS when a killed
   *   deployment needs a decision; PULUMI_FAILED with what Pulumi said
   */
  async deploy(intent: Intent): Promise<void> {
    if (!this.#settled) await this.#settle()
    this.#outputs = undefined
    this.#options.note(`pulumi up: ${describe(intent)}`)
    const args = ['--suppress-outputs', '--parallel', String(PARALLEL), '--color', 'never']
    const { code, output } = await withIntent(intent, (env) => this.#changes.deploy(args, { env }))
    if (code !== 0) throw failed(code, output)
  }

  /**
   * Sets a setting of the stack's own file, by Pulumi's path to it, or takes it out.
   *
   * @throws CommandError PULUMI_FAILED
   */
  async set(path: string, value: string | undefined): Promise<void> {
    const command = value === undefined ? ['rm', path] : ['set', path, value]
    await this.#pulumi.read(['config', ...command, '--path', ...stackArgs(this.#options.stack)])
    this.#config = undefined
  }

  /**
   * Lets the next deployment delete what belongs to an application; one that declares it protects it again.
   *
   * @throws CommandError STACK_LOCKED, PULUMI_FAILED
   */
  async unprotect(app: string): Promise<void> {
    const { protected: urns } = await this.state()
    for (const urn of urns.get(app) ?? []) {
      const { code, output } = await this.#changes.run(['state', 'unprotect', urn, '--yes'])
      // While it waited for the lock, another run may have deleted it.
      const isLeft = code !== 0 && (await this.state()).protected.get(app)?.includes(urn)
      if (isLeft) throw failed(code, output)
    }
  }

  /** What a deployment with the intent would do: `stdout` is the JSON of `pulumi preview`, whether it succeeded or not. */
  preview(intent: Intent): Promise<PulumiEnded> {
    return withIntent(intent, (env) => this.#changes.run(['preview', '--json'], { env }))
  }

  /** Clears what a killed deployment left, if that needs no decision. */
  async #settle(): Promise<void> {
    const { undecided } = await this.#changes.settle()
    if (undecided.length > 0) {
      const list = undecided.map(({ kind, urn }) => `  ${kind} ${urn.split('::').at(-1)} (${urn})`).join('\n')
      const args = stackArgs(this.#options.stack).join(' ')
      throw new CommandError(
        'PENDING_OPERATIONS',
        `A deployment of this stack was killed while it created objects:\n${list}\nRun up, which looks for them in the tenant: npm run up${args && ` -- ${args}`}`,
      )
    }
    this.#settled = true
  }
}

/** What each application of a program of its own has that is rotated. */
function rotationIn({ apps }: StackOutputs): Record<string, RotationOutputs> {
  return mapValues(apps, ({ rotation }) => rotation ?? NOTHING_ROTATED)
}

const NOTHING_ROTATED: RotationOutputs = { signInAudience: 'AzureADMyOrg', secrets: {}, certificates: {} }

function describe({ steps, adopt = {}, deleteApps = [] }: Intent): string {
  const doing = [
    ...steps.map((step) => `${step.do} ${step.app}/${step.secret} g${step.generation}`),
    ...Object.keys(adopt).map((app) => `adopt ${app}`),
    ...deleteApps.map((app) => `delete ${app}`),
  ]
  return doing.join(', ') || 'what is declared and recorded'
}

/** What Pulumi said, from its diagnostics on: the progress before them helps nobody. */
function failed(code: number, output: string): CommandError {
  const diagnostics = output.indexOf('Diagnostics:')
  const said = (diagnostics < 0 ? output : output.slice(diagnostics)).trim()
  return new CommandError(
    'PULUMI_FAILED',
    `pulumi up ended with exit code ${code}. Consumers keep what they have; run the same command again to continue.\n${said}`,
    { exitCode: EXIT.wrong },
  )
}
