import * as pulumi from '@pulumi/pulumi'
import { z } from 'zod'
import { mapValues } from '../../lib/map-values.ts'
import type { MovedEntries } from '../contract/move.ts'
import { appOutputs, type StackOutputs, stackOutputs } from '../contract/outputs.ts'
import type { FormerFacts } from '../registration/former-names.ts'
import type { ListOrder } from '../registration/list-order.ts'
import type { DeletedApp } from '../retirement/retirement.ts'
import { type Ledger, ledger } from '../rotation/generation.ts'
import type { PermissionState } from './permission-changes.ts'

/** The stack's own record of its credentials is not one that this version understands. */
export class LedgerError extends Error {
  readonly code = 'UNREADABLE_LEDGER'

  constructor(cause: z.ZodError) {
    super(
      `The stack output "ledger" is not a ledger of this version: ${z.prettifyError(cause)}\nNothing was changed. Use the version of entra-apps that deployed this stack last, or a later one.`,
      { cause },
    )
    this.name = 'LedgerError'
  }
}

/** What the stack's own outputs say about the last deployment. */
export interface PreviousDeployment {
  readonly ledger: Ledger
  /** Permissions by application. */
  readonly permissions: Readonly<Record<string, PermissionState>>
  /** What was recorded of each application; empty where it cannot be read. */
  readonly facts: Readonly<Record<string, FormerFacts>>
  /** Secret values and keys by application, name and generation. Never logged. */
  readonly values: SecretValues
  /** Applications that were deleted at their end, by name. */
  readonly deletedApps: Readonly<Record<string, DeletedApp>>
  /** ListOrder of lists, by application. */
  readonly listOrder: Readonly<Record<string, ListOrder>>
}

type SecretValues = StackOutputs['secretValues']

const permissionNames = z.array(z.string())

const permissions = z.record(
  z.string(),
  z.object({ application: permissionNames, delegated: permissionNames }),
)

/** The part of the output `apps` that is read back. */
const permissionStates = z.record(
  z.string(),
  z.object({
    consent: z.enum(['grant', 'request']),
    permissions,
    consented: permissions.exactOptional(),
    directoryRoles: z.record(z.string(), z.string()).transform(Object.keys).exactOptional(),
    sites: z.record(z.string(), z.string()).exactOptional(),
    listOrder: z.record(z.string(), z.array(z.string())).optional(),
  }),
)

/** The part of it by which what is only renamed is recognised. */
const formerFacts = z.record(
  z.string(),
  appOutputs
    .pick({
      permissions: true,
      directoryRoles: true,
      assignments: true,
      identifierUris: true,
      federatedCredentials: true,
      certificates: true,
      objectId: true,
      servicePrincipalId: true,
      retirement: true,
    })
    .partial()
    .extend(appOutputs.pick({ clientId: true, tenantId: true }).shape),
)

/**
 * The last deployment, from this stack's own outputs: state and ledger cannot part, and nothing has to be committed by
 * a pipeline.
 *
 * @param moved what the stack is yet to record of entries that have come from another one. Default: none
 * @returns empty before the first deployment; no permissions and no values where they cannot be read, since nothing hangs
 *   on them: the state keeps each key beside its certificate
 * @throws LedgerError
 */
export async function previousDeployment(moved?: MovedEntries): Promise<PreviousDeployment> {
  const outputs = await ownOutputs()
  // What the stack itself has recorded since then is newer.
  const read = ledger.safeParse({ ...moved?.ledger, ...asRecord(outputs['ledger']) })
  if (!read.success) throw new LedgerError(read.error)
  // An identity has no other name than an application, and is told apart by nothing here.
  const recorded = {
    ...moved?.apps,
    ...moved?.identities,
    ...asRecord(outputs['apps']),
    ...asRecord(outputs['identities']),
  }
  const states = permissionStates.safeParse(recorded)
  const facts = formerFacts.safeParse(recorded)
  const values = stackOutputs.shape.secretValues.safeParse(outputs['secretValues'])
  const deleted = stackOutputs.shape.deletedApps.safeParse(outputs['deletedApps'])
  const previous = states.data ?? {}
  return {
    ledger: read.data,
    values: values.data ?? {},
    permissions: previous,
    facts: facts.data ?? {},
    deletedApps: deleted.data ?? {},
    listOrder: mapValues(previous, ({ listOrder }) => listOrder ?? {}),
  }
}

function asRecord(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}

/**
 * What this stack exported last, secret values in plain text. A `StackReference` reads it by the same function of the
 * engine, but is a resource: the state would hold every output a second time.
 */
async function ownOutputs(): Promise<Readonly<Record<string, unknown>>> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`
  const { outputs } = await pulumi.runtime.invoke('pulumi:pulumi:readStackOutputs', { name })
  return outputs ?? {}
}

/** The whole record with renamed applications under their present names, as APIs of others too. */
export function previousUnderPresentNames(
  previous: Partial<PreviousDeployment>,
  apps: Readonly<Record<string, { readonly formerly: readonly string[] }>>,
): Partial<PreviousDeployment> {
  const records: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { ...previous }
  const renamed = mapValues(records, (byApp) => underPresentNames(byApp, apps)) as Partial<PreviousDeployment>
  const { permissions } = renamed
  if (!permissions) return renamed
  const names = (state: PermissionState) => ({
    ...state,
    permissions: underPresentNames(state.permissions, apps),
  })
  return { ...renamed, permissions: mapValues(permissions, names) }
}

/**
 * The record with the entries of renamed applications under their present names: renaming issues no secret and changes
 * no permission.
 *
 * @param apps the declared applications, with the names they had
 */
export function underPresentNames<T>(
  previous: Readonly<Record<string, T>>,
  apps: Readonly<Record<string, { readonly formerly: readonly string[] }>>,
): Readonly<Record<string, T>> {
  return Object.entries(apps).reduce((entries, [name, { formerly }]) => {
    const former = formerly.findLast((each) => Object.hasOwn(previous, each) && !Object.hasOwn(apps, each))
    const entry = former === undefined ? undefined : previous[former]
    if (Object.hasOwn(previous, name) || former === undefined || entry === undefined) return entries
    const { [former]: _, ...rest } = entries
    return { ...rest, [name]: entry }
  }, previous)
}
