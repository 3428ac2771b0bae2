import { randomUUID } from 'node:crypto'
import { exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type HashicorpVaultDeclaration,
  hashicorpVault,
} from '../../../infra/declaration/schema/delivery/hashicorp-vault.ts'
import { openTarget } from '../../../scripts/delivery/index.ts'
import { describeClient, INSTALL_TIMEOUT } from '../../support/clients/describe.ts'
import { OPENBAO_VERSION, type OpenBao, ROOT_TOKEN, startOpenBao } from '../../support/openbao.ts'
import { describeContract, type Place } from './contract.ts'
import { openFaultProxy } from './fault-proxy.ts'
import { KV_TOKEN, openKvDouble } from './kv-double.ts'
import { delivery } from './support.ts'

/** Calls the server as its administrator. */
async function call(url: string, token: string, path: string, body?: object, method = 'POST') {
  const answer = await fetch(`${url}/v1/${path}`, {
    method: body ? method : 'GET',
    headers: { authorization: `Bearer ${token}` },
    ...(body && { body: JSON.stringify(body) }),
  })
  return (answer.status === 204 ? {} : await answer.json()) as { data?: never; auth?: never }
}

const declared = (address: string, more: object = {}): HashicorpVaultDeclaration =>
  hashicorpVault.schema.parse({ address, path: 'apps/files', key: 'clientSecret', ...more })

const open = (declaration: HashicorpVaultDeclaration, env: NodeJS.ProcessEnv, more: object = {}) =>
  openTarget(
    { hashicorpVault: declaration },
    { projectDir: '.', env, azureCredential: () => expect.unreachable(), ...more },
  )

async function placeAt(url: string, token: string, close?: () => Promise<void>): Promise<Place> {
  // A secret of its own for each test: the server is the same.
  const path = `apps/${randomUUID()}`
  await call(url, token, `secret/data/${path}`, {
    options: { cas: 0 },
    data: { theirs: 'stays', port: 8443 },
  })
  const proxy = await openFaultProxy(url)
  const held = async () =>
    ((await call(url, token, `secret/data/${path}`)).data as unknown as { data: Record<string, string> }).data
  return {
    proxy,
    open: (more) => open(declared(proxy.url, { path }), { VAULT_TOKEN: token }, more),
    stored: async () => (await held())['clientSecret'],
    others: async () => ({ ...(await held()), clientSecret: undefined }),
    ...(close && { close }),
  }
}

describeContract('HashiCorp Vault (a double of its protocol)', async () => {
  const { url, close } = await openKvDouble()
  return placeAt(url, KV_TOKEN, close)
})

describeClient({ name: 'delivery to OpenBao', version: OPENBAO_VERSION }, 'python3', () => {
  let server: OpenBao
  beforeAll(async () => {
    server = await startOpenBao()
  }, INSTALL_TIMEOUT)
  afterAll(() => server?.close())
  const admin = (path: string, body?: object, method?: string) =>
    call(server.url, ROOT_TOKEN, path, body, method)

  describeContract('a server', () => placeAt(server.url, ROOT_TOKEN))

  const POLICY = 'path "secret/data/apps/files" { capabilities = ["create", "read", "patch"] }'

  it('needs no more than the policy of the documentation, and creates the secret', async () => {
    await admin('sys/policies/acl/deliver', { policy: POLICY }, 'PUT')
    await admin('sys/auth/approle', { type: 'approle' })
    await admin('auth/approle/role/deliver', { token_policies: ['deliver'], token_ttl: '5m' })
    const { data: role } = await admin('auth/approle/role/deliver/role-id')
    const { data: secret } = await admin('auth/approle/role/deliver/secret-id', {})
    const env = { VAULT_ROLE_ID: role?.['role_id'], VAULT_SECRET_ID: secret?.['secret_id'] }
    const target = open(declared(server.url), env)
    expect(await target.deliver(delivery())).toEqual({ version: '1' })
    expect(await target.deliver(delivery(2))).toEqual({ version: '2' })
    await expect(open(declared(server.url, { path: 'apps/other' }), env).deliver(delivery())).rejects.toThrow(
      /answered 403: .*permission denied.*lacks "read"/,
    )
  })

  it('logs in with the token of the pipeline', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256')
    await admin('sys/auth/jwt', { type: 'jwt' })
    await admin('auth/jwt/config', { jwt_validation_pubkeys: [await exportSPKI(publicKey)] })
    const role = {
      role_type: 'jwt',
      user_claim: 'sub',
      bound_audiences: [server.url],
      token_policies: ['deliver'],
    }
    await admin('sys/policies/acl/deliver', { policy: POLICY }, 'PUT')
    await admin('auth/jwt/role/deployer', role)
    const jwt = await new SignJWT({})
      .setProtectedHeader({ alg: 'RS256' })
      .setSubject('repo:octo/app')
      .setAudience(server.url)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey)
    const target = (token: string) =>
      open(declared(server.url, { login: { role: 'deployer' } }), { VAULT_ID_TOKEN: token })
    await target(jwt).deliver(delivery(3))
    expect(await target(jwt).holds(delivery(3))).toBe('yes')
    await expect(target('wrong').holds(delivery())).rejects.toThrow(/the login at "jwt" was refused \(400\)/)
  })

  it('loses no key to somebody who writes at the same time, and restores a deleted secret', async () => {
    const path = `apps/${randomUUID()}`
    const target = (key: string) => open(declared(server.url, { path, key }), { VAULT_TOKEN: ROOT_TOKEN })
    await Promise.all(['a', 'b', 'c'].map((key) => target(key).deliver(delivery())))
    const { data } = await admin(`secret/data/${path}`)
    const { value } = delivery()
    expect(data?.['data']).toEqual({ a: value, b: value, c: value })
    await fetch(`${server.url}/v1/secret/data/${path}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${ROOT_TOKEN}` },
    })
    expect(await target('a').holds(delivery())).toBe('no')
    expect(await target('a').deliver(delivery())).toEqual({ version: '4' })
  })
})

describe('delivery to HashiCorp Vault', () => {
  it('says how to log in, and sends its token to no other host', async () => {
    await expect(open(declared('http://127.0.0.1:1'), {}).deliver(delivery())).rejects.toMatchObject({
      exposed: false,
      message: expect.stringMatching(/no login: set VAULT_TOKEN/),
    })
    const withRole = open(declared('http://127.0.0.1:1', { login: { role: 'deployer' } }), {})
    await expect(withRole.holds(delivery())).rejects.toThrow(/no token of the pipeline: set VAULT_ID_TOKEN/)
  })

  it.each(['http://vault.example.com', 'vault.example.com', 'ftp://vault'])('is not told %s', (address) => {
    expect(hashicorpVault.schema.safeParse({ address, path: 'a', key: 'b' }).success).toBe(false)
  })

  it.each(['/a', 'a/', 'a//b', '../a', 'a/../b', 'a?b'])('refuses the path %s', (path) => {
    expect(
      hashicorpVault.schema.safeParse({ address: 'https://vault.example.com', path, key: 'b' }).success,
    ).toBe(false)
  })
})
