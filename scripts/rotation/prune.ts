import type { RotationOutputs, StackOutputs } from '../../infra/contract/outputs.ts'
import { CommandError } from '../lib/errors.ts'
import type { DirectoryReader, Entity } from '../proof/directory/reader.ts'
import { thumbprintOf } from '../proof/directory/registration.ts'
import type { ProofPorts } from '../proof/index.ts'
import type { GraphAnswer } from '../proof/model/ports.ts'

/**
 * A credential of ours that no state knows, because an engine was killed before it could record it: a client secret that
 * is named like ours, whose value is lost; or a copy of a certificate, whose key the state has.
 */
export interface Orphan {
  readonly app: string
  readonly objectId: string
  readonly kind: 'secret' | 'certificate'
  readonly keyId: string
  readonly displayName: string
  /** RFC 3339. */
  readonly issuedAt: string
  /** So young that a deployment under way may be about to record it; never deleted. */
  readonly isYoung: boolean
}

type Found = Pick<Orphan, 'kind' | 'keyId' | 'displayName' | 'issuedAt'>

/** A deployment records a credential within minutes; the provider itself gives up after 15. */
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
  declared: Readonly<Record<string, RotationOutputs>>,
  { apps, ledger }: Pick<StackOutputs, 'apps' | 'ledger'>,
  known: ReadonlySet<string>,
  reader: DirectoryReader,
  now: Date,
): Promise<Orphan[]> {
  const entries = Object.entries(apps)
  const reads = await reader.objects(
    entries.map(
      ([, { objectId }]) => `/applications/${objectId}?$select=id,passwordCredentials,keyCredentials`,
    ),
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
    const thumbprints = new Set(
      Object.values(ledger[app] ?? {}).flatMap((generations) =>
        generations.flatMap(({ thumbprint }) => thumbprint ?? []),
      ),
    )
    const found = [...secretsNamed(names, read.value), ...copiesOf(thumbprints, read.value)]
    return found
      .filter(({ keyId }) => !known.has(keyId))
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
  for (const { app, objectId, kind, keyId } of deleted) {
    if (kind === 'certificate') {
      await removeKeys({ app, objectId }, (key) => key['keyId'] === keyId, reader, { askGraph })
      continue
    }
    const path = `/applications/${objectId}/removePassword`
    const sent = await askGraph({ token: token.value, method: 'POST', path, body: { keyId } })
    checkRemoval(`The secret ${keyId} of "${app}"`, sent)
  }
  return deleted
}

/** An application of the stack. */
interface Place {
  readonly app: string
  readonly objectId: string
}

/**
 * Deletes what is left in the tenant of a retired certificate: copies under other key ids, which a deployment that was
 * killed leaves.
 *
 * @returns how many there were
 * @throws CommandError DIRECTORY_UNREADABLE, PRUNE_FAILED
 */
export function removeCopies(
  place: Place,
  thumbprint: string,
  reader: DirectoryReader,
  ports: Pick<ProofPorts, 'askGraph'>,
): Promise<number> {
  return removeKeys(place, (key) => thumbprintOf(key) === thumbprint, reader, ports)
}

/** Certificates go by leaving them out of the list: `removeKey` wants proof of possession ("application: removeKey"). */
async function removeKeys(
  { app, objectId }: Place,
  isUnwanted: (key: Entity) => boolean,
  reader: DirectoryReader,
  { askGraph }: Pick<ProofPorts, 'askGraph'>,
): Promise<number> {
  const path = `/applications/${objectId}`
  const read = await reader.object(path)
  if (!read.ok) throw unreadable(app, read.failure)
  const all = listOf(read.value, 'keyCredentials')
  const keyCredentials = all.filter((key) => !isUnwanted(key))
  if (keyCredentials.length === all.length) return 0
  const token = await reader.token()
  if (!token.ok) throw unreadable(app, token.failure)
  const sent = await askGraph({ token: token.value, method: 'PATCH', path, body: { keyCredentials } })
  checkRemoval(`A certificate of "${app}"`, sent)
  return all.length - keyCredentials.length
}

function checkRemoval(what: string, sent: GraphAnswer): void {
  if (sent.ok && sent.answer.status < 300) return
  const said = sent.ok ? `Graph answered ${sent.answer.status}` : sent.failure.message
  throw new CommandError('PRUNE_FAILED', `${what} could not be deleted: ${said}`)
}

function secretsNamed(names: ReadonlySet<string>, application: Entity): Found[] {
  return listOf(application, 'passwordCredentials')
    .map((each) => describe('secret', each))
    .filter(
      ({ displayName }) => GENERATION.test(displayName) && names.has(displayName.replace(GENERATION, '')),
    )
}

function copiesOf(thumbprints: ReadonlySet<string>, application: Entity): Found[] {
  return listOf(application, 'keyCredentials')
    .filter((each) => thumbprints.has(thumbprintOf(each)))
    .map((each) => describe('certificate', each))
}

function describe(kind: Orphan['kind'], { keyId, displayName, startDateTime }: Entity): Found {
  return {
    kind,
    keyId: String(keyId),
    displayName: typeof displayName === 'string' ? displayName : '',
    issuedAt: String(startDateTime),
  }
}

function listOf(entity: Entity, member: 'passwordCredentials' | 'keyCredentials'): Entity[] {
  const list = entity[member]
  return Array.isArray(list) ? (list as Entity[]) : []
}

function unreadable(what: string, failure: { code: string; meaning: string } | undefined): CommandError {
  const why = failure ? `${failure.code}: ${failure.meaning}` : 'no answer'
  return new CommandError('DIRECTORY_UNREADABLE', `The registration of "${what}" could not be read (${why})`)
}
