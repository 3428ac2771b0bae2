import type { Properties } from './wire.ts'

/** Stable reasons for which the provider refuses or fails. */
export type PluginErrorCode =
  | 'CONFIGURATION_MISSING'
  | 'NOT_CONFIGURED'
  | 'NOT_LOOPBACK'
  | 'REDIRECTED'
  | 'TENANT_UNREACHABLE'
  | 'METADATA_INVALID'
  | 'SIGN_IN_REFUSED'
  | 'GRAPH_REFUSED'
  | 'NOT_SERVED'
  | 'NOT_FOUND'
  | 'AMBIGUOUS'
  | 'ALREADY_EXISTS'
  | 'INVALID_ID'
  | 'INVALID_ARGUMENTS'
  | 'NOT_IMPORTABLE'
  | 'NOT_REPLICATED'
  | 'PARTIALLY_CREATED'
  | 'CANCELLED'

/** A failure whose message names the thing, the rule and the fix. Never holds a secret. */
export class PluginError extends Error {
  readonly code: PluginErrorCode

  constructor(code: PluginErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'PluginError'
    this.code = code
  }
}

/** Graph answered a request with an error body. */
export class GraphError extends PluginError {
  readonly status: number
  /** Graph's own code, such as `Request_ResourceNotFound`. */
  readonly graphCode: string
  /** Graph's own message, without the request line that {@link message} starts with. */
  readonly reason: string
  /** Seconds that `Retry-After` asked for. */
  readonly retryAfter: number | undefined

  constructor(answer: {
    request: string
    status: number
    graphCode: string
    reason: string
    requestId: string | undefined
    retryAfter: number | undefined
  }) {
    const id = answer.requestId === undefined ? '' : ` (request-id ${answer.requestId})`
    super(
      'GRAPH_REFUSED',
      `${answer.request}: ${answer.status} ${answer.graphCode}: ${answer.reason}${id}${hint(answer.graphCode)}`,
    )
    this.name = 'GraphError'
    this.status = answer.status
    this.graphCode = answer.graphCode
    this.reason = answer.reason
    this.retryAfter = answer.retryAfter
  }
}

/** The object exists in the directory, but a step after its creation failed: the engine must remember its id. */
export class PartiallyCreatedError extends PluginError {
  readonly id: string
  readonly properties: Properties

  constructor(id: string, properties: Properties, cause: unknown) {
    super('PARTIALLY_CREATED', cause instanceof Error ? cause.message : String(cause), { cause })
    this.name = 'PartiallyCreatedError'
    this.id = id
    this.properties = properties
  }
}

function hint(graphCode: string): string {
  if (graphCode !== 'Authorization_RequestDenied') return ''
  return '. The deployer lacks a Graph permission for this request, or does not own the object'
}
