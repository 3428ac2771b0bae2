import { GraphError } from '../errors/graph-error.ts'
import { LoginError } from '../errors/login-error.ts'
import type { FaultableRequest } from './request.ts'
import type { Fault } from './rule.ts'

/** The faults that answer something. */
export type Refusal = Extract<Fault, { effect: 'throttle' | 'unavailable' | 'refuse' | 'lose-answer' }>

/** What of a fault shows in the answer. */
type Wording =
  | Pick<Extract<Refusal, { effect: 'refuse' }>, 'effect' | 'status' | 'code' | 'message'>
  | Pick<Exclude<Refusal, { effect: 'refuse' }>, 'effect' | 'code' | 'message'>

/** Graph's codes and words (Microsoft Graph: error responses and resource types). */
const GRAPH_TEXTS: { readonly [status: number]: readonly [code: string, message: string] } = {
  400: ['Request_BadRequest', 'The request is malformed or incorrect.'],
  401: ['InvalidAuthenticationToken', 'Access token validation failure.'],
  403: ['Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'],
  404: [
    'Request_ResourceNotFound',
    'Resource does not exist or one of its queried reference-property objects are not present.',
  ],
  409: [
    'Directory_ConcurrencyViolation',
    'The request failed because the object was changed at the same time.',
  ],
  429: [
    'TooManyRequests',
    'Your request is throttled temporarily. Please try after the recommended backoff time.',
  ],
  500: ['InternalServerError', 'The server encountered an internal error. Please retry the request.'],
  502: ['BadGateway', 'A server between you and the service did not understand its answer.'],
  503: ['ServiceUnavailable', 'The service is temporarily unavailable. Please retry the request.'],
  504: ['GatewayTimeout', 'The service did not answer in time.'],
}

/** Entra's codes and words (Microsoft Entra authentication and authorization error codes). */
const LOGIN_TEXTS: { readonly [status: number]: readonly [code: number, error: string, text: string] } = {
  400: [9002313, 'invalid_request', 'Invalid request. Request is malformed or invalid.'],
  401: [7000215, 'invalid_client', 'Invalid client secret provided.'],
  429: [90055, 'temporarily_unavailable', 'There are too many incoming requests.'],
  503: [90033, 'temporarily_unavailable', 'A transient error has occurred. Please try again.'],
}

/** What the service that was asked answers. */
export function refusalFor(fault: Wording, service: FaultableRequest['service']): GraphError | LoginError {
  const status = statusOf(fault)
  return service === 'graph' ? graphRefusal(status, fault) : loginRefusal(status, fault)
}

function statusOf(fault: Wording): number {
  switch (fault.effect) {
    case 'throttle':
      return 429
    case 'unavailable':
      return 503
    case 'lose-answer':
      return 504
    case 'refuse':
      return fault.status
  }
}

function graphRefusal(status: number, { code, message }: Wording): GraphError {
  const [usualCode, usualMessage] = GRAPH_TEXTS[status] ?? ['UnknownError', 'The request failed.']
  return new GraphError(status, code ?? usualCode, message ?? usualMessage)
}

function loginRefusal(status: number, { code, message }: Wording): LoginError {
  const fallback = LOGIN_TEXTS[status < 500 ? 400 : 503] ?? [90033, 'temporarily_unavailable', '']
  const [usualCode, error, text] = LOGIN_TEXTS[status] ?? fallback
  const number = code === undefined ? usualCode : Number(code.replace(/^AADSTS/i, ''))
  return new LoginError(status, error, number, message ?? text)
}
