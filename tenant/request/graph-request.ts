import type { Directory } from '../directory/directory.ts'
import type { QueryOptions } from '../odata/query.ts'
import type { Json } from '../store/entity.ts'
import type { Requirement, Route } from './route.ts'

/** Who calls, as the access token proves it. */
export interface Caller {
  readonly appId: string
  /** Object id of the calling service principal, or of the user that it calls for. */
  readonly objectId: string
  /** Application permissions; none in a token of a user. */
  readonly roles: readonly string[]
  /** Delegated permissions, when the token is of a user; undefined for an application that calls for itself. */
  readonly scopes?: readonly string[]
}

/** What a seed decides in place of the directory. Requests of clients never carry it. */
export interface SeededValues {
  readonly id?: string
  readonly appId?: string
  readonly secretText?: string
}

/** One Graph request, as operations and rules see it. */
export interface GraphRequest {
  readonly directory: Directory
  readonly route: Route
  readonly beta: boolean
  readonly caller: Caller
  /** What allowed the caller in. */
  readonly allowedBy: Requirement
  /** Whether the caller has a permission, by its token or by its directory roles. */
  readonly allows: (permission: string) => boolean
  /** Keys in the path, by name. */
  readonly parameters: { readonly [name: string]: string }
  readonly options: QueryOptions
  /** Whether the client accepts answers that lag behind (`ConsistencyLevel: eventual`), as advanced queries need it. */
  readonly isEventual: boolean
  /** Whether a PATCH may make what it does not find (`Prefer: create-if-missing`). */
  readonly createsMissing: boolean
  /** Path below the origin, as the client sent it, without the query. */
  readonly path: string
  readonly body: unknown
  readonly seeded?: SeededValues
}

/** What an operation answers. */
export interface GraphReply {
  readonly status: number
  readonly body?: { readonly [name: string]: Json }
  /** What the body is when it is not a JSON object. */
  readonly content?: { readonly type: string; readonly bytes: string | Buffer }
  readonly location?: string
}

/** The origin and version of this request: `https://localhost:8443/v1.0`. */
export function versionUrl(request: GraphRequest): string {
  return `${request.directory.url()}/${request.beta ? 'beta' : 'v1.0'}`
}

/** The value of `@odata.context`. */
export function contextUrl(request: GraphRequest, fragment: string): string {
  return `${versionUrl(request)}/$metadata#${fragment}`
}
