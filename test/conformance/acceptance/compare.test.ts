import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import { type Comparison, compare, renderComparison } from '../../../scripts/acceptance/compare.ts'
import { ownName } from '../../../scripts/acceptance/fence.ts'
import { Names } from '../../../scripts/acceptance/names.ts'
import { type Relay, startRelay } from '../../../scripts/acceptance/relay.ts'
import { sweep } from '../../../scripts/acceptance/sweep.ts'
import { trust } from '../../support/rehearsal.ts'
import { type Answer, expectStatus, openTenant, type TestTenant } from '../tenant/client.ts'

const FILES_READ_ALL = '01d4889c-1287-42c6-ac1f-5d1e02578ef6'
const ROLES = ['Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All', 'Directory.Read.All']

/** Changes an answer of the tenant that stands for the real one. */
type Alter = (path: string, answer: Answer, method: string) => void

let real: TestTenant
let local: TestTenant
let dir: string
let relay: Relay
let alter: Alter
let token: string

beforeEach(async () => {
  ;[real, local] = await Promise.all([
    openTenant({ deployerRoles: ROLES }),
    openTenant({ deployerRoles: ROLES }),
  ])
  trust(real.tenant.caPem)
  trust(local.tenant.caPem)
  alter = () => {}
  dir = await mkdtemp(join(tmpdir(), 'acceptance-relay-'))
  const names = new Names()
  names.set(real.tenant.tenantId, '{tenant}')
  names.set(real.tenant.deployer.clientId, '{deployer}')
  names.set(await secretOf(real), '{deployer-secret}')
  names.set(real.tenant.deployer.objectId, '{deployer-object}')
  relay = await startRelay({
    upstream: { loginUrl: real.tenant.url, graphUrl: real.tenant.graphUrl },
    dir,
    names,
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      const text = await response.text()
      if (!/json/.test(response.headers.get('content-type') ?? ''))
        return new Response(text || null, response)
      const answer = JSON.parse(text)
      alter(new URL(String(input)).pathname, answer, String(init?.method))
      return new Response(JSON.stringify(answer), response)
    },
  })
  trust(relay.caPem)
  token = await login(real.tenant.deployer.clientId, await secretOf(real))
})
afterEach(async () => {
  await relay.close()
  await Promise.all([real.close(), local.close(), rm(dir, { recursive: true, force: true })])
})

const secretOf = async ({ tenant }: TestTenant) => (await readFile(tenant.deployer.secretFile, 'utf8')).trim()

async function login(client_id: string, client_secret: string): Promise<string> {
  const grant = { grant_type: 'client_credentials', scope: `${relay.origin}/.default` }
  const response = await fetch(`${relay.origin}/${real.tenant.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...grant, client_id, client_secret }),
  })
  return ((await response.json()) as Answer).access_token
}

async function graph(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; json: Answer }> {
  const response = await fetch(`${relay.origin}/v1.0${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) }
}

/** What the job does, in few requests: an application with a secret that logs in, consent, and the end of all of it; returns what must stay in the tenant. */
async function work(): Promise<string[]> {
  const owner = `${relay.origin}/v1.0/directoryObjects/${real.tenant.deployer.objectId}`
  const { json: app } = await graph('POST', '/applications', {
    displayName: ownName('0badcafe', 'compared'),
    'owners@odata.bind': [owner],
  })
  const { json: principal } = await graph('POST', '/servicePrincipals', { appId: app.appId })
  const found = await graph('GET', `/servicePrincipals?$filter=appId eq '${MICROSOFT_GRAPH_APP_ID}'`)
  const assignment = await graph('POST', `/servicePrincipals/${principal.id}/appRoleAssignments`, {
    principalId: principal.id,
    resourceId: found.json.value[0].id,
    appRoleId: FILES_READ_ALL,
  })
  expect(assignment.status).toBe(201)
  const { json: secret } = await graph('POST', `/applications/${app.id}/addPassword`, {})
  expect(await login(app.appId, secret.secretText)).toEqual(expect.any(String))
  expect(await login(app.appId, `${secret.secretText}-wrong`)).toBeUndefined()
  const requests = [{ id: '1', method: 'GET', url: `/applications/${app.id}` }]
  expect((await graph('POST', '/$batch', { requests })).json.responses[0].status).toBe(200)
  const path = `/servicePrincipals/${principal.id}/appRoleAssignments/${assignment.json.id}`
  expect((await graph('DELETE', path)).status).toBe(204)
  expect((await graph('DELETE', `/applications/${app.id}`)).status).toBe(204)
  expect((await graph('GET', `/applications/${app.id}`)).status).toBe(404)
  return [
    app.id,
    app.appId,
    principal.id,
    found.json.value[0].id,
    assignment.json.id,
    secret.keyId,
    secret.secretText,
  ]
}

async function compared(): Promise<Comparison> {
  const { exchanges } = relay
  const { url, tenantId, deployer } = local.tenant
  const recording = { version: 1, run: '0badcafe', deployerRoles: ROLES, exchanges } as const
  return compare(recording, { url, tenantId, deployer: { ...deployer, secret: await secretOf(local) } })
}

describe('an acceptance recording', () => {
  it('played on a tenant that is alike shows no difference', async () => {
    await work()
    expect(renderComparison(await compared())).toBe('12 requests, no differences.')
  })

  it('shows status, error code, members and types in which a tenant differs, and nothing else', async () => {
    alter = (path, answer, method) => {
      if (method !== 'GET' || !/\/applications\/[^/]+$/.test(path)) return
      answer.newMember = 'text'
      answer.info = null
      answer.tags = 'text'
      delete answer.serviceManagementReference
    }
    const on = { method: 'PATCH', path: '/applications/*' }
    real.tenant.control.addFault({ effect: 'refuse', on, status: 400, code: 'Request_BadRequest', times: 1 })
    const { json: app } = await graph('POST', '/applications', {
      displayName: ownName('0badcafe', 'compared'),
    })
    await graph('GET', `/applications/${app.id}`)
    await graph('GET', `/applications/${app.id}`)
    expect((await graph('PATCH', `/applications/${app.id}`, { notes: 'refused' })).status).toBe(400)
    const operation = 'GET /v1.0/applications/{id}'
    const { differences } = await compared()
    expect(differences).toEqual([
      { operation, where: 'info', recorded: 'null', local: 'object', times: 2 },
      { operation, where: 'tags', recorded: 'string', local: 'list', times: 2 },
      { operation, where: 'newMember', recorded: 'string', local: 'absent', times: 2 },
      { operation, where: 'serviceManagementReference', recorded: 'absent', local: 'null', times: 2 },
      {
        operation: 'PATCH /v1.0/applications/{id}',
        where: 'status',
        recorded: '400',
        local: '204',
        times: 1,
      },
      {
        operation: 'PATCH /v1.0/applications/{id}',
        where: 'error code',
        recorded: 'Request_BadRequest',
        local: 'none',
        times: 1,
      },
    ])
  })

  it('leaves out what was refused only because it came too early', async () => {
    const on = { path: '/servicePrincipals', method: 'POST' }
    real.tenant.control.addFault({
      effect: 'refuse',
      on,
      status: 400,
      code: 'NoBackingApplicationObject',
      times: 1,
    })
    const { json: app } = await graph('POST', '/applications', { displayName: ownName('0badcafe', 'early') })
    expect((await graph('POST', '/servicePrincipals', { appId: app.appId })).status).toBe(400)
    expect((await graph('POST', '/servicePrincipals', { appId: app.appId })).status).toBe(201)
    expect((await compared()).differences).toEqual([])
  })

  it('holds no id, secret or token of the tenant', async () => {
    const own = await work()
    const text = JSON.stringify(relay.exchanges)
    const { tenantId, deployer } = real.tenant
    for (const value of [...own, tenantId, deployer.clientId, deployer.objectId, 'eyJ']) {
      expect(value).toBeTruthy()
      expect(text).not.toContain(value)
    }
    expect(text).not.toContain(await secretOf(real))
  })
})

describe('the relay', () => {
  it('lets no write reach what no acceptance run made', async () => {
    const { application, servicePrincipal } = await real.client([])
    const graphPrincipal = (
      await graph('GET', `/servicePrincipals?$filter=appId eq '${MICROSOFT_GRAPH_APP_ID}'`)
    ).json.value[0]
    const { json: own } = await graph('POST', '/applications', { displayName: ownName('0badcafe', 'own') })
    const requests = [{ id: '1', method: 'DELETE', url: `/applications/${application.id}` }]
    for (const [method, path, body] of [
      ['POST', '/applications', { displayName: 'another' }],
      ['POST', '/applications', {}],
      ['POST', '/servicePrincipals', { appId: application.appId }],
      ['PATCH', `/applications/${application.id}`, { notes: 'x' }],
      ['PATCH', `/applications(appId='${application.appId}')`, { notes: 'x' }],
      ['PATCH', `/applications/${own.id}`, { displayName: 'hidden from the sweep' }],
      ['DELETE', `/applications/${application.id}`, undefined],
      ['DELETE', `/servicePrincipals/${servicePrincipal.id}`, undefined],
      ['DELETE', `/directory/deletedItems/${application.id}`, undefined],
      ['POST', `/applications/${application.id}/addPassword`, {}],
      ['POST', '/oauth2PermissionGrants', { clientId: servicePrincipal.id, resourceId: graphPrincipal.id }],
      [
        'POST',
        `/servicePrincipals/${graphPrincipal.id}/appRoleAssignedTo`,
        { principalId: servicePrincipal.id },
      ],
      ['POST', '/users', { displayName: ownName('0badcafe', 'a user') }],
      ['POST', '/$batch', { requests }],
    ] as const) {
      const refused = await graph(method, path, body)
      expect([path, refused.status, refused.json?.error.code]).toEqual([path, 403, 'OutsideAcceptanceRun'])
    }
    expect((await graph('PATCH', `/applications/${own.id}`, { notes: 'x' })).status).toBe(204)
    expect((await graph('PATCH', `/applications(appId='${own.appId}')`, { notes: 'y' })).status).toBe(204)
    expect((await graph('GET', `/applications/${application.id}`)).status).toBe(200)
  })
})

describe('a sweep', () => {
  it('says what a deployer that may not remove applications for good leaves to Entra', async () => {
    const at = await openTenant()
    const graphOf = async (method: string, path: string) => {
      const { status, json, text } = await at.graph(method, path)
      if (status >= 300) throw new Error(text)
      return json ?? {}
    }
    try {
      const mine = ownName('0badcafe', 'mine')
      for (const displayName of [
        mine,
        ownName('0badbeef', 'of another run'),
        'entra-apps acceptance by hand',
      ]) {
        expectStatus(await at.graph('POST', '/applications', { displayName }), 201)
      }
      const { deleted, kept } = await sweep(graphOf, '0badcafe')
      expect(deleted).toEqual([mine])
      expect(kept).toEqual([
        expect.stringMatching(/^entra-apps acceptance 0badcafe mine: .*Authorization_RequestDenied/),
      ])
    } finally {
      await at.close()
    }
  })
})
