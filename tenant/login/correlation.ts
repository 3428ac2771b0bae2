import { randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'

/** The client's own id for the exchange, from the form (MSAL) or the header; else a new one. */
export function correlationId(request: FastifyRequest): string {
  const fromForm = request.body instanceof URLSearchParams ? request.body.get('client-request-id') : null
  const header = request.headers['client-request-id']
  return fromForm || (typeof header === 'string' ? header : randomUUID())
}
