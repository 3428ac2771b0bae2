import { randomUUID } from 'node:crypto'
import type { TokenCredential } from '@azure/identity'
import type { StackOutputs } from '../../infra/contract/outputs.ts'
import { azureCredential } from '../delivery/azure-credential.ts'
import { openTarget } from '../delivery/index.ts'
import type { Terminal } from '../lib/terminal.ts'
import { deployerLogin, requireDeployer } from '../proof/connection/deployer.ts'
import { readHeldKeys } from '../proof/directory/held-keys.ts'
import { readLastUses } from '../proof/directory/last-uses.ts'
import { DirectoryReader } from '../proof/directory/reader.ts'
import {
  discoverEndpoints,
  inCloud,
  openPorts,
  type ProofPorts,
  proveCredential,
  proveRefused,
  type WaitPolicy,
} from '../proof/index.ts'
import { Progress } from '../proof/retry/progress.ts'
import type { Pulumi } from '../stack/pulumi.ts'
import type { RotationPorts } from './ports.ts'
import { removeCopies } from './prune.ts'
import { PulumiStack } from './pulumi-stack.ts'

export interface OpenRotationOptions {
  readonly pulumi: Pulumi
  readonly projectDir: string
  readonly env: NodeJS.ProcessEnv
  readonly terminal: Pick<Terminal, 'note'>
  /** Default: PULUMI_STACK, else the selected stack. */
  readonly stack?: string | undefined
  /** How long to wait for a new secret to work, and how often it must. Default: as `verify`. */
  readonly wait?: Partial<WaitPolicy>
  readonly now?: () => Date
  readonly signal?: AbortSignal
}

/** The world as a rotation sees it, and what `--prune` needs of it beside. */
export interface OpenedRotation {
  readonly ports: RotationPorts
  readonly stack: PulumiStack
  readonly proof: ProofPorts
  /** @throws CommandError NO_DEPLOYER when no tenant is named */
  readonly reader: () => DirectoryReader
}

/** Opens the ports onto Pulumi, the tenant and the delivery targets. */
export async function openRotation(options: OpenRotationOptions): Promise<OpenedRotation> {
  const { pulumi, projectDir, env, terminal, wait, signal, now = () => new Date() } = options
  const stack = new PulumiStack(pulumi, {
    projectDir,
    env,
    note: terminal.note,
    stack: options.stack,
    ...(signal && { signal }),
  })
  const config = await stack.config()
  const proof = openPorts(await discoverEndpoints(inCloud(env, config.text('azuread:environment'))), { now })
  const tenantId = config.text('azuread:tenantId')
  const inTenant = tenantId === undefined ? {} : { tenantId }
  const deployer = () => requireDeployer(env, inTenant)
  const reader = () => new DirectoryReader(proof, deployer(), signal)
  const proveOptions = { ...(wait && { wait }), ...(signal && { signal }) }
  const ports: RotationPorts = {
    stack: {
      declared: () => stack.rotated(),
      credentials: () => stack.credentials(),
      deploy: (intent) => stack.deploy(intent),
      outputs: (options) => stack.outputs(options),
    },
    prove: (target) =>
      watching(terminal, (onWait) => proveCredential(target, proof, { ...proveOptions, onWait })),
    proveRefused: (target) =>
      watching(terminal, (onWait) => proveRefused(target, proof, { ...proveOptions, onWait })),
    openTarget: (declaration) =>
      openTarget(declaration, {
        projectDir,
        env,
        note: terminal.note,
        ...(signal && { signal }),
        azureCredential: (): TokenCredential => azureCredential(deployer(), proof),
      }),
    lastUses: async () => (deployerLogin(env, inTenant) ? readLastUses(reader()) : undefined),
    ...(deployerLogin(env, inTenant) && {
      heldKeys: (outputs: StackOutputs) => readHeldKeys(outputs, reader()),
    }),
    removeCopies: async (place, thumbprint) =>
      deployerLogin(env, inTenant) ? removeCopies(place, thumbprint, reader(), proof) : 0,
    now,
    run: randomUUID(),
    note: terminal.note,
  }
  return { ports, stack, proof, reader }
}

/** Says what a proof waits for, while it waits: in lines, since several may be waiting at once. */
async function watching<T>(
  { note }: Pick<Terminal, 'note'>,
  work: (onWait: Progress['waiting']) => Promise<T>,
): Promise<T> {
  const progress = new Progress({ note }, { total: 1 })
  try {
    return await work(progress.waiting)
  } finally {
    progress.stop()
  }
}
