import { randomBytes } from 'node:crypto'
import { v5 } from 'uuid'
import { isGuid } from '../../microsoft/guid.ts'

/** The all-zero GUID: "default access" as an `appRoleId` (Microsoft Graph: appRoleAssignment resource type). */
export const EMPTY_GUID = '00000000-0000-0000-0000-000000000000'

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
  // As bytes: a tenant's id may be any GUID, and the library takes only text that names a version of UUID.
  return v5(name, Buffer.from(namespace.replaceAll('-', ''), 'hex'))
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
