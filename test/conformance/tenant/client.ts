import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import { type RunningTenant, startTenant, type TenantOptions } from '../../../tenant/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers are JSON of many shapes, and each test asserts what it reads
export type Answer = any

export interface Response {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The body as JSON, undefined when there is none. */
  readonly json: Answer
}

export interface Send {
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

/** A tenant of a test's own, with a caller's view of it. */
export interface TestTenant {
  readonly tenant: RunningTenant
  readonly dataDir: string
  /** Any request, with nothing added to it. */
  readonly send: Caller
  /** The token endpoint with a form. */
  requestToken(
    form: Record<string, string>,
    options?: { tenant?: string; headers?: Record<string, string> },
  ): Promise<Response>
  /** A token for Graph, of the deployer or of the client given. */
  token(client?: { clientId: string; secret: string }): Promise<string>
  /** A Graph request with the deployer's token (or another), JSON in and out. */
  graph(method: string, path: string, body?: unknown, token?: string): Promise<Response>
  /** Creates an application with a service principal, a secret, and Graph application permissions. */
  client(roles: readonly string[]): Promise<TestClient>
  close(): Promise<void>
}

export interface TestClient {
  readonly clientId: string
  readonly secret: string
  readonly application: Answer
  readonly servicePrincipal: Answer
}

/** Starts a tenant in a directory of its own; `close` removes both. */
export async function openTenant(options: Partial<TenantOptions> = {}): Promise<TestTenant> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'tenant-test-'))
  const tenant = await startTenant({
    listOrder: 'reversed',
    temporary: options.dataDir === undefined,
    ...options,
    dataDir,
  })
  const secret = readFileSync(tenant.deployer.secretFile, 'utf8').trim()

  const send = connectTo(tenant)

  const requestToken: TestTenant['requestToken'] = (form, options = {}) =>
    send('POST', `/${options.tenant ?? tenant.tenantId}/oauth2/v2.0/token`, {
      body: new URLSearchParams(form),
      headers: options.headers ?? {},
    })

  const token: TestTenant['token'] = async (client = { clientId: tenant.deployer.clientId, secret }) => {
    const answer = await requestToken(clientCredentials(client.clientId, client.secret, tenant.graphUrl))
    if (answer.status !== 200) throw new Error(`no token for ${client.clientId}: ${answer.text}`)
    return answer.json.access_token
  }

  let deployerToken: string | undefined
  const graph: TestTenant['graph'] = async (method, path, body, given) => {
    if (given === undefined) deployerToken ??= await token()
    return send(method, path.startsWith('/beta') ? path : `/v1.0${path}`, {
      body,
      headers: { authorization: `Bearer ${given ?? deployerToken}` },
    })
  }

  return {
    tenant,
    dataDir,
    send,
    requestToken,
    token,
    graph,
    client: (roles) => createClient(graph, roles),
    close: async () => {
      await tenant.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** The form of a client credentials request. */
export function clientCredentials(
  clientId: string,
  secret: string,
  resource: string,
): Record<string, string> {
  return {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: secret,
    scope: `${resource}/.default`,
  }
}

/** The answer's body, when it has the status that the test expects; otherwise an error that shows the answer. */
export function expectStatus(response: Response, status: number): Answer {
  if (response.status !== status) {
    throw new Error(`expected ${status}, got ${response.status}: ${response.text}`)
  }
  return response.json
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Answer {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
}

async function createClient(graph: TestTenant['graph'], roles: readonly string[]): Promise<TestClient> {
  const application = expectStatus(
    await graph('POST', '/applications', { displayName: `client ${randomUUID()}` }),
    201,
  )
  const servicePrincipal = expectStatus(
    await graph('POST', '/servicePrincipals', { appId: application.appId }),
    201,
  )
  const secret = expectStatus(
    await graph('POST', `/applications/${application.id}/addPassword`, {}),
    200,
  ).secretText
  if (roles.length > 0) await grant(graph, servicePrincipal.id, roles)
  return { clientId: application.appId, secret, application, servicePrincipal }
}

async function grant(
  graph: TestTenant['graph'],
  principalId: string,
  roles: readonly string[],
): Promise<void> {
  const filter = encodeURIComponent(`appId eq '${MICROSOFT_GRAPH_APP_ID}'`)
  const [resource] = expectStatus(await graph('GET', `/servicePrincipals?$filter=${filter}`), 200).value
  for (const role of roles) {
    const appRoleId = resource.appRoles.find((each: Answer) => each.value === role)?.id
    const assignment = { principalId, resourceId: resource.id, appRoleId }
    expectStatus(await graph('POST', `/servicePrincipals/${resource.id}/appRoleAssignedTo`, assignment), 201)
  }
}

type Caller = (method: string, path: string, options?: Send) => Promise<Response>

/** Sends requests to a server on this machine, trusting its certificate authority, one connection for each. */
export function connectTo(server: Pick<RunningTenant, 'port' | 'caPem'>): Caller {
  return (method, path, options = {}) => sendTo(server, method, path, options)
}

function sendTo(
  server: Pick<RunningTenant, 'port' | 'caPem'>,
  method: string,
  path: string,
  { body, headers = {} }: Send,
): Promise<Response> {
  const form = body instanceof URLSearchParams
  const isReady = body === undefined || typeof body === 'string' || body instanceof Buffer
  const payload = isReady ? body : form ? body.toString() : JSON.stringify(body)
  const length =
    payload === undefined || 'transfer-encoding' in headers
      ? {}
      : { 'content-length': String(Buffer.byteLength(payload)) }
  const type = form ? 'application/x-www-form-urlencoded' : 'application/json'
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: 'localhost',
        port: server.port,
        ca: server.caPem,
        method,
        path,
        agent: false,
        headers: {
          'content-type': type,
          ...length,
          ...headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text,
            json: isJson(incoming.headers) && text !== '' ? JSON.parse(text) : undefined,
          })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(payload)
  })
}

function isJson(headers: IncomingHttpHeaders): boolean {
  return headers['content-type']?.startsWith('application/json') === true
}
