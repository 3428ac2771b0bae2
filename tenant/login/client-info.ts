import type { Directory } from '../directory/directory.ts'

/** The account of a sign-in as MSAL keys its cache by it: user and tenant, base64url JSON. */
export function clientInfo(directory: Directory, userId: string): string {
  return Buffer.from(JSON.stringify({ uid: userId, utid: directory.tenantId })).toString('base64url')
}
