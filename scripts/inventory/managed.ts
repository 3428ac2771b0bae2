import type { AppOutputs } from '../../infra/contract/outputs.ts'
import { readDeployed } from '../stack/deployed.ts'
import type { Pulumi } from '../stack/pulumi.ts'
import type { Entry } from './report.ts'

/** What stacks manage, each as `stack/name`; the stack that is named first wins. */
export interface Managed {
  /** By client id. */
  readonly clients: ReadonlyMap<string, string>
  /** Secrets and certificates that they issued, by key id. */
  readonly keys: ReadonlyMap<string, string>
}

export const NOTHING_MANAGED: Managed = { clients: new Map(), keys: new Map() }

/** Reads what the stacks have deployed. */
export async function readManaged(pulumi: Pulumi, stacks: readonly string[]): Promise<Managed> {
  const [clients, keys] = [new Map<string, string>(), new Map<string, string>()]
  for (const stack of stacks) {
    const { apps, identities } = await readDeployed(pulumi, stack)
    for (const [name, { clientId }] of Object.entries({ ...identities, ...apps })) {
      if (!clients.has(clientId)) clients.set(clientId, `${stack}/${name}`)
    }
    for (const [name, app] of Object.entries(apps)) {
      for (const keyId of keyIdsOf(app)) keys.set(keyId, `${stack}/${name}`)
    }
  }
  return { clients, keys }
}

function keyIdsOf({ secrets, certificates, signingCertificates = {} }: AppOutputs): string[] {
  const issued = [...Object.values(secrets), ...Object.values(certificates)].flat()
  return [...issued, ...Object.values(signingCertificates)].map(({ keyId }) => keyId)
}

/** The entries and their credentials, each with what manages it. */
export function withManagers(entries: readonly Entry[], { clients, keys }: Managed): Entry[] {
  if (clients.size === 0) return [...entries]
  return entries.map((entry) => {
    const managedBy = clients.get(entry.appId)
    const credentials = entry.credentials.map((each) => {
      const issuedBy = keys.get(each.keyId)
      return issuedBy === undefined ? each : { ...each, managedBy: issuedBy }
    })
    return managedBy === undefined ? entry : { ...entry, credentials, managedBy }
  })
}
