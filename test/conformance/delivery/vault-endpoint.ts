import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import type { RunningTenant } from '../../../tenant/index.ts'
import { certificateAuthority, serverCertificate } from '../../../tenant/lib/certificates.ts'

/** The resource that Key Vault's tokens are for. */
const RESOURCE = 'https://vault.azure.net'

interface Version {
  readonly version: string
  readonly value: string
  readonly contentType?: string
  readonly tags?: Record<string, string>
  readonly attributes: Record<string, unknown>
}

/** A double of Key Vault's data plane, as much as delivery uses: set and get secrets, for callers with a token of the tenant. */
export interface VaultEndpoint {
  readonly url: string
  readonly versions: Map<string, Version[]>
  /** Requests that were refused for want of a valid token. */
  refused(): number
  /** The certificate that it serves with. */
  readonly tls: { readonly cert: string; readonly key: string }
  /** Answers writes with this status from now on. */
  refuseWrites(status: number): void
  close(): Promise<void>
}

export async function openVault(tenant: RunningTenant, dataDir: string): Promise<VaultEndpoint> {
  const { certificatePem, keyPem } = await serverCertificate(await certificateAuthority(dataDir))
  const tls = { cert: certificatePem, key: keyPem }
  const keys = createRemoteJWKSet(new URL(`${tenant.url}/${tenant.tenantId}/discovery/v2.0/keys`))
  const versions = new Map<string, Version[]>()
  let refused = 0
  let refusal: number | undefined

  const server = createServer(tls, (request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `https://localhost:${(server.address() as AddressInfo).port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    const verified = token && (await jwtVerify(token, keys, { audience: RESOURCE }).catch(() => undefined))
    const body = await read(request)
    if (!verified) {
      refused++
      const challenge = `Bearer authorization="${tenant.url}/${tenant.tenantId}", resource="${RESOURCE}"`
      return send(response, 401, { error: { code: 'Unauthorized' } }, { 'www-authenticate': challenge })
    }
    const [, , name = '', version] = new URL(request.url ?? '/', url).pathname.split('/')
    if (request.method === 'PUT') return write(response, name, JSON.parse(body))
    const all = versions.get(name) ?? []
    const found = version ? all.find((each) => each.version === version) : all.at(-1)
    if (!found)
      return send(response, 404, { error: { code: 'SecretNotFound', message: `${name} not found` } })
    return send(response, 200, bundle(name, found))
  }

  function write(response: ServerResponse, name: string, body: Omit<Version, 'version'>): void {
    if (refusal !== undefined) {
      send(response, refusal, { error: { code: 'Refused', message: 'as asked for' } })
      return
    }
    const attributes = {
      enabled: true,
      created: 1,
      updated: 1,
      recoveryLevel: 'Purgeable',
      ...body.attributes,
    }
    const stored = { ...body, attributes, version: randomBytes(16).toString('hex') }
    versions.set(name, [...(versions.get(name) ?? []), stored])
    send(response, 200, bundle(name, stored))
  }

  const bundle = (name: string, { version, ...rest }: Version) => ({
    ...rest,
    id: `${url}/secrets/${name}/${version}`,
  })

  return {
    url,
    versions,
    tls,
    refused: () => refused,
    refuseWrites: (status) => {
      refusal = status
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function read(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += chunk
  return body
}

function send(response: ServerResponse, status: number, body: object, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
