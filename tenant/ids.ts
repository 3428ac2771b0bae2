import { createHash, randomBytes } from 'node:crypto'

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The all-zero GUID: "default access" as an `appRoleId` (Microsoft Graph: appRoleAssignment resource type). */
export const EMPTY_GUID = '00000000-0000-0000-0000-000000000000'

/** Whether `text` is a GUID in the 8-4-4-4-12 form, in any case. */
export function isGuid(text: string): boolean {
  return GUID.test(text)
}

/** Lower-cases GUIDs, which compare without case; other ids (base64url) keep theirs, because there it matters. */
export function normaliseId(id: string): string {
  return isGuid(id) ? id.toLowerCase() : id
}

/**
 * The same GUID for the same namespace and name, always: RFC 9562 version 5.
 *
 * @param namespace a GUID, such as the tenant id
 */
export function guidFrom(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/**
 * The id of a delegated grant: base64url, without padding, over the GUIDs it joins (client, resource and, for one
 * user only, principal), so the same grant made again has the same id: 43 or 64 characters.
 */
export function grantId(...guids: readonly string[]): string {
  return Buffer.concat(guids.map(guidBytes)).toString('base64url')
}

/** The id of an app role assignment: base64url over the principal's GUID and 16 further bytes, 43 characters. */
export function assignmentId(principalId: string): string {
  return Buffer.concat([guidBytes(principalId), randomBytes(16)]).toString('base64url')
}

/** The 16 bytes of a GUID as .NET writes them: the first three groups little-endian. */
function guidBytes(guid: string): Buffer {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex')
  bytes.subarray(0, 4).reverse()
  bytes.subarray(4, 6).reverse()
  bytes.subarray(6, 8).reverse()
  return bytes
}
