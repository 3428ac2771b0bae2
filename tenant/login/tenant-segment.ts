import type { Directory } from '../directory/directory.ts'
import { unknownTenant } from '../errors/login-error.ts'

/** What the first segment of a login address stands for. */
export type TenantSegment = 'own' | 'common' | 'organizations' | 'consumers'

const TENANTLESS = ['common', 'organizations', 'consumers'] as const

/**
 * Reads the tenant segment of a login address: this tenant's id or domain, or one of the words for no tenant in
 * particular. Entra checks it before anything else.
 *
 * @throws LoginError AADSTS90002 for any other
 */
export function readTenantSegment(directory: Directory, segment: string): TenantSegment {
  const named = segment.toLowerCase()
  const tenantless = TENANTLESS.find((each) => each === named)
  if (tenantless !== undefined) return tenantless
  if (named === directory.tenantId || named === directory.domain) return 'own'
  throw unknownTenant(segment)
}
