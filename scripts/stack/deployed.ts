import { type AppOutputs, type IdentityOutputs, stackOutputs } from '../../infra/contract/outputs.ts'
import type { Pulumi } from './pulumi.ts'
import { stackArgs } from './workspace.ts'

/** What a stack has deployed, by name in its declaration. */
export interface Deployed {
  readonly apps: Readonly<Record<string, AppOutputs>>
  readonly identities: Readonly<Record<string, IdentityOutputs>>
  /** Why that is not all that it may have deployed. Absent where it is. */
  readonly problem?: string
}

/**
 * Reads what a stack has deployed, from its plain outputs, which need no passphrase; a stack that was never brought up
 * has none.
 *
 * @throws CommandError NO_STACK, PULUMI_FAILED
 */
export async function readDeployed(pulumi: Pulumi, stack: string | undefined): Promise<Deployed> {
  const outputs = JSON.parse(await pulumi.read(['stack', 'output', '--json', ...stackArgs(stack)]))
  const apps = stackOutputs.shape.apps.safeParse(outputs.apps)
  const identities = stackOutputs.shape.identities.safeParse(outputs.identities)
  const isRead = identities.success && (apps.success || outputs.apps === undefined)
  return {
    apps: apps.data ?? {},
    identities: identities.data ?? {},
    ...(!isRead && { problem: 'another version or program wrote its outputs; deploy it with this one' }),
  }
}
