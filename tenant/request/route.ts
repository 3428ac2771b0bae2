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
  | 'putLogo'
  | 'getLogo'
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
