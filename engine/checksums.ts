import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { replaceFileSync } from '../lib/replace-file.ts'
import { EngineError } from './errors.ts'

/** Names the SHA-256 checksums of Pulumi's archives that a team trusts, one per platform, separated by blanks or commas. */
export const PIN = 'ENTRA_APPS_PULUMI_SHA256'

/** The same of the azuread plugin's archive, for one platform: Pulumi takes one. */
const PLUGIN_PIN = 'ENTRA_APPS_AZUREAD_SHA256'

const SHA256 = /^[0-9a-f]{64}$/

/**
 * The checksums that the environment pins, in lower case; `undefined` when it pins none.
 *
 * @throws EngineError `PIN_INVALID`.
 */
export function pinnedChecksums(env: NodeJS.ProcessEnv): readonly string[] | undefined {
  const pins = (env[PIN] ?? '').split(/[\s,]+/).filter((word) => word !== '')
  return pins.length === 0 ? undefined : pins.map((pin) => checked(PIN, pin))
}

/**
 * The checksum that the environment pins for the azuread plugin.
 *
 * @throws EngineError `PIN_INVALID`.
 */
export function pinnedPluginChecksum(env: NodeJS.ProcessEnv): string | undefined {
  const pin = env[PLUGIN_PIN]?.trim()
  return pin ? checked(PLUGIN_PIN, pin) : undefined
}

function checked(variable: string, pin: string): string {
  const sum = pin.toLowerCase()
  if (SHA256.test(sum)) return sum
  throw new EngineError(
    'PIN_INVALID',
    `${variable}: "${pin}" is not a SHA-256 checksum. Expected 64 hexadecimal digits.`,
  )
}

/** The checksum that a release's list (the output of `sha256sum`) has for a file. */
export function listedChecksum(list: string, file: string): string | undefined {
  const lines = list.split('\n').map((line) => line.trim().split(/\s+\*?/))
  const [sum] = lines.find(([, name]) => name === file) ?? []
  return sum !== undefined && SHA256.test(sum.toLowerCase()) ? sum.toLowerCase() : undefined
}

/** The checksum of a file, hexadecimal, read in pieces: an archive has more than 100 MB. */
export async function checksumOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** The checksum that an archive had when it was first used on this computer; `undefined` when it was not. */
export function recordedChecksum(record: string): string | undefined {
  return existsSync(record) ? readFileSync(record, 'utf8').split(/\s/, 1)[0] : undefined
}

/** Records the checksum of an archive that was used, as `sha256sum` prints it. */
export function recordChecksum(record: string, archive: string, sum: string): void {
  replaceFileSync(record, `${sum}  ${archive}\n`, { mode: 0o600 })
}
