import { explainedIn } from '../adopt/refusals.ts'
import { CommandError } from '../lib/errors.ts'
import type { Mask } from '../lib/mask.ts'
import { requireDeployer } from '../proof/connection/deployer.ts'
import { masking } from '../proof/connection/masking.ts'
import type { Directory } from '../proof/directory/open.ts'
import { discoverEndpoints, inCloud, openDirectory, openPorts } from '../proof/index.ts'
import type { StackConfig } from '../stack/stack-config.ts'

/**
 * Logs the deployer in to the tenant that a stack changes.
 *
 * @throws CommandError NO_DEPLOYER, NO_DIRECTORY
 */
export async function openTenant(
  config: StackConfig,
  env: NodeJS.ProcessEnv,
  mask: Mask,
  signal: AbortSignal | undefined,
): Promise<{ readonly directory: Directory; readonly tenantId: string }> {
  const configured = config.text('azuread:tenantId')
  const deployer = requireDeployer(env, configured === undefined ? {} : { tenantId: configured })
  const endpoints = await discoverEndpoints(inCloud(env, config.text('azuread:environment')))
  const ports = masking(openPorts(endpoints), mask)
  const opened = await openDirectory(ports, deployer, endpoints, signal)
  if (opened.ok) return { directory: opened.value, tenantId: deployer.tenantId }
  throw new CommandError(
    'NO_DIRECTORY',
    `The directory cannot be read: ${deployer.description} got no token: ${explainedIn(opened.failure)}`,
  )
}
