import type { DirectoryReader } from '../proof/directory/reader.ts'
import type { ReadKind } from './read-objects.ts'

/** How many objects of a kind there are, where the tenant says so. */
export type Totals = Partial<Readonly<Record<ReadKind, number>>>

/** Asks how many there are; the directory does not count delegated grants ("Advanced query capabilities"). */
export async function countObjects(reader: DirectoryReader): Promise<Totals> {
  const [applications, principals] = await reader.counts(['/applications', '/servicePrincipals'])
  return {
    ...(applications !== undefined && { applications }),
    ...(principals !== undefined && { 'service principals': principals }),
  }
}

/**
 * A line that says how far a read is, and how long the rest takes if it goes on as it did.
 *
 * @param read how many objects of each kind were read
 * @param elapsedMs since the first of them was asked for
 */
export function describeProgress(
  read: ReadonlyMap<ReadKind, number>,
  totals: Totals,
  elapsedMs: number,
): string {
  const parts = [...read].map(([kind, count]) => {
    const total = totals[kind]
    return total === undefined ? `${count} ${kind}` : `${count} of ${Math.max(count, total)} ${kind}`
  })
  const rest = remaining(read, totals, elapsedMs)
  // A terminal cuts what is too long for it: what matters most stands first.
  const start = rest === undefined ? 'Read so far' : `About ${rest} left; read so far`
  return `${start}: ${parts.join(', ')}`
}

function remaining(
  read: ReadonlyMap<ReadKind, number>,
  totals: Totals,
  elapsedMs: number,
): string | undefined {
  const kinds = Object.keys(totals) as ReadKind[]
  const all = kinds.reduce((sum, kind) => sum + (totals[kind] ?? 0), 0)
  const done = kinds.reduce((sum, kind) => sum + (read.get(kind) ?? 0), 0)
  if (done === 0 || done >= all) return undefined
  const seconds = Math.ceil(((elapsedMs / done) * (all - done)) / 1000)
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
}
