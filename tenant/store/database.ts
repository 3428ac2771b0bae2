import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { TenantError } from '../errors/tenant-error.ts'

/** The low byte of SQLite's result codes; the bytes above it tell kinds of the same. */
const PRIMARY_CODE = 0xff
const SQLITE_BUSY = 5

/** The version of the tables below, kept in SQLite's `user_version`; a file from a newer one is refused. */
const SCHEMA_VERSION = 1

const SCHEMA = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE entities (
    entity_set TEXT NOT NULL,
    id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (entity_set, id)
  ) WITHOUT ROWID;
`

/**
 * Opens (or makes) the tenant's database file, mode 0600, for this process alone.
 *
 * The lock is SQLite's own exclusive file lock: it goes when the process goes, however it ends. In WAL
 * mode `synchronous = NORMAL` hands every commit to the operating system before it returns: what was answered survives a
 * kill of the process; only the last moments before a power cut may be lost, and never half a transaction ("PRAGMA
 * synchronous" in SQLite's documentation).
 *
 * @param durable false: nothing waits for the disk, for data that nobody needs after the process
 * @throws TenantError `DATA_DIR_IN_USE` when another tenant has the file open, `DATA_DIR_UNREADABLE` when it cannot be
 *   created, is not a database, or comes from a newer version.
 */
export function openDatabase(file: string, durable = true): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    closeSync(openSync(file, 'a', 0o600))
    database = new DatabaseSync(file)
    database.exec(`PRAGMA synchronous = ${durable ? 'NORMAL' : 'OFF'}`)
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL')
    migrate(database, file)
    return database
  } catch (cause) {
    database?.close()
    throw asTenantError(cause, file)
  }
}

function migrate(database: DatabaseSync, file: string): void {
  // The write transaction also takes the exclusive lock at once, rather than at the first change.
  database.exec('BEGIN IMMEDIATE')
  const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
  if (found > SCHEMA_VERSION) {
    throw new TenantError(
      'DATA_DIR_UNREADABLE',
      `"${file}" was written by a newer version (schema ${found}, this one knows ${SCHEMA_VERSION}): use that version, or another data directory.`,
    )
  }
  if (found === 0) database.exec(`${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}`)
  database.exec('COMMIT')
}

function asTenantError(cause: unknown, file: string): unknown {
  if (cause instanceof TenantError) return cause
  if (isBusy(cause)) {
    return new TenantError(
      'DATA_DIR_IN_USE',
      `"${dirname(file)}" is in use by another local tenant: stop that one, or choose another data directory.`,
      { cause },
    )
  }
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new TenantError(
    'DATA_DIR_UNREADABLE',
    `"${file}" cannot be opened as a tenant's database (${reason}): check its permissions, or choose another data directory.`,
    { cause },
  )
}

function isBusy(cause: unknown): boolean {
  const code = cause instanceof Error && 'errcode' in cause ? cause.errcode : undefined
  return typeof code === 'number' && (code & PRIMARY_CODE) === SQLITE_BUSY
}
