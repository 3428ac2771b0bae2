import { setTimeout } from 'node:timers/promises'
import type { ProofPorts } from '../model/ports.ts'
import type { Endpoints } from './endpoints.ts'
import { graphSender } from './graph.ts'
import { tokenRequester } from './token.ts'

export interface OpenPortsOptions {
  readonly now?: () => Date
  readonly random?: () => number
  /** Told of each request that goes out. */
  readonly onRequest?: (url: string) => void
}

/** The engine's ports onto the real world: `@azure/identity`, Graph, the clock. */
export function openPorts(
  endpoints: Endpoints,
  { now = () => new Date(), random = Math.random, onRequest }: OpenPortsOptions = {},
): ProofPorts {
  const watch = onRequest ? { onRequest } : {}
  return {
    requestToken: tokenRequester(endpoints, { now, ...watch }),
    askGraph: graphSender(endpoints.graphUrl, watch),
    graphUrl: endpoints.graphUrl,
    now,
    random,
    sleep: (ms, signal) => setTimeout(ms, undefined, signal ? { signal } : {}),
  }
}
