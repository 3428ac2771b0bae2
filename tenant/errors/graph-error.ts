/** One entry of `error.details`. */
export interface GraphErrorDetail {
  readonly code: string
  readonly message: string
  readonly target?: string
}

/** A refusal in Graph's own terms: rendered as the body that Graph answers with. */
export class GraphError extends Error {
  readonly status: number
  readonly code: string
  readonly details: readonly GraphErrorDetail[]

  constructor(status: number, code: string, message: string, details: readonly GraphErrorDetail[] = []) {
    super(message)
    this.name = 'GraphError'
    this.status = status
    this.code = code
    this.details = details
  }
}

/** 400 with the directory's general code. */
export function badRequest(message: string, details: readonly GraphErrorDetail[] = []): GraphError {
  return new GraphError(400, 'Request_BadRequest', message, details)
}

/** 400 with the code of Graph's front, which reads requests before the directory sees them. */
export function invalidRequest(message: string): GraphError {
  return new GraphError(400, 'BadRequest', message)
}

/** 400 for a body that is not JSON, or not compressed as it says. */
export function unreadablePayload(): GraphError {
  return invalidRequest(
    'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
  )
}

/** 413 for a body beyond the limit, compressed or not. */
export function payloadTooLarge(): GraphError {
  return new GraphError(413, 'RequestEntityTooLarge', 'The request size exceeds the maximum limit.')
}

/** 415, after which the Graph SDKs send the body again as it is. */
export function unsupportedEncoding(encoding: string): GraphError {
  const message = `The content encoding '${encoding}' is not supported. The supported encoding is 'gzip'.`
  return new GraphError(415, 'UnsupportedMediaType', message)
}

/** 500 for a defect of this tenant. */
export function internalError(): GraphError {
  return new GraphError(500, 'InternalServerError', 'The local tenant failed. Its log says why.')
}

/** 400 for a property whose value does not fit; `reason` goes into the details, as Graph does it. */
export function invalidValue(resource: string, property: string, reason: string): GraphError {
  const message = `Invalid value specified for property '${property}' of resource '${resource}'.`
  return badRequest(message, [{ code: 'InvalidValue', message: reason, target: property }])
}

/** 400 for a property that must be there. */
export function valueRequired(resource: string, property: string): GraphError {
  return badRequest(`A value is required for property '${property}' of resource '${resource}'.`)
}

/** 404 for an id that is not an object's id (recorded from the real service). */
export function notFound(id: string): GraphError {
  return new GraphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  )
}

/** 403 for a caller without the permission (recorded from the real service). */
export function denied(): GraphError {
  return new GraphError(
    403,
    'Authorization_RequestDenied',
    'Insufficient privileges to complete the operation.',
  )
}

/** 401 for a token that is missing or not acceptable. */
export function unauthenticated(message: string): GraphError {
  return new GraphError(401, 'InvalidAuthenticationToken', message)
}

/**
 * 501 for what the real service has and this tenant has not. Never 404 or 500: clients take the first for an absent
 * object and repeat the second for minutes.
 */
export function notImplemented(what: string): GraphError {
  return new GraphError(501, 'NotImplemented', `The local tenant does not implement ${what}.`)
}
