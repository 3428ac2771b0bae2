import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { getCACertificates } from 'node:tls'
import { ClientSecretCredential } from '@azure/identity'
import { Client } from '@microsoft/microsoft-graph-client'
import { afterAll, describe, expect, it } from 'vitest'
import { type LocalTenant, startTenant } from '../../../tenant/public.ts'
import { REPOSITORY, run } from '../../support/stage.ts'
import { type Answer, claimsOf } from './client.ts'

const [clientId, groupId, userId, tenantId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
const secret = randomUUID()
const REDIRECT_URI = 'https://shop.example.com/callback'

const tenant = await startTenant({
  tenantId,
  seed: {
    users: [{ id: userId, displayName: 'Edsger Dijkstra', userPrincipalName: 'edsger' }],
    groups: [{ id: groupId, displayName: 'Buyers', members: ['edsger'] }],
    applications: [
      {
        displayName: 'Orders API',
        appRoles: [{ value: 'Orders.Read.All' }],
        api: { oauth2PermissionScopes: [{ value: 'Orders.Read' }] },
        identifierUris: ['api://orders'],
      },
      {
        displayName: 'Shop',
        appId: clientId,
        web: { redirectUris: [REDIRECT_URI] },
        appRoles: [{ value: 'Buyer', allowedMemberTypes: ['User'] }],
        permissions: {
          'Microsoft Graph': { application: ['Sites.Selected', 'User.Read.All'], delegated: ['User.Read'] },
          'Orders API': { application: ['Orders.Read.All'], delegated: ['Orders.Read'] },
        },
        assignments: [{ group: 'Buyers', role: 'Buyer' }, { user: 'ada' }],
        secrets: [{ value: secret }],
      },
    ],
    sites: [
      { path: '/sites/shop', files: { Orders: { 'May.xlsx': 4096 } }, permissions: { Shop: ['write'] } },
      { path: '/sites/finance', permissions: { [clientId]: ['read'] } },
    ],
  },
})
afterAll(() => tenant.close())

const graph = ({ settings }: LocalTenant) => {
  const credential = new ClientSecretCredential(tenantId, clientId, secret, settings.azureIdentity)
  return Client.init({
    ...settings.graphClient,
    authProvider: async (done) => {
      const { token } = await credential.getToken(settings.graphScope)
      done(null, token)
    },
  })
}
const authorization = (redirectUri: string, more: Record<string, string> = {}) => {
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    scope: 'openid User.Read',
    redirect_uri: redirectUri,
    ...more,
  })
  return `${tenant.settings.msal.authority}/oauth2/v2.0/authorize?${query}`
}
const redeem = async (back: URL): Promise<Answer> => {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: clientId,
    client_secret: secret,
    redirect_uri: REDIRECT_URI,
    code: back.searchParams.get('code') ?? '',
  })
  const answer = await fetch(`${tenant.settings.msal.authority}/oauth2/v2.0/token`, { method: 'POST', body })
  return claimsOf(((await answer.json()) as Answer).id_token)
}

describe('a seed in code', () => {
  it('decides ids and secrets, and grants what clients need', async () => {
    expect(tenant.tenantId).toBe(tenantId)
    const { value } = await graph(tenant).api('/users').get()
    expect(value.find((each: Answer) => each.id === userId)?.userPrincipalName).toBe(
      `edsger@${tenant.domain}`,
    )
    const credential = new ClientSecretCredential(tenantId, clientId, secret, tenant.settings.azureIdentity)
    expect(claimsOf((await credential.getToken('api://orders/.default')).token).roles).toEqual([
      'Orders.Read.All',
    ])
    expect(tenant.control.seed({ sites: [{ path: '/sites/shop' }] })).toEqual([])
  })

  it('makes sites, and grants roles on them and on those that are there', async () => {
    const names = async (path: string) =>
      (await graph(tenant).api(path).get()).value.map(({ name }: Answer) => name)
    expect(await names('/sites/contoso.sharepoint.com:/sites/shop:/drive/root/children')).toEqual(['Orders'])
    expect(await names('/sites/contoso.sharepoint.com:/sites/finance:/drive/root/children')).toEqual([
      'Budget.xlsx',
    ])
    await expect(
      names('/sites/contoso.sharepoint.com:/sites/projects:/drive/root/children'),
    ).rejects.toThrow()
  })

  it('assigns people, whose tokens say so', async () => {
    const claims = await redeem(await tenant.signIn(authorization(REDIRECT_URI), 'edsger'))
    expect(claims).toMatchObject({ oid: userId, roles: ['Buyer'] })
    expect(await redeem(await tenant.signIn(authorization(REDIRECT_URI), 'ada'))).not.toHaveProperty('roles')
  })

  it.each([
    [{ applications: [{ displayName: 'x', appId: clientId }] }, /another application has the appId/],
    [{ users: [{ displayName: 'x', userPrincipalName: 'x', id: groupId }] }, /another object has the id/],
    [{ groups: [{ displayName: 'x', id: 'x' }] }, /groups\[0\]\.id: has to be a GUID/],
    [{ applications: [{ displayName: 'x', secrets: [{ value: 'short' }] }] }, /secrets\[0\]\.value: .*8/],
    [{ applications: [{ displayName: 'x', assignments: [{ role: 'y' }] }] }, /one of 'user' and 'group'/],
    [{ applications: [{ displayName: 'x', assignments: [{ group: 'y' }] }] }, /there is no group 'y'/],
    [
      { applications: [{ displayName: 'x', assignments: [{ user: 'ada', role: 'y' }] }] },
      /'x' has no app role 'y'/,
    ],
    [{ sites: [{ path: 'finance' }] }, /a path such as \/sites\/finance/],
    [{ sites: [{ path: '/sites/x', permissions: { Nobody: ['read' as const] } }] }, /called 'Nobody'/],
  ])('refuses %j', (seed, reason) => {
    expect(() => tenant.control.seed(seed)).toThrow(reason)
  })
})

describe('signing in', () => {
  it('goes back with the code and state, whatever response mode is asked for', async () => {
    for (const mode of ['query', 'fragment', 'form_post']) {
      const back = await tenant.signIn(
        authorization(REDIRECT_URI, { state: 's', response_mode: mode }),
        userId,
      )
      expect(back.href).toMatch(/^https:\/\/shop\.example\.com\/callback\?/)
      expect(Object.fromEntries(back.searchParams)).toMatchObject({ state: 's', code: expect.any(String) })
    }
  })

  it('says why it cannot', async () => {
    const back = await tenant.signIn(authorization(REDIRECT_URI, { scope: 'Mail.Read' }), 'edsger')
    expect(back.searchParams.get('error_description')).toMatch(/^AADSTS65001/)
    await expect(
      tenant.signIn(authorization('https://elsewhere.example.com/'), 'edsger'),
    ).rejects.toMatchObject({
      code: 'SIGN_IN_REFUSED',
      message: expect.stringMatching(/AADSTS50011: The redirect URI 'https:\/\/elsewhere/),
    })
  })
})

describe('the command', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tenant-command-'))
  afterAll(() => rmSync(dir, { recursive: true }))
  const start = (...args: string[]) =>
    run(process.execPath, [join(REPOSITORY, 'scripts/main.js'), 'tenant', '--data', dir, ...args], {
      cwd: dir,
      env: process.env,
      onOutput: (text, kill) => /"ready":true/.test(text) && stopAt(text, kill),
    })
  let stopAt: (text: string, kill: (signal: NodeJS.Signals) => void) => void

  it('says in a file when the tenant serves, and where', async () => {
    const file = join(dir, 'ready.json')
    const seed = join(dir, 'seed.yaml')
    writeFileSync(seed, 'groups: [{ displayName: Buyers }]')
    let ready: Answer
    stopAt = (_, kill) => {
      ready ??= JSON.parse(readFileSync(file, 'utf8'))
      kill('SIGTERM')
    }
    const ended = await start('--seed', seed, '--ready-file', file, '--tenant-id', tenantId)
    expect(ended.output).toContain('Added to the directory: Buyers.')
    expect(ready).toMatchObject({ tenantId, environment: { AZURE_AUTHORITY_HOST: ready.url } })
    expect(JSON.stringify(ready)).not.toContain(readFileSync(ready.deployer.secretFile, 'utf8').trim())
    expect(existsSync(file)).toBe(false)
  })

  it.each([
    [['--seed', 'nowhere.yaml'], /--seed: "nowhere.yaml" is not accessible \(ENOENT/],
    [['--ready-file', 'no/where.json'], /--ready-file: "no\/where.json" is not accessible \(ENOENT/],
    [['--tenant-id', groupId], /belongs to the tenant .*, not/],
  ])('refuses %j', async (args, reason) => {
    const ended = await start(...args)
    expect(ended.code).toBe(2)
    expect(ended.output).toMatch(reason)
  })
})

describe('a tenant of a test', () => {
  it('is one of several, trusted as long as it runs, and leaves nothing behind', async () => {
    await using other = await startTenant({ script: { lag: '1h', clock: { advance: '1d' } } })
    expect(other.control.lag().lists).toBe(3_600_000)
    expect(other.control.clock.now().getTime() - Date.now()).toBeGreaterThan(86_000_000)
    expect(other.env).toMatchObject({
      AZURE_AUTHORITY_HOST: other.url,
      ARM_CLIENT_SECRET: expect.any(String),
    })
    const health = await fetch(`${other.url}/_health`)
    expect(await health.json()).toEqual({ status: 'ready', tenantId: other.tenantId })
    const status = async (url: string) => (await fetch(url)).status
    expect([await status(tenant.url), await status(other.url)]).toEqual([200, 200])
    await other.close()
    expect(existsSync(dirname(other.caFile))).toBe(false)
    expect(getCACertificates('default').map((each) => each.trim())).not.toContain(other.caPem.trim())
    expect(await status(tenant.url)).toBe(200)
  })

  it('keeps its data where it is told to, and leaves trust to the clients if it is told so', async () => {
    const dataDir = join(mkdtempSync(join(tmpdir(), 'local-tenant-')), 'data')
    try {
      const first = await startTenant({ dataDir, trust: false })
      await expect(fetch(first.url)).rejects.toThrow()
      await first.close()
      await expect(startTenant({ dataDir, tenantId })).rejects.toMatchObject({ code: 'TENANT_ID' })
      await (await startTenant({ dataDir, tenantId: first.tenantId })).close()
      await expect(startTenant({ tenantId: 'contoso' })).rejects.toThrow('"contoso" is not a valid GUID')
    } finally {
      rmSync(dirname(dataDir), { recursive: true })
    }
  })

  it('does not start with a mistake in its seed, and leaves nothing behind then either', async () => {
    const ours = () => readdirSync(tmpdir()).filter((name) => name.startsWith('entra-apps-tenant-'))
    const before = ours()
    await expect(
      startTenant({ seed: { groups: [{ displayName: 'x', members: ['nobody'] }] } }),
    ).rejects.toThrow(/groups\[0\] 'x': there is no user 'nobody@/)
    expect(ours().filter((name) => !before.includes(name))).toEqual([])
  })
})
