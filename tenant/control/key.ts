import { randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { writePrivateFile } from '../lib/private-file.ts'

const KEY_BYTES = 32

/** The key of the control endpoint, from its file; a new one (mode 0600) when there is none. */
export function controlKey(file: string, durable: boolean): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const key = randomBytes(KEY_BYTES).toString('base64url')
  writePrivateFile(file, `${key}\n`, durable)
  return key
}

/** Whether an `Authorization` header carries the key; takes the same time wherever they differ. */
export function carriesKey(authorization: string | undefined, key: string): boolean {
  const given = Buffer.from(/^bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? '')
  const wanted = Buffer.from(key)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
