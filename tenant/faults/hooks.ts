import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GraphError } from '../errors/graph-error.ts'
import type { LoginError } from '../errors/login-error.ts'
import type { Operation } from '../request/route.ts'
import { type Refusal, refusalFor } from './answers.ts'
import type { Faults } from './faults.ts'
import { describeRequest, type FaultableRequest } from './request.ts'
import type { Fault } from './rule.ts'

/** What strikes, and how its traces are left. */
export interface FaultHooks {
  readonly faults: Faults
  /** What a request asks Graph to do, where it serves that. */
  readonly operationOf: (request: FastifyRequest) => Operation | undefined
  /** Called for a request that gets no answer, since no other hook sees those. */
  readonly onDropped: (request: FastifyRequest, reply: FastifyReply) => void
  /** Sets the status of a refusal that takes the place of a ready answer, and returns its body. */
  readonly lostAnswer: (refusal: GraphError | LoginError, reply: FastifyReply) => string
}

/** Lets the rules strike: before a request is worked on, and when its answer is ready. */
export function registerFaults(server: FastifyInstance, hooks: FaultHooks): void {
  const { faults } = hooks
  // Nearly always there are none, and describing a request means to read its token.
  const describe = (request: FastifyRequest) =>
    faults.isEmpty ? undefined : describeUnlessAside(request, hooks.operationOf)
  const closing = new AbortController()
  server.addHook('preClose', async () => closing.abort())
  server.addHook('preHandler', async (request, reply) => {
    const described = describe(request)
    if (described === undefined) return
    for (const fault of faults.before(described)) {
      note(request, fault)
      if (fault.effect === 'delay') await sleep(fault.by, undefined, { ref: false, signal: closing.signal })
      else if (fault.effect === 'drop-before') return drop(hooks, request, reply)
      else throw refuse(fault, described, reply)
    }
  })
  server.addHook('onSend', async (request, reply, payload) => {
    const described = reply.statusCode < 300 ? describe(request) : undefined
    const fault = described && faults.after(described)
    if (described === undefined || fault === undefined) return payload
    note(request, fault)
    if (fault.effect === 'lose-answer') return hooks.lostAnswer(refuse(fault, described, reply), reply)
    // A request out of a batch has no connection of its own; what is in front of it waits in vain.
    if (!(request.raw.socket instanceof Socket)) {
      return hooks.lostAnswer(refusalFor({ effect: 'lose-answer' }, described.service), reply)
    }
    request.notes.dropped = true
    request.raw.socket.destroy()
    return payload
  })
}

function drop(hooks: FaultHooks, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.notes.dropped = true
  reply.hijack()
  hooks.onDropped(request, reply)
  // Ends the connection, and makes a batch notice where there is none.
  reply.raw.destroy(new Error('a fault has cut this request off'))
  return reply
}

function refuse(fault: Refusal, { service }: FaultableRequest, reply: FastifyReply): GraphError | LoginError {
  if (fault.retryAfter !== undefined) reply.header('retry-after', fault.retryAfter)
  return refusalFor(fault, service)
}

function note(request: FastifyRequest, fault: Fault): void {
  request.notes.faults = [...(request.notes.faults ?? []), fault.name ?? fault.effect]
}

/** Undefined for what is neither login nor Graph, which nothing hits. */
function describeUnlessAside(
  request: FastifyRequest,
  operationOf: FaultHooks['operationOf'],
): FaultableRequest | undefined {
  if (isAside(request.url)) return undefined
  return describeRequest({
    method: request.method,
    url: request.url,
    authorization: request.headers.authorization,
    body: request.body,
    operation: operationOf(request),
  })
}

/** The tenant's own addresses: its page, and control. */
function isAside(url: string): boolean {
  return /^\/(_control(\/|$)|$)/.test(url.split('?', 1)[0] ?? '')
}
