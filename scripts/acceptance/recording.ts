import type { Names } from './names.ts'
import { type Shape, shapeOf } from './shape.ts'

/** A request and what was answered, fit to be shown to anybody. */
export interface Exchange {
  readonly api: 'graph' | 'login'
  readonly method: string
  /** With its query: `/v1.0/applications/{id-3}`. */
  readonly path: string
  /** Name of the token that it was sent with. */
  readonly token?: string
  /** The header of that name, which some queries need. */
  readonly consistencyLevel?: string
  /** JSON, or the members of a form. */
  readonly body?: unknown
  readonly status: number
  /** Graph's `error.code`; of the token endpoint its error with the AADSTS number. */
  readonly error?: string
  readonly answer?: Shape
}

/** What one run asked a tenant and was answered, in order. */
export interface Recording {
  /** Format of the file. */
  readonly version: 1
  readonly run: string
  /** Application permissions of the deployer. */
  readonly deployerRoles: readonly string[]
  readonly exchanges: readonly Exchange[]
}

/** One request with its answer, as they travelled. */
export interface Traffic {
  readonly api: Exchange['api']
  readonly method: string
  readonly path: string
  readonly token?: string | undefined
  readonly consistencyLevel?: string | undefined
  readonly body?: unknown
  readonly status: number
  readonly answer: unknown
}

/** Takes a request and its answer down. A batch becomes the requests that it holds. */
export function exchangesOf(traffic: Traffic, names: Names): Exchange[] {
  if (/^\/(v1\.0|beta)\/\$batch$/.test(traffic.path)) return batched(traffic).map((each) => one(each, names))
  return [one(traffic, names)]
}

function one(traffic: Traffic, names: Names): Exchange {
  const { api, method, path, token, consistencyLevel, body, status, answer } = traffic
  // First, so that secrets and tokens in it are known as such.
  const shape = shapeOf(answer, names)
  if (api === 'login') nameSecrets(body, names)
  const error = errorOf(answer)
  return {
    api,
    method,
    path: names.hide(path),
    ...(token !== undefined && { token: names.nameOf('token', token) }),
    ...(consistencyLevel !== undefined && { consistencyLevel }),
    ...(body !== undefined && { body: names.hideAll(body) }),
    status,
    ...(error !== undefined && { error }),
    ...(answer !== undefined && { answer: shape }),
  }
}

/** What a form proves its sender with, also where no answer has shown it. */
function nameSecrets(form: unknown, names: Names): void {
  for (const [member, value] of Object.entries(form ?? {})) {
    if (/secret|password|code|assertion$|refresh_token/.test(member)) names.nameOf('secret', String(value))
  }
}

interface Batch {
  readonly requests?: readonly { id: string; method: string; url: string; body?: unknown }[]
}

interface BatchAnswer {
  readonly responses?: readonly { id: string; status: number; body?: unknown }[]
}

function batched({ body, answer, ...rest }: Traffic): Traffic[] {
  const version = rest.path.slice(0, rest.path.lastIndexOf('/'))
  const responses = (answer as BatchAnswer | undefined)?.responses ?? []
  return ((body as Batch | undefined)?.requests ?? []).flatMap(({ id, method, url, body: sent }) => {
    const response = responses.find((each) => each.id === id)
    if (response === undefined) return []
    const path = `${version}/${url.replace(/^\//, '')}`
    return [{ ...rest, method, path, body: sent, status: response.status, answer: response.body }]
  })
}

/** The error code of an answer; undefined when it is not a refusal. */
export function errorOf(answer: unknown): string | undefined {
  const { error, error_codes: codes } = (answer ?? {}) as { error?: unknown; error_codes?: unknown }
  if (typeof error === 'string') return Array.isArray(codes) ? `${error} AADSTS${codes[0]}` : error
  const code = (error as { code?: unknown } | undefined | null)?.code
  return typeof code === 'string' ? code : undefined
}
