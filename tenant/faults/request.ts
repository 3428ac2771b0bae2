import { decodeJwt } from 'jose'
import type { Operation } from '../request/route.ts'

/** A request as fault rules look at it. */
export interface FaultableRequest {
  readonly service: 'graph' | 'login'
  readonly method: string
  /** Without query and, for Graph, without version. */
  readonly path: string
  readonly operation: string | undefined
  /** Lower-case app id that the caller names; not proved. */
  readonly caller: string | undefined
}

/** What a request shows of itself before anything is checked. */
export interface RawRequest {
  readonly method: string
  readonly url: string
  readonly authorization: string | undefined
  /** The parsed body. */
  readonly body: unknown
  /** The operation of the Graph route that serves it, if one does. */
  readonly operation: Operation | undefined
}

const GRAPH_VERSION = /^\/(v1\.0|beta)(?=\/|$)/i

const TOKEN_PATH = /\/oauth2\/(v2\.0\/)?token$/i

export function describeRequest(raw: RawRequest): FaultableRequest {
  const [whole = ''] = raw.url.replaceAll(/\/{2,}/g, '/').split('?', 1)
  const { method, operation } = raw
  if (GRAPH_VERSION.test(whole)) {
    const path = whole.replace(GRAPH_VERSION, '')
    return { service: 'graph', method, path, operation, caller: callerOfToken(raw.authorization) }
  }
  return {
    service: 'login',
    method,
    path: whole,
    operation: TOKEN_PATH.test(whole) ? 'token' : undefined,
    caller: callerOfForm(raw.body) ?? callerOfBasic(raw.authorization),
  }
}

/** Faults hit by who asks, not by who may: whether the token is good is for Graph to say. */
function callerOfToken(authorization: string | undefined): string | undefined {
  const token = /^bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) return undefined
  try {
    const { appid } = decodeJwt(token)
    return typeof appid === 'string' ? appid.toLowerCase() : undefined
  } catch {
    return undefined
  }
}

function callerOfForm(body: unknown): string | undefined {
  const clientId = body instanceof URLSearchParams ? body.get('client_id') : null
  return clientId?.toLowerCase()
}

function callerOfBasic(authorization: string | undefined): string | undefined {
  const encoded = /^basic\s+(\S+)$/i.exec(authorization ?? '')?.[1]
  return encoded && Buffer.from(encoded, 'base64').toString('utf8').split(':', 1)[0]?.toLowerCase()
}
