import type { Directory } from '../directory/directory.ts'
import { secretMatches } from '../lib/secrets.ts'
import { isObject, objects } from '../store/entity.ts'
import { type Client, credentialHolders, type Proof } from './client.ts'
import { expiredSecret, wrongSecret } from './refusals/client.ts'

/**
 * Finds the password credential that `secret` is, on the application or its service principal.
 *
 * @throws LoginError AADSTS7000215 when none is, 7000222 when its time is over
 */
export function checkSecret(directory: Directory, client: Client, secret: string): Proof {
  const now = directory.now().getTime()
  let expired = false
  for (const { data } of credentialHolders(client)) {
    const hashes = isObject(data['secretHashes']) ? data['secretHashes'] : {}
    for (const credential of objects(data['passwordCredentials'])) {
      const keyId = String(credential['keyId'])
      const kept = hashes[keyId]
      if (!isObject(kept)) continue
      if (!secretMatches(secret, { salt: String(kept['salt']), hash: String(kept['hash']) })) continue
      if (now >= Date.parse(String(credential['endDateTime']))) expired = true
      else if (now >= Date.parse(String(credential['startDateTime']))) {
        return { kind: 'secret', credentialId: keyId }
      }
    }
  }
  throw expired ? expiredSecret(client.appId) : wrongSecret(client.appId)
}
