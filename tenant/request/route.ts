/** What is done with the resource that a path leads to. */
export type Operation =
  | 'list'
  | 'get'
  | 'count'
  | 'delta'
  | 'create'
  | 'update'
  | 'delete'
  | 'addReference'
  | 'removeReference'
  | 'setReference'
  | 'clearReference'
  | 'addPassword'
  | 'removePassword'
  | 'addTokenSigningCertificate'
  | 'createMember'
  | 'updateAllowedCombinations'
  | 'putLogo'
  | 'getLogo'
  | 'getProperty'
  | 'instantiate'
  | 'getByIds'
  | 'getMemberGroups'
  | 'checkMemberGroups'
  | 'restore'
  | 'purge'

const READING: readonly Operation[] = ['getByIds', 'getMemberGroups', 'checkMemberGroups']

/** Whether a route changes nothing, though some of those are called with POST. */
export function isRead({ method, operation }: Pick<Route, 'method' | 'operation'>): boolean {
  return method === 'GET' || READING.includes(operation)
}

/** One way to be allowed: all of these application permissions together. */
export interface Requirement {
  readonly allOf: readonly string[]
  /**
   * Enough only when the caller owns what it acts on: the object that the path names first (`target`), or the
   * application behind the service principal to create (`backingApplication`).
   */
  readonly owning?: 'target' | 'backingApplication'
  /** Enough only when the site that the request is about grants the caller's application a role. */
  readonly onGrantedSite?: true
}

/** One line of the coverage table: what is served, who may call it, and which page of Microsoft's says so. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Below `/v1.0` and `/beta`. */
  readonly path: string
  readonly operation: Operation
  readonly allowed: readonly Requirement[]
  /** Title of the page in the Microsoft Graph reference. */
  readonly source: string
  /** Whether `/v1.0` has it not. */
  readonly betaOnly: boolean
}

/** Any one of these permissions is enough. */
export const anyOf = (...permissions: readonly string[]): readonly Requirement[] =>
  permissions.map((permission) => ({ allOf: [permission] }))

/** A route as a row of a table. */
export type RouteRow = [
  method: Route['method'],
  path: string,
  operation: Operation,
  allowed: readonly Requirement[],
  source: string,
  version?: 'betaOnly',
]

/** Operations on a whole set, as `entityRows` makes routes for them. */
type EntityOperation = 'list' | 'count' | 'create' | 'get' | 'update' | 'delete'

/** What `entityRows` makes routes of. */
export interface EntityRoutes {
  /** Below the version: `/policies/claimsMappingPolicies`. */
  readonly address: string
  /** Name of the key in the path; default `id`. */
  readonly key?: string
  readonly read: readonly Requirement[]
  readonly write: readonly Requirement[]
  /** The resource as titles of the reference call it: `claimsMappingPolicy`. */
  readonly resource: string
  /** The resource in titles of lists; default: with an `s` behind it. */
  readonly plural?: string
  /** Default: list, create, get, update and delete. */
  readonly operations?: readonly EntityOperation[]
  readonly version?: 'betaOnly'
}

/** The routes of an entity set that is read and written as its table says. */
export function entityRows(routes: EntityRoutes): readonly RouteRow[] {
  const { address, key = 'id', read, write, resource, plural = `${resource}s` } = routes
  const one = `${address}/{${key}}`
  const rows: { readonly [name in EntityOperation]: RouteRow } = {
    list: ['GET', address, 'list', read, `List ${plural}`],
    count: ['GET', `${address}/$count`, 'count', read, `List ${plural}`],
    create: ['POST', address, 'create', write, `Create ${resource}`],
    get: ['GET', one, 'get', read, `Get ${resource}`],
    update: ['PATCH', one, 'update', write, `Update ${resource}`],
    delete: ['DELETE', one, 'delete', write, `Delete ${resource}`],
  }
  const { operations = ['list', 'create', 'get', 'update', 'delete'], version } = routes
  return operations.map((operation): RouteRow => {
    const [method, path, name, allowed, source] = rows[operation]
    return version === undefined
      ? [method, path, name, allowed, source]
      : [method, path, name, allowed, source, version]
  })
}
