import type { AppOutputs } from '../../infra/contract/outputs.ts'
import { isGuid } from '../../microsoft/guid.ts'
import { CommandError } from '../lib/errors.ts'
import type { Deployed } from '../stack/deployed.ts'
import type { Entry, Missing } from './report.ts'

/** What stacks manage, each as `stack/name`; the stack that is named first wins. */
export interface Managed {
  /** By client id. */
  readonly clients: ReadonlyMap<string, string>
  /** Secrets and certificates that they issued, by key id. */
  readonly keys: ReadonlyMap<string, string>
}

/** A stack that was asked what it has deployed, or that is of another tenant, so that it need not be asked. */
export interface AskedStack {
  /** What messages call it: `prod`, of another project `teams/pay/prod`. */
  readonly label: string
  /** As its settings name it. */
  readonly tenantId?: string | undefined
  /** Absent where it was not asked. */
  readonly answer?: Deployed | undefined
}

/** What stacks answered. */
export interface Answers {
  readonly managed: Managed
  /** Those that answered and are of the tenant. */
  readonly stacks: readonly string[]
  /** Those that could not be read: nobody knows what they manage. */
  readonly missing: readonly Missing[]
  /** Of other tenants. */
  readonly elsewhere: readonly { readonly label: string; readonly tenantId: string }[]
}

/** What stacks of a tenant manage. What they have deployed says more about their tenant than their settings. Pure. */
export function managedIn(asked: readonly AskedStack[], tenantId: string | undefined): Answers {
  const [clients, keys] = [new Map<string, string>(), new Map<string, string>()]
  const [stacks, missing, elsewhere]: [string[], Missing[], Answers['elsewhere'][number][]] = [[], [], []]
  for (const { label, answer, tenantId: declared } of asked) {
    if (answer?.problem !== undefined) {
      missing.push({ part: 'stacks', message: unread(label, answer.problem) })
      continue
    }
    const { apps = {}, identities = {} } = answer ?? {}
    const own = Object.values({ ...identities, ...apps })[0]?.tenantId ?? declared
    if (isAnotherTenant(own, tenantId)) {
      elsewhere.push({ label, tenantId: own })
      continue
    }
    stacks.push(label)
    for (const [name, { clientId }] of Object.entries({ ...identities, ...apps })) {
      if (!clients.has(clientId)) clients.set(clientId, `${label}/${name}`)
    }
    for (const [name, app] of Object.entries(apps)) {
      for (const keyId of keyIdsOf(app)) keys.set(keyId, `${label}/${name}`)
    }
  }
  return { managed: { clients, keys }, stacks, missing, elsewhere }
}

function unread(label: string, problem: string): string {
  return `The stack ${label} cannot be read, so a registration that no other stack manages may be its own: ${problem}`
}

/**
 * The tenant whose registrations are listed, as the login finds it: named by the environment, else by the stacks.
 *
 * @throws CommandError BAD_OPTIONS where the stacks name several
 */
export function tenantOf(
  stacks: readonly Pick<AskedStack, 'label' | 'tenantId'>[],
  env: NodeJS.ProcessEnv,
): string | undefined {
  const named = env['ARM_TENANT_ID']
  if (named) return named
  const tenants = Map.groupBy(
    stacks.filter(({ tenantId }) => tenantId !== undefined),
    ({ tenantId = '' }) => tenantId.toLowerCase(),
  )
  const [first, second] = tenants.keys()
  if (second === undefined) return first ?? env['AZURE_TENANT_ID']
  const list = [...tenants].map(([id, own]) => `${id} (${own.map(({ label }) => label).join(', ')})`)
  throw new CommandError(
    'BAD_OPTIONS',
    `The stacks are of several tenants: ${list.join(', ')}. An inventory is of one: name it with ARM_TENANT_ID, or choose its stacks with --stacks.`,
  )
}

/** Whether both are tenant ids, and not the same; a domain can be any tenant's name. */
export function isAnotherTenant(tenantId: string | undefined, own: string | undefined): tenantId is string {
  if (tenantId === undefined || own === undefined || !isGuid(tenantId) || !isGuid(own)) return false
  return tenantId.toLowerCase() !== own.toLowerCase()
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
