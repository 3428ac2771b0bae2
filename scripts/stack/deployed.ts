import { type AppOutputs, type IdentityOutputs, stackOutputs } from '../../infra/contract/outputs.ts'
import type { Pulumi } from './pulumi.ts'
import { stackArgs } from './workspace.ts'

/** What a stack has deployed, by name in its declaration. */
export interface Deployed {
  readonly apps: Readonly<Record<string, AppOutputs>>
  readonly identities: Readonly<Record<string, IdentityOutputs>>
}

/**
 * Reads what a stack has deployed, from its plain outputs, which need no passphrase; a stack that was never brought up
 * has none.
 *
 * @throws CommandError PULUMI_FAILED when there is no such stack
 */
export async function readDeployed(pulumi: Pulumi, stack: string | undefined): Promise<Deployed> {
  const outputs = JSON.parse(await pulumi.read(['stack', 'output', '--json', ...stackArgs(stack)]))
  const apps = stackOutputs.shape.apps.safeParse(outputs.apps)
  const identities = stackOutputs.shape.identities.safeParse(outputs.identities)
  return { apps: apps.data ?? {}, identities: identities.data ?? {} }
}
