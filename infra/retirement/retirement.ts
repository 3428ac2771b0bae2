import { z } from 'zod'
import { DAY, instantAfter, parseDuration } from '../../lib/duration.ts'
import { instant } from '../rotation/generation.ts'

/** An application whose sign-in is disabled, and that is to be deleted. */
export const retirement = z.object({
  /** When it was first deployed with its sign-in disabled. */
  since: instant,
  /** Earliest moment it may be deleted. */
  deleteFrom: instant,
})

/** An application that was deleted at its end, as far as it takes to restore it. */
export const deletedApp = z.object({
  at: instant,
  displayName: z.string(),
  clientId: z.string(),
  /** Object id of the application, by which Entra's deleted items have it. */
  objectId: z.string(),
  servicePrincipalId: z.string(),
})

export type Retirement = z.infer<typeof retirement>
export type DeletedApp = z.infer<typeof deletedApp>

/** How long Entra keeps a deleted application, in milliseconds (Microsoft Graph: List deletedItems). */
export const RESTORABLE = 30 * DAY

/** Until when Entra can restore it: RFC 3339. */
export function restorableUntil({ at }: DeletedApp): string {
  return instantAfter(new Date(at), RESTORABLE)
}

/** What is declared of an application, as far as its end depends on it. */
export interface Declared {
  readonly displayName: string
  readonly retire?: { readonly after: string } | undefined
}

/** What the last deployment recorded of it. */
export interface Recorded {
  readonly clientId: string
  readonly objectId?: string | undefined
  readonly servicePrincipalId?: string | undefined
  readonly retirement?: Retirement | undefined
}

export interface Advanced {
  /** Of the applications that are still there, by name. */
  readonly retirements: Readonly<Record<string, Retirement>>
  /** By name: those that this deployment leaves out, and those that are no longer declared but could be restored. */
  readonly deleted: Readonly<Record<string, DeletedApp>>
  /** Deletions that were asked for and are left out, each with why. */
  readonly ignored: readonly { readonly app: string; readonly reason: string }[]
}

/**
 * Which applications are at their end after this deployment. It deletes only what was asked for, is declared to be
 * retired, and has been disabled for as long as declared; whoever asks too early gets nothing.
 *
 * @param apps every declared application
 * @param last what the last deployment recorded
 * @param wanted names of the applications to delete
 * @param needed names of the applications that others need
 */
export function advanceRetirements(
  apps: Readonly<Record<string, Declared>>,
  last: {
    readonly facts: Readonly<Record<string, Recorded>>
    readonly deleted: Readonly<Record<string, DeletedApp>>
  },
  wanted: readonly string[],
  needed: ReadonlySet<string>,
  now: Date,
): Advanced {
  const retirements: Record<string, Retirement> = {}
  const deleted: Record<string, DeletedApp> = {}
  const ignored: { app: string; reason: string }[] = []
  for (const [name, { displayName, retire }] of Object.entries(apps)) {
    if (!retire) continue
    const gone = last.deleted[name]
    if (gone) {
      deleted[name] = gone
      continue
    }
    const facts = last.facts[name]
    const since = facts?.retirement?.since ?? instantAfter(now)
    const deleteFrom = instantAfter(new Date(since), parseDuration(retire.after))
    retirements[name] = { since, deleteFrom }
    if (!wanted.includes(name)) continue
    const reason = refusal(facts, deleteFrom, needed.has(name), now)
    if (reason !== undefined) ignored.push({ app: name, reason })
    else {
      delete retirements[name]
      const { clientId = '', objectId = '', servicePrincipalId = '' } = facts ?? {}
      deleted[name] = { at: instantAfter(now), displayName, clientId, objectId, servicePrincipalId }
    }
  }
  for (const [name, gone] of Object.entries(last.deleted)) {
    if (!Object.hasOwn(apps, name) && now.getTime() - Date.parse(gone.at) < RESTORABLE) deleted[name] = gone
  }
  for (const name of wanted) {
    if (!apps[name]?.retire && !deleted[name])
      ignored.push({ app: name, reason: 'it is not declared to be retired' })
  }
  return { retirements, deleted, ignored }
}

function refusal(
  facts: Recorded | undefined,
  deleteFrom: string,
  isNeeded: boolean,
  now: Date,
): string | undefined {
  if (!facts?.retirement) return 'its sign-in was not disabled before'
  if (Date.parse(deleteFrom) > now.getTime()) return `it is kept until ${deleteFrom}`
  return isNeeded ? 'another application of the stack needs it' : undefined
}
