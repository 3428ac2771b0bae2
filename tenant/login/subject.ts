import { createHash } from 'node:crypto'

/**
 * The `sub` of a user: the same for one application always, another for each application, so that two of them cannot
 * tell that they know the same person (OpenID Connect Core 1.0 section 8.1).
 */
export function pairwiseSubject(userId: string, appId: string): string {
  return createHash('sha256').update(`${userId} ${appId}`).digest('base64url')
}
