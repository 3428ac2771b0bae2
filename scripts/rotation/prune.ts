import type { AppDeclaration } from '../../infra/declaration.ts'
import type { StackOutputs } from '../../infra/outputs.ts'
import { CommandError } from '../lib/errors.ts'
import type { DirectoryReader, Entity } from '../proof/directory/reader.ts'
import type { ProofPorts } from '../proof/index.ts'

/** A client secret that is named like ours and that no state knows: its value was lost before it could be recorded. */
export interface Orphan {
  readonly app: string
  readonly objectId: string
  readonly keyId: string
  readonly displayName: string
  /** RFC 3339. */
  readonly issuedAt: string
  /** So young that a deployment under way may be about to record it; never deleted. */
  readonly isYoung: boolean
}

/** A deployment records a secret within minutes; the provider itself gives up after 15. */
const YOUNG_MS = 3_600_000

/** Our naming: the declared display name, then the generation. */
const GENERATION = / g\d+$/

/**
 * Looks for orphans in the registrations of a stack.
 *
 * @param known key ids in the state
 * @throws CommandError DIRECTORY_UNREADABLE
 */
export async function findOrphans(
  declared: Readonly<Record<string, AppDeclaration>>,
  { apps }: Pick<StackOutputs, 'apps'>,
  known: ReadonlySet<string>,
  reader: DirectoryReader,
  now: Date,
): Promise<Orphan[]> {
  const entries = Object.entries(apps)
  const reads = await reader.objects(
    entries.map(([, { objectId }]) => `/applications/${objectId}?$select=id,passwordCredentials`),
  )
  return entries.flatMap(([app, { objectId, secrets }], i) => {
    const read = reads[i]
    if (!read?.ok) throw unreadable(app, read?.failure)
    const names = new Set([
      ...Object.values(declared[app]?.secrets ?? {}).map(({ displayName }) => displayName),
      ...Object.values(secrets).flatMap((live) =>
        live.map(({ displayName }) => displayName.replace(GENERATION, '')),
      ),
    ])
    return credentialsOf(read.value)
      .filter(({ keyId, displayName }) => !known.has(keyId) && isOurs(displayName, names))
      .map((credential) => ({
        app,
        objectId,
        ...credential,
        isYoung: now.getTime() - Date.parse(credential.issuedAt) < YOUNG_MS,
      }))
  })
}

/**
 * Deletes orphans, the young ones left out.
 *
 * @throws CommandError PRUNE_FAILED
 */
export async function deleteOrphans(
  orphans: readonly Orphan[],
  reader: DirectoryReader,
  { askGraph }: Pick<ProofPorts, 'askGraph'>,
): Promise<Orphan[]> {
  const deleted = orphans.filter(({ isYoung }) => !isYoung)
  if (deleted.length === 0) return []
  const token = await reader.token()
  if (!token.ok) throw unreadable('the directory', token.failure)
  for (const { app, objectId, keyId } of deleted) {
    const path = `/applications/${objectId}/removePassword`
    const sent = await askGraph({ token: token.value, method: 'POST', path, body: { keyId } })
    if (sent.ok && sent.answer.status < 300) continue
    const said = sent.ok ? `Graph answered ${sent.answer.status}` : sent.failure.message
    throw new CommandError('PRUNE_FAILED', `The secret ${keyId} of "${app}" could not be deleted: ${said}`)
  }
  return deleted
}

function isOurs(displayName: string, names: ReadonlySet<string>): boolean {
  return GENERATION.test(displayName) && names.has(displayName.replace(GENERATION, ''))
}

function credentialsOf(application: Entity): Pick<Orphan, 'keyId' | 'displayName' | 'issuedAt'>[] {
  const { passwordCredentials } = application
  const list = Array.isArray(passwordCredentials) ? (passwordCredentials as Entity[]) : []
  return list.map(({ keyId, displayName, startDateTime }) => ({
    keyId: String(keyId),
    displayName: typeof displayName === 'string' ? displayName : '',
    issuedAt: String(startDateTime),
  }))
}

function unreadable(what: string, failure: { code: string; meaning: string } | undefined): CommandError {
  const why = failure ? `${failure.code}: ${failure.meaning}` : 'no answer'
  return new CommandError('DIRECTORY_UNREADABLE', `The registration of "${what}" could not be read (${why})`)
}
