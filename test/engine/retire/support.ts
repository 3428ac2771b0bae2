import { join } from 'node:path'
import { REPOSITORY } from '../../support/stage.ts'
import type { TenantRequest } from '../rotation/killed-run.ts'

/** What a `KilledRun` of a retirement runs. */
export const RETIREMENT = join(REPOSITORY, 'test/engine/retire/driver.ts')

/** The request that disables sign-in, or enables it again. */
export function isDisabling({ method, path }: TenantRequest): boolean {
  return method === 'PATCH' && /\/servicePrincipals\/[^/]+$/.test(path)
}

/** The request that deletes a registration, after everything that hangs on it. */
export function isDeletion({ method, path }: TenantRequest): boolean {
  return method === 'DELETE' && /\/applications\/[^/]+$/.test(path)
}

/** Every kind of request by which an application with a secret and consent is deleted. */
export const DELETIONS: Readonly<Record<string, (request: TenantRequest) => boolean>> = {
  'app role': ({ method, path }) =>
    method === 'DELETE' && /\/appRole(Assignments|AssignedTo)\/[^/]+$/.test(path),
  scopes: ({ method, path }) => method === 'DELETE' && /\/oauth2PermissionGrants\/[^/]+$/.test(path),
  secret: ({ method, path }) => method === 'POST' && path.endsWith('/removePassword'),
  'service principal': ({ method, path }) => method === 'DELETE' && /\/servicePrincipals\/[^/]+$/.test(path),
  registration: isDeletion,
}

/** The requests that deleted something, each by its path; a request that was refused has deleted nothing. */
export function deletedPaths(requests: readonly TenantRequest[]): string[] {
  return requests.filter(({ method, status }) => method === 'DELETE' && status < 300).map(({ path }) => path)
}

/** Whether the outputs in a state record that an application is deleted: Pulumi writes them when a deployment is done. */
export function recordsDeletion(state: string, app: string): boolean {
  if (state === '') return false
  const resources: { type: string; outputs?: { deletedApps?: object } }[] =
    JSON.parse(state).checkpoint?.latest?.resources ?? []
  const stack = resources.find(({ type }) => type === 'pulumi:pulumi:Stack')
  return Object.hasOwn(stack?.outputs?.deletedApps ?? {}, app)
}
