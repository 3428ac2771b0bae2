import { existsSync, readFileSync } from 'node:fs'
import type { Directory } from '../directory/directory.ts'
import { writePrivateFile } from '../lib/private-file.ts'
import { secretMatches } from '../lib/secrets.ts'
import { applications } from '../model/applications.ts'
import { addPassword } from '../rules/passwords.ts'
import { isObject, objects } from '../store/entity.ts'
import { seedIds } from './seed.ts'

/** A secret that would expire sooner than this is replaced at start, so that it does not expire in use. */
const RENEW_BEFORE_MS = 24 * 3_600_000

/**
 * Sees to it that the file holds a secret that the deployer can sign in with: writes a new one (mode 0600) when the
 * file is missing, does not fit this directory, or holds one that is about to expire or not yet valid.
 */
export function ensureDeployerSecret(directory: Directory, file: string, durable: boolean): void {
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
  if (kept !== undefined && isUsable(directory, kept)) return
  const deployer = deployerApplication(directory)
  const { data, credential } = addPassword(
    applications,
    deployer,
    { displayName: 'deployer-secret' },
    directory.now(),
  )
  directory.store.transaction(() => directory.store.replace(applications.name, deployer, data))
  writePrivateFile(file, `${String(credential['secretText'])}\n`, durable)
}

function isUsable(directory: Directory, secret: string): boolean {
  const { data } = deployerApplication(directory)
  const hashes = isObject(data['secretHashes']) ? data['secretHashes'] : {}
  const now = directory.now().getTime()
  return objects(data['passwordCredentials']).some((credential) => {
    const hash = hashes[String(credential['keyId'])]
    const isValid =
      Date.parse(String(credential['startDateTime'])) <= now &&
      now + RENEW_BEFORE_MS <= Date.parse(String(credential['endDateTime']))
    if (!isObject(hash) || !isValid) return false
    return secretMatches(secret, { salt: String(hash['salt']), hash: String(hash['hash']) })
  })
}

function deployerApplication(directory: Directory) {
  const { deployerApplicationId } = seedIds(directory.tenantId)
  const application = directory.store.get(applications.name, deployerApplicationId)
  if (application === undefined) throw new Error('the data directory has lost its deployer')
  return application
}
