import { z } from 'zod'
import type { StackOutputs } from '../../infra/contract/outputs.ts'
import { currentOf, type Generation, isLive } from '../../infra/rotation/generation.ts'
import { dueAt } from '../../infra/rotation/ledger.ts'
import type { Policies } from '../../infra/rotation/policy.ts'
import type { ForeignKey } from '../proof/directory/held-keys.ts'
import { type HeldKeys, isGone } from '../proof/directory/held-keys.ts'
import type { LastProofs } from '../proof/last-proofs.ts'
import type { UnrecordedCredential } from '../stack/unrecorded.ts'
import { attentionTo, provedApplication, provedApplications, provedBy, provedMembers } from './proofs.ts'
import { type ReportedUsage, retiringApp, retiringApps } from './retirements.ts'
import { unrotatedCredential, unrotatedOf } from './unrotated.ts'

/** Raised when a member is removed or changes its meaning; new members alone do not raise it. */
const REPORT_VERSION = 1

const credential = z.object({
  app: z.string(),
  secret: z.string().describe('Name of the credential, whatever its kind'),
  kind: z.enum(['secret', 'certificate']),
  generation: z.number().int(),
  phase: z.enum(['issued', 'current', 'previous', 'retired']),
  keyId: z.string().exactOptional(),
  thumbprint: z.string().exactOptional().describe('SHA-1 of a certificate'),
  issuedAt: z.string().describe('RFC 3339, like every time here'),
  currentSince: z.string().exactOptional(),
  previousSince: z.string().exactOptional(),
  retireAfter: z.string().exactOptional().describe('Earliest moment it may be deleted'),
  retiredAt: z.string().exactOptional(),
  endDate: z.string(),
  ended: z.enum(['superseded', 'revoked', 'withdrawn']).exactOptional(),
  dueAt: z.string().exactOptional().describe('When its successor is due; of the current generation only'),
  ...provedMembers,
  lastUsedAt: z.string().exactOptional().describe("From the tenant's report; left out where there is none"),
  deliveries: z.array(z.object({ target: z.string(), at: z.string(), version: z.string().exactOptional() })),
  attention: z.string().exactOptional().describe('What somebody should look at'),
  gone: z.literal(true).exactOptional().describe('It was deleted from the directory by somebody else'),
  failing: z.boolean().describe('The current one is gone, or ends within the time that was asked about'),
})

/** The report of `report`, as `--json` prints it. */
export const credentialReport = z.object({
  schemaVersion: z.literal(REPORT_VERSION),
  stack: z.string().exactOptional(),
  at: z.string(),
  usageReported: z.boolean().describe('Whether the tenant says when credentials were last used'),
  failing: z.number().int(),
  credentials: z.array(credential).describe('What is rotated, by generation'),
  unrotated: z
    .array(unrotatedCredential)
    .describe('Given certificates, federated credentials, and what somebody else made'),
  applications: z
    .array(provedApplication)
    .describe('Applications and identities as a whole, consent included'),
  retirements: z.array(retiringApp).describe('Applications at their end'),
})

export type ReportedCredential = z.infer<typeof credential>
export type CredentialReport = z.infer<typeof credentialReport>

export interface ReportInput {
  readonly outputs: Pick<StackOutputs, 'apps' | 'identities' | 'ledger' | 'deletedApps'>
  readonly policies: Policies
  /** Issued by a run that was killed before it recorded them. Default: none. */
  readonly unrecorded?: readonly UnrecordedCredential[]
  /** What the directory holds; undefined where nobody may ask. */
  readonly held?: HeldKeys | undefined
  /** Secrets and certificates of the applications that somebody else made. Default: none. */
  readonly foreign?: readonly ForeignKey[]
  /** Undefined where the tenant does not report it. */
  readonly lastUses: ReadonlyMap<string, Date> | undefined
  /** How `verify` came out. Default: nobody has run it. */
  readonly proofs?: LastProofs
  /** When applications at their end were used, by name. Default: nobody may ask. */
  readonly usages?: ReadonlyMap<string, ReportedUsage>
  readonly now: Date
  readonly stack?: string
  /** A current credential that ends earlier than this many milliseconds from now fails the report. */
  readonly failWithin?: number
}

/** Everything that is known about every credential of a stack, retired ones included, free of values. */
export function reportCredentials(input: ReportInput): CredentialReport {
  const { outputs, lastUses, proofs, now, stack } = input
  const recorded = Object.entries(outputs.ledger).flatMap(([app, secrets]) =>
    Object.entries(secrets).flatMap(([secret, generations]) =>
      generations.map((each) => describe({ app, secret }, each, generations, input)),
    ),
  )
  const unrecorded = (input.unrecorded ?? []).map(describeUnrecorded)
  const credentials = [...recorded, ...unrecorded].map((each) => withoutFindingsAtItsEnd(each, outputs))
  const unrotated = unrotatedOf(input).map((each) => withoutFindingsAtItsEnd(each, outputs))
  return {
    schemaVersion: REPORT_VERSION,
    ...(stack !== undefined && { stack }),
    at: now.toISOString(),
    usageReported: lastUses !== undefined,
    failing: [...credentials, ...unrotated].filter(({ failing }) => failing).length,
    credentials,
    unrotated,
    applications: provedApplications(outputs, proofs),
    retirements: retiringApps(input),
  }
}

/** Of an application whose sign-in is disabled nobody renews a credential, nor misses one. */
function withoutFindingsAtItsEnd<T extends { app: string; failing: boolean }>(
  each: T & { attention?: string; dueAt?: string },
  { apps }: ReportInput['outputs'],
): T {
  if (!apps[each.app]?.retirement) return each
  const { attention: _, dueAt: __, ...rest } = each
  return { ...rest, failing: false } as T
}

function describe(
  name: { readonly app: string; readonly secret: string },
  each: Generation,
  generations: readonly Generation[],
  { outputs, policies, lastUses, proofs, now, failWithin = 0, held }: ReportInput,
): ReportedCredential {
  const policy = policies[name.app]?.[name.secret]
  const isCurrent = each.phase === 'current'
  const due = isCurrent && policy ? dueAt(each, policy) : undefined
  const lastUse = each.keyId === undefined ? undefined : lastUses?.get(each.keyId)
  const { run: _run, takenOver: _takenOver, revokes: _revokes, deliveries = [], ...facts } = each
  const verified = proofs?.get(outputs.apps[name.app]?.clientId ?? '')?.credentials[each.keyId ?? '']
  const proved = provedBy(verified, each.provedAt)
  const gone = isGone(held, name.app, each)
  const attention = gone
    ? `somebody deleted it from the directory${isCurrent ? ': run `rotate`' : ''}`
    : (attentionFor(each, generations, due, lastUse, now) ?? (isLive(each) ? attentionTo(proved) : undefined))
  return {
    ...name,
    ...dropUndefined({ ...facts, kind: each.kind ?? 'secret' }),
    ...proved,
    ...(due && { dueAt: due.toISOString() }),
    ...(lastUse && { lastUsedAt: lastUse.toISOString() }),
    deliveries: deliveries.map(({ target, at, version }) => ({
      target,
      at,
      ...(version !== undefined && { version }),
    })),
    ...(attention !== undefined && { attention }),
    ...(gone && { gone: true as const }),
    failing: isCurrent && (gone || Date.parse(each.endDate) - now.getTime() <= failWithin),
  }
}

function describeUnrecorded({ startDate, ...facts }: UnrecordedCredential): ReportedCredential {
  return {
    ...facts,
    phase: 'issued',
    issuedAt: startDate,
    deliveries: [],
    attention: 'it is not recorded: a run issues it now, or was killed; run `rotate`, which deletes it then',
    failing: false,
  }
}

function attentionFor(
  each: Generation,
  generations: readonly Generation[],
  due: Date | undefined,
  lastUse: Date | undefined,
  now: Date,
): string | undefined {
  if (each.phase === 'retired') return undefined
  if (Date.parse(each.endDate) <= now.getTime()) return 'it has expired'
  switch (each.phase) {
    case 'issued':
      return 'its rotation has not finished: run `rotate`'
    case 'current':
      return due && due <= now ? 'its rotation is due: run `rotate`' : undefined
    case 'previous': {
      if (Date.parse(each.retireAfter ?? each.endDate) > now.getTime()) return undefined
      const since = currentOf(generations)?.currentSince
      const isUsed = lastUse !== undefined && since !== undefined && lastUse.getTime() > Date.parse(since)
      return isUsed
        ? 'its overlap has passed, and something still used it since'
        : 'it may be retired: run `rotate`'
    }
  }
}

/** The schema of the outputs has optional members, JSON has absent ones. */
function dropUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
