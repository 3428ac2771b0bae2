import { isGuid } from '../../microsoft/guid.ts'
import type { Directory } from '../directory/directory.ts'
import { malformedTenant, unknownTenant } from '../errors/login-error.ts'

/** What the first segment of a login address stands for. */
export type TenantSegment = 'own' | 'common' | 'organizations' | 'consumers'

/** A domain name has at least two labels (RFC 1035 section 2.3.1; digits first as RFC 1123 section 2.1 allows). */
const DOMAIN = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$/

const TENANTLESS = ['common', 'organizations', 'consumers'] as const

/**
 * Reads the tenant segment of a login address: this tenant's id or domain, or one of the words for no tenant in
 * particular. Entra checks it before anything else.
 *
 * @throws LoginError AADSTS90002 for any other, 900023 for what is neither an id nor a domain name
 */
export function readTenantSegment(directory: Directory, segment: string): TenantSegment {
  const named = segment.toLowerCase()
  const tenantless = TENANTLESS.find((each) => each === named)
  if (tenantless !== undefined) return tenantless
  if (named === directory.tenantId || named === directory.domain) return 'own'
  throw isGuid(named) || DOMAIN.test(named) ? unknownTenant(segment) : malformedTenant(segment)
}
