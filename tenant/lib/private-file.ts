import { replaceFileSync } from '../../lib/replace-file.ts'

/**
 * Writes a file that only its owner may read (mode 0600), all at once. A file that is there with wider permissions does
 * not pass them on.
 *
 * @param durable false: a power cut may take it away
 */
export function writePrivateFile(file: string, content: string, durable = true): void {
  replaceFileSync(file, content, { mode: 0o600, durable })
}
