import { renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Writes a file that only its owner may read (mode 0600), all at once: readers, and a start after a crash, see the old
 * content or the new one. A file that is there with wider permissions does not pass them on.
 */
export function writePrivateFile(file: string, content: string): void {
  const fresh = `${file}.new`
  rmSync(fresh, { force: true })
  writeFileSync(fresh, content, { mode: 0o600 })
  renameSync(fresh, file)
}
