import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { certificateAuthority, serverCertificate } from '../../tenant/lib/certificates.ts'

/** The audience that Entra wants unless told otherwise. */
export const TOKEN_EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange'

export interface IssuerToken {
  readonly subject: string
  /** Default: Entra's. */
  readonly audience?: string
  /** Further claims, and other values for the usual ones. */
  readonly claims?: Record<string, unknown>
  /** Seconds since 1970; default: now. */
  readonly issuedAt?: number
  /** Signs with a key that the issuer does not publish. */
  readonly unpublishedKey?: boolean
}

/** A foreign OpenID Connect issuer on loopback HTTPS, which hands out tokens as CI systems and clusters do. */
export interface OidcIssuer {
  /** The `iss` of its tokens. */
  readonly issuer: string
  /** What to trust to reach it. */
  readonly caPem: string
  /** How often its discovery document and its keys were asked for. */
  readonly asked: { discovery: number; keys: number }
  /** A token, as the issuer's own systems get one. */
  token(wanted: IssuerToken): Promise<string>
  /** What a GitHub Actions job finds in its environment: an address and a bearer token that fetch tokens from it. */
  readonly gitHub: { readonly requestUrl: string; readonly requestToken: string; readonly subject: string }
  /** What the Kubernetes API server projects into a pod: a token for a service account. */
  serviceAccountToken(namespace: string, name: string): Promise<string>
  close(): Promise<void>
}

interface Key {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly jwk: JWK
}

const LIFETIME_SECONDS = 600

/** Starts an issuer on a free port, with a certificate authority of its own. */
export async function startOidcIssuer(): Promise<OidcIssuer> {
  const directory = mkdtempSync(join(tmpdir(), 'oidc-issuer-'))
  const authority = await certificateAuthority(directory)
  const certificate = await serverCertificate(authority)
  const asked = { discovery: 0, keys: 0 }
  const requestToken = randomUUID()
  const key = await createKey()
  const stranger = await createKey()

  const server = createServer({ key: certificate.keyPem, cert: certificate.certificatePem })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the issuer listens on no TCP port')
  const issuer = `https://localhost:${address.port}`
  const gitHub = {
    requestUrl: `${issuer}/token?api-version=2.0`,
    requestToken,
    subject: 'repo:contoso/files:ref:refs/heads/main',
  }

  const token: OidcIssuer['token'] = async (wanted) => {
    const signer = wanted.unpublishedKey ? stranger : key
    const now = wanted.issuedAt ?? Math.floor(Date.now() / 1000)
    const claims = {
      iss: issuer,
      sub: wanted.subject,
      aud: wanted.audience ?? TOKEN_EXCHANGE_AUDIENCE,
      iat: now,
      nbf: now,
      exp: now + LIFETIME_SECONDS,
      jti: randomUUID(),
      ...wanted.claims,
    }
    const header = { typ: 'JWT', alg: 'RS256', kid: signer.kid }
    return new SignJWT(claims).setProtectedHeader(header).sign(signer.privateKey)
  }

  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', issuer)
    if (url.pathname === '/.well-known/openid-configuration') {
      asked.discovery += 1
      return answer(response, 200, { issuer, jwks_uri: `${issuer}/keys` })
    }
    if (url.pathname === '/keys') {
      asked.keys += 1
      return answer(response, 200, { keys: [key.jwk] })
    }
    if (url.pathname === '/token') {
      if (request.headers.authorization !== `Bearer ${requestToken}`) return answer(response, 401, {})
      const audience = url.searchParams.get('audience') ?? 'https://github.com/contoso'
      return answer(response, 200, { value: await token({ subject: gitHub.subject, audience }) })
    }
    return answer(response, 404, {})
  })

  return {
    issuer,
    caPem: authority.pem,
    asked,
    token,
    gitHub,
    serviceAccountToken: (namespace, name) =>
      token({
        subject: `system:serviceaccount:${namespace}:${name}`,
        claims: { 'kubernetes.io': { namespace, serviceaccount: { name, uid: randomUUID() } } },
      }),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function createKey(): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const kid = randomUUID()
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
