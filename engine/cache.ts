import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Context } from './context.ts'
import { EngineError, reasonOf } from './errors.ts'
import { executable, isExecutableFile } from './find.ts'

/** What an engine is made of. */
const PROGRAMS = ['pulumi', 'pulumi-language-nodejs']

/** How a cached engine came to be. */
export type Origin = 'download' | 'build'

const manifestShape = z.strictObject({
  version: z.string(),
  origin: z.enum(['download', 'build']),
  /** Checksum (SHA-256) of the archive that was downloaded. */
  archive: z.string().optional(),
  /** File name in `bin` → what it is. */
  programs: z.record(
    z.string(),
    z.strictObject({
      /** Hexadecimal. */
      sha256: z.string(),
      /** Size, place and last change of the file: while they stay the same, its 140 MB need not be read again. */
      stamp: z.string(),
    }),
  ),
})

type Manifest = z.infer<typeof manifestShape>

/** A finished engine in the cache. */
export interface CachedEngine {
  binDir: string
  command: string
  version: string
  origin: Origin
}

/** What made the content of an entry: for a download the archive's checksum; or why nothing was made. */
export type Made = { archive?: string } | { reason: string }

/** Where one engine lives: `key` names version and platform, so that a new pin or a shared home never meets an old entry. */
export interface Slot {
  /** The finished entry. It appears by a rename and is never changed afterwards. */
  entry: string
  /** Lock file for those who make the entry. */
  lock: string
  /** Prefix of the temporary folders in which it is made. */
  temporary: string
  /** The programs without which the entry is of no use, the one to be called first. */
  programs: readonly string[]
}

/**
 * The slot for a key, its parent folders created (readable by their owner only).
 *
 * @param programs without an extension, the one to be called first. Default: those of an engine.
 * @throws EngineError `CACHE_UNUSABLE` when they cannot be, or when somebody else may write there.
 */
export function slotFor(context: Context, key: string, programs: readonly string[] = PROGRAMS): Slot {
  const folder = join(context.cacheDir, 'engine')
  createFolder(folder)
  const foreign = foreignAccess(folder)
  if (foreign !== undefined) {
    const message = `The cache cannot be trusted: ${foreign}. Let ENTRA_APPS_CACHE name a folder of your own, or delete this one.`
    throw new EngineError('CACHE_UNUSABLE', message)
  }
  return {
    entry: join(folder, key),
    lock: join(folder, `${key}.lock`),
    temporary: join(folder, `${key}.tmp-`),
    programs: programs.map(executable),
  }
}

/** The file that keeps the checksum of a release archive from its first use on. */
export function recordOf(context: Context, archive: string): string {
  return join(context.cacheDir, 'engine', `${archive}.sha256`)
}

/**
 * The finished engine of a slot; `undefined` when there is none; `{ damaged }` says what is wrong with it.
 *
 * @param pins checksums of the archives that an engine may come from, if it was downloaded. Default: any.
 */
export function readEntry(
  slot: Slot,
  pins?: readonly string[],
): CachedEngine | { damaged: string } | undefined {
  let text: string
  try {
    text = readFileSync(join(slot.entry, 'entry.json'), 'utf8')
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const folder = statSync(slot.entry, { throwIfNoEntry: false })
    return missing && folder === undefined ? undefined : { damaged: 'its entry.json cannot be read' }
  }
  const manifest = manifestShape.safeParse(parseJson(text))
  if (!manifest.success) return { damaged: 'its entry.json is not what was written' }
  const { version, origin, archive, programs } = manifest.data
  const binDir = join(slot.entry, 'bin')
  const damaged =
    foreignAccess(slot.entry) ??
    foreignAccess(binDir) ??
    changed(binDir, programs) ??
    missing(binDir, slot.programs) ??
    unpinned(origin, archive, pins)
  if (damaged !== undefined) return { damaged }
  return { binDir, command: join(binDir, slot.programs[0] ?? ''), version, origin }
}

function unpinned(origin: Origin, archive = 'unknown', pins: readonly string[] = [archive]) {
  if (origin === 'build' || pins.includes(archive)) return undefined
  return `its archive has the checksum ${archive}, which is not pinned`
}

function missing(binDir: string, programs: readonly string[]): string | undefined {
  const name = programs.find((each) => !isExecutableFile(join(binDir, each)))
  return name && `${name} is missing or not executable`
}

/** The first file that is not as it was made. */
function changed(binDir: string, made: Manifest['programs']): string | undefined {
  for (const name of readdirSync(binDir)) {
    const file = join(binDir, name)
    const foreign = foreignAccess(file)
    if (foreign !== undefined) return foreign
    const { stamp, sha256 } = made[name] ?? {}
    if (stamp !== stampOf(file) && sha256 !== digestOf(file)) return `${name} has not its original content`
  }
  return undefined
}

/** Why somebody else could have put a program there; `undefined` when nobody could. Windows has no such owners. */
function foreignAccess(path: string): string | undefined {
  const { uid, mode } = statSync(path)
  const self = process.getuid?.()
  if (self === undefined) return undefined
  if (uid !== self) return `${path} belongs to another user`
  return mode & 0o022 ? `${path} can be written by other users` : undefined
}

/** The kernel alone sets the time of the last change (ctime), so that content cannot be replaced without it. */
function stampOf(file: string): string {
  const { size, ino, dev, ctimeNs } = statSync(file, { bigint: true })
  return `${size} ${dev}:${ino} ${ctimeNs}`
}

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

/**
 * Makes the entry of a slot: `make` fills the `bin` of a fresh temporary folder, which then takes the entry's name in one
 * rename. Whatever `make` throws or returns, nothing half-finished is left. Call it under the slot's lock only: it
 * removes a damaged entry and what killed processes left behind.
 *
 * @param make fills `<folder>/bin`.
 */
export async function makeEntry(
  slot: Slot,
  version: string,
  origin: Origin,
  make: (folder: string) => Promise<Made>,
): Promise<CachedEngine | { reason: string }> {
  removeLeftovers(slot)
  const folder = mkdtempSync(slot.temporary)
  try {
    const result = await make(folder)
    if ('reason' in result) return result
    const programs = programsIn(join(folder, 'bin'))
    const manifest: Manifest = { version, origin, programs, ...result }
    writeFileSync(join(folder, 'entry.json'), JSON.stringify(manifest))
    rmSync(slot.entry, { recursive: true, force: true })
    renameSync(folder, slot.entry)
    const made = readEntry(slot)
    if (made && 'binDir' in made) return made
    return { reason: `the finished engine is unusable: ${made?.damaged ?? 'it disappeared'}` }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/**
 * Creates a folder of the cache with its parents, for its owner only.
 *
 * @throws EngineError `CACHE_UNUSABLE`.
 */
export function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new EngineError(
      'CACHE_UNUSABLE',
      `Cannot create the cache folder "${folder}": ${reasonOf(cause)}. Let ENTRA_APPS_CACHE name a folder that you may write to.`,
      { cause },
    )
  }
}

function removeLeftovers(slot: Slot): void {
  const parent = join(slot.entry, '..')
  for (const name of readdirSync(parent)) {
    const path = join(parent, name)
    // Retries: a compiler that outlived its killed parent may still be writing there.
    if (path.startsWith(slot.temporary)) rmSync(path, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** What was made; for its owner to change only, whatever the umask and the owners in an archive. */
function programsIn(binDir: string): Manifest['programs'] {
  const files = readdirSync(binDir).map((name) => [name, join(binDir, name)] as const)
  for (const path of [join(binDir, '..'), binDir, ...files.map(([, file]) => file)]) {
    if (process.getuid?.() === 0) chownSync(path, 0, 0)
    chmodSync(path, 0o700)
  }
  return Object.fromEntries(
    files.map(([name, file]) => [name, { sha256: digestOf(file), stamp: stampOf(file) }]),
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
