import type { Directory } from '../directory/directory.ts'
import { viewOf } from '../directory/view.ts'
import { operations } from '../graph/operations.ts'
import { routes } from '../graph/routes.ts'
import { entitySet } from '../model/index.ts'
import type { Caller, SeededValues } from '../request/graph-request.ts'
import { seedIds } from '../seed/seed.ts'
import type { Data, Entity } from '../store/entity.ts'
import { ControlError } from './errors.ts'

/** What a POST that the seed stands for is about. */
interface Action {
  /** As in the route table: `/applications/{id}/addPassword`. */
  readonly path: string
  /** The key in the path. */
  readonly id?: string
  readonly body: unknown
  readonly seeded?: SeededValues
}

/**
 * Carries out a POST of the route table as the deployer; who may do it is not asked.
 *
 * @returns the body of the answer
 * @throws GraphError as the request would be refused
 */
export function act(directory: Directory, { path, id = '', body, seeded = {} }: Action): Data {
  const route = routes.find((each) => each.method === 'POST' && each.path === path)
  if (route === undefined) throw new Error(`the route table has no POST ${path}`)
  const key = /\{(\w+)\}/.exec(path)?.[1]
  const reply = operations[route.operation]({
    directory,
    route,
    beta: false,
    caller: deployer(directory),
    allowedBy: { allOf: [] },
    allows: () => true,
    parameters: key === undefined ? {} : { [key]: id },
    options: new Map(),
    isEventual: false,
    createsMissing: false,
    path,
    body,
    seeded,
  })
  return reply.body ?? {}
}

/** Whoever carries out a seed. */
export function deployer(directory: Directory): Caller {
  const { deployerAppId, deployerPrincipalId } = seedIds(directory.tenantId)
  return { appId: deployerAppId, objectId: deployerPrincipalId, roles: [] }
}

/** Whether the set has an entity with this value of an indexed property. */
export function has(directory: Directory, set: string, property: string, value: string): boolean {
  return directory.store.find(set, property, value).length > 0
}

/** A user principal name, which a seed may write without its domain. */
export function withDomain(directory: Directory, name: string): string {
  return name.includes('@') ? name : `${name}@${directory.domain}`
}

/** @throws ControlError `CONTROL_INPUT` */
export function requireUser(directory: Directory, name: string): Entity {
  const upn = withDomain(directory, name)
  const [user] = directory.store.find('users', 'userPrincipalName', upn)
  if (user !== undefined) return user
  throw new ControlError('CONTROL_INPUT', `there is no user '${upn}'.`)
}

/**
 * The service principal with that display name or app id, and how Graph shows it.
 *
 * @throws ControlError `CONTROL_INPUT`
 */
export function requirePrincipal(
  directory: Directory,
  name: string,
): { readonly entity: Entity; readonly view: Data } {
  const set = entitySet('servicePrincipals')
  for (const entity of directory.store.all(set.name)) {
    const view = viewOf(directory, set, entity)
    if (view['displayName'] === name || view['appId'] === name.toLowerCase()) return { entity, view }
  }
  throw new ControlError(
    'CONTROL_INPUT',
    `no application or API is called '${name}'; name it by display name or app id.`,
  )
}
