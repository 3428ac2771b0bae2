import { join } from 'node:path'
import { REPOSITORY } from '../../support/stage.ts'
import type { TenantRequest } from '../rotation/killed-run.ts'

/** What a `KilledRun` of a retirement runs. */
export const RETIREMENT = join(REPOSITORY, 'test/engine/retire/driver.ts')

/** The request that disables sign-in. */
export function isDisabling({ method, path }: TenantRequest): boolean {
  return method === 'PATCH' && /\/servicePrincipals\/[^/]+$/.test(path)
}

/** The request that deletes a registration, after everything that hangs on it. */
export function isDeletion({ method, path }: TenantRequest): boolean {
  return method === 'DELETE' && /\/applications\/[^/]+$/.test(path)
}
