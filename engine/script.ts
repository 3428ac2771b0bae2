import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFileSync } from '../lib/replace-file.ts'
import { createFolder } from './cache.ts'

/**
 * Writes an executable script, unless it is there already.
 *
 * @param folder is created where it is missing.
 * @param name without an extension.
 * @returns its path.
 * @throws EngineError `CACHE_UNUSABLE`.
 */
export function writeScript(
  folder: string,
  name: string,
  command: { readonly posix: string; readonly windows: string },
): string {
  const windows = process.platform === 'win32'
  const file = join(folder, `${name}${windows ? '.cmd' : ''}`)
  const script = windows ? `${command.windows}\r\n` : `#!/bin/sh\n${command.posix}\n`
  if (existsSync(file) && readFileSync(file, 'utf8') === script) return file
  createFolder(folder)
  // In one step, because another run may be starting it at this moment.
  replaceFileSync(file, script, { mode: 0o755 })
  return file
}

/** A word for a POSIX shell. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
