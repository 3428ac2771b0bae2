import { readDeployed } from '../stack/deployed.ts'
import type { Pulumi } from '../stack/pulumi.ts'
import type { Entry } from './report.ts'

/** `stack/name` by the client id of what the stacks have deployed; the stack that is named first wins. */
export async function readManaged(
  pulumi: Pulumi,
  stacks: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const managed = new Map<string, string>()
  for (const stack of stacks) {
    const { apps, identities } = await readDeployed(pulumi, stack)
    for (const [name, { clientId }] of Object.entries({ ...identities, ...apps })) {
      if (!managed.has(clientId)) managed.set(clientId, `${stack}/${name}`)
    }
  }
  return managed
}

/** The entries, each with what manages it. */
export function withManagers(entries: readonly Entry[], managed: ReadonlyMap<string, string>): Entry[] {
  return entries.map((entry) => {
    const managedBy = managed.get(entry.appId)
    return managedBy === undefined ? entry : { ...entry, managedBy }
  })
}
