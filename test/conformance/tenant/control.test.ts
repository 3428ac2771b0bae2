import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseSeed } from '../../../tenant/index.ts'
import { type Answer, expectStatus, openTenant, type Response, type TestTenant } from './client.ts'

let at: TestTenant
let key: string
beforeEach(async () => {
  at = await openTenant()
  key = readFileSync(at.tenant.controlKeyFile, 'utf8').trim()
})
afterEach(() => at.close())

const control = (
  method: string,
  path: string,
  body?: unknown,
  type = 'application/json',
): Promise<Response> =>
  at.send(method, `/_control${path}`, {
    body,
    headers: { authorization: `Bearer ${key}`, 'content-type': type },
  })

/** The deployer's secret is renewed when the clock passes its end. */
const deployerToken = (): Promise<string> =>
  at.token({
    clientId: at.tenant.deployer.clientId,
    secret: readFileSync(at.tenant.deployer.secretFile, 'utf8').trim(),
  })

const make = async (displayName: string): Promise<Answer> =>
  expectStatus(await at.graph('POST', '/applications', { displayName }), 201)

const names = async (): Promise<string[]> =>
  expectStatus(await at.graph('GET', '/applications?$select=displayName'), 200).value.map(
    (each: Answer) => each.displayName,
  )

describe('the control endpoint', () => {
  it('is closed without its key, at every address', async () => {
    expect(statSync(at.tenant.controlKeyFile).mode & 0o777).toBe(0o600)
    const token = await at.token()
    const attempts = [undefined, 'Bearer', `Bearer ${key}x`, `Bearer ${token}`, `Basic ${key}`]
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/faults'],
      ['POST', '/faults'],
      ['PUT', '/clock'],
      ['DELETE', '/snapshots/any'],
      ['GET', '/no-such-address'],
    ] as const) {
      for (const authorization of attempts) {
        const headers = authorization === undefined ? {} : { authorization }
        const answer = await at.send(method, `/_control${path}`, { headers })
        expect(answer.status, `${method} ${path} with ${authorization?.slice(0, 8)}`).toBe(401)
        expect(answer.text).not.toContain(key)
      }
    }
    expect((await control('GET', '')).status).toBe(200)
    expect((await control('GET', '/no-such-address')).status).toBe(404)
  })

  it('keeps its key over restarts', async () => {
    const { dataDir } = at
    await at.tenant.close()
    at = await openTenant({ dataDir })
    expect(readFileSync(at.tenant.controlKeyFile, 'utf8').trim()).toBe(key)
  })

  it('moves the clock, for good', async () => {
    const before = at.tenant.control.clock.now().getTime()
    const moved = expectStatus(await control('PUT', '/clock', { advance: '90d' }), 200)
    expect(Date.parse(moved.now) - before).toBeGreaterThanOrEqual(90 * 86_400_000)
    expectStatus(await control('PUT', '/clock', { set: '2031-01-31T12:00:00+01:00' }), 200)
    const made = await at.graph('POST', '/applications', { displayName: 'in 2031' }, await deployerToken())
    expect(expectStatus(made, 201).createdDateTime).toMatch(/^2031-01-31T11:00:/)
    const { dataDir } = at
    await at.tenant.close()
    at = await openTenant({ dataDir })
    expect(at.tenant.control.clock.now().getUTCFullYear()).toBe(2031)
    expectStatus(await at.graph('GET', '/applications'), 200)
  })

  it('keeps the deployer able to sign in, wherever the clock goes', async () => {
    for (const set of ['2040-01-01T00:00:00Z', '2030-01-01T00:00:00Z', '2050-01-01T00:00:00Z']) {
      expectStatus(await control('PUT', '/clock', { set }), 200)
      await deployerToken()
    }
  })

  it('sets lag and faults, and lists what is in force', async () => {
    const lag = expectStatus(await control('PUT', '/lag', { everywhere: '5s', roles: '1m' }), 200)
    expect([lag.objects, lag.roles]).toEqual([5000, 60_000])
    expect(expectStatus(await control('PUT', '/lag', '0'), 200).roles).toBe(0)
    const { id } = expectStatus(await control('POST', '/faults', { effect: 'throttle', times: 2 }), 201)
    expect((await at.requestToken({})).status).toBe(429)
    const { faults } = expectStatus(await control('GET', '/faults'), 200)
    expect(faults).toEqual([expect.objectContaining({ id, hits: 1, seen: 1 })])
    expectStatus(await control('DELETE', `/faults/${id}`), 204)
    expect((await control('DELETE', `/faults/${id}`)).status).toBe(404)
    expectStatus(await control('POST', '/faults', { effect: 'unavailable' }), 201)
    expectStatus(await control('DELETE', '/faults'), 204)
    expect(await names()).toEqual(['Deployer'])
  })

  it('carries out a script in YAML, all of it or nothing', async () => {
    const script = `
      lag: { roles: 30s }
      faults:
        - name: slow lists
          effect: delay
          by: 5ms
          on: { operation: list }
    `
    const state = expectStatus(await control('PUT', '/script', script, 'application/yaml'), 200)
    expect(state.lag.roles).toBe(30_000)
    expect(state.faults).toHaveLength(1)
    const broken = `
      lag: { rolls: 30s }
      clock: { advance: 1d, set: 2031-01-31T12:00:00Z }
      faults:
        - effect: throttle
          times: many
        - effect: explode
    `
    const refused = await control('PUT', '/script', broken, 'text/yaml')
    expect(refused.status).toBe(400)
    for (const part of ['rolls', 'clock', 'faults[0].times', 'faults[1].effect']) {
      expect(refused.json.error.message).toContain(part)
    }
    expect((await control('PUT', '/script', 'faults: [', 'text/yaml')).status).toBe(400)
    expect((await control('PUT', '/script', '{"faults": [', 'application/json')).status).toBe(400)
    expect(at.tenant.control.faults()).toHaveLength(1)
    expectStatus(await control('PUT', '/script', {}), 200)
    expect(at.tenant.control.faults()).toEqual([])
    expect(at.tenant.control.lag().roles).toBe(0)
  })

  it('shows the requests that fit, with who was allowed by what, and no secret', async () => {
    const { id } = await make('app')
    const { secretText } = expectStatus(await at.graph('POST', `/applications/${id}/addPassword`, {}), 200)
    expect((await at.graph('GET', '/users?$search=secret-question')).status).toBe(403)
    const { requests } = expectStatus(
      await control('GET', '/requests?path=ADDPASSWORD&status=2xx&limit=1'),
      200,
    )
    expect(requests).toEqual([
      {
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        method: 'POST',
        path: `/v1.0/applications/${id}/addPassword`,
        status: 200,
        callerAppId: at.tenant.deployer.clientId,
        allowedBy: 'Application.ReadWrite.OwnedBy',
        milliseconds: expect.any(Number),
      },
    ])
    const { requests: denied } = expectStatus(await control('GET', '/requests?status=403&method=get'), 200)
    expect(denied.map((each: Answer) => each.path)).toEqual(['/v1.0/users?$search'])
    expect((await control('GET', '/requests?status=often')).status).toBe(400)
    const all = (await control('GET', '/requests')).text
    const file = readFileSync(join(at.dataDir, 'requests.log'), 'utf8')
    expect(file.split('\n').length).toBeGreaterThan(4)
    for (const secret of [secretText, key, 'secret-question', await at.token()]) {
      expect(all).not.toContain(secret)
      expect(file).not.toContain(secret)
    }
  })
})

describe('a seed', () => {
  const seed = `
    users:
      - { displayName: Edsger Dijkstra, userPrincipalName: edsger, jobTitle: Programmer }
    groups:
      - { displayName: CRM users, members: [edsger, ada] }
    applications:
      - displayName: Legacy CRM
        notes: nobody knows who made it
        web: { redirectUris: [https://crm.example.com/callback] }
        permissions:
          Microsoft Graph: { application: [User.Read.All], delegated: [User.Read, Mail.Read] }
        secrets:
          - { displayName: forgotten, issuedAgo: 800d, lifetime: 730d }
          - { displayName: in use, issuedAgo: 80d, lifetime: 90d }
        federatedCredentials:
          - name: pipeline
            issuer: https://token.actions.example.com
            subject: repo:contoso/crm:ref:refs/heads/main
            audiences: [api://AzureADTokenExchange]
      - displayName: bare
        servicePrincipal: false
  `
  it('adds users and groups', async () => {
    await at.close()
    at = await openTenant({ deployerRoles: ['Directory.Read.All'] })
    at.tenant.control.seed(parseSeed(seed, 'the seed'))
    const filter = encodeURIComponent("displayName eq 'CRM users'")
    const [group] = expectStatus(await at.graph('GET', `/groups?$filter=${filter}`), 200).value
    const { value } = expectStatus(await at.graph('GET', `/groups/${group.id}/members`), 200)
    expect(value.map((each: Answer) => [each.userPrincipalName, each.jobTitle])).toEqual([
      ['ada@contoso.onmicrosoft.com', expect.any(String)],
      ['edsger@contoso.onmicrosoft.com', 'Programmer'],
    ])
    const bad = { groups: [{ displayName: 'x', members: ['nobody'] }] }
    expect(() => at.tenant.control.seed(bad)).toThrow(/groups\[0\] 'x': there is no user 'nobody@/)
  })

  it('adds applications with all that belongs to them, once', async () => {
    const added = expectStatus(await control('POST', '/seed', seed, 'application/yaml'), 200)
    expect(added).toEqual({ added: ['Edsger Dijkstra', 'CRM users', 'Legacy CRM', 'bare'] })
    const { value } = expectStatus(await at.graph('GET', '/applications'), 200)
    const crm = value.find((each: Answer) => each.displayName === 'Legacy CRM')
    const now = at.tenant.control.clock.now().getTime()
    expect(crm.notes).toBe('nobody knows who made it')
    expect(
      crm.passwordCredentials.map((each: Answer) => [each.displayName, Date.parse(each.endDateTime) > now]),
    ).toEqual([
      ['in use', true],
      ['forgotten', false],
    ])
    const federated = `/applications/${crm.id}/federatedIdentityCredentials`
    expect(expectStatus(await at.graph('GET', federated), 200).value).toHaveLength(1)
    const filter = (appId: string) =>
      `/servicePrincipals?$filter=${encodeURIComponent(`appId eq '${appId}'`)}`
    const [principal] = expectStatus(await at.graph('GET', filter(crm.appId)), 200).value
    const roles = await at.graph('GET', `/servicePrincipals/${principal.id}/appRoleAssignments`)
    expect(expectStatus(roles, 200).value).toHaveLength(1)
    const scopes = await at.graph('GET', `/servicePrincipals/${principal.id}/oauth2PermissionGrants`)
    expect(expectStatus(scopes, 200).value[0].scope).toBe('User.Read Mail.Read')
    const bare = value.find((each: Answer) => each.displayName === 'bare')
    expect(expectStatus(await at.graph('GET', filter(bare.appId)), 200).value).toEqual([])
    const again = expectStatus(await control('POST', '/seed', seed, 'application/yaml'), 200)
    expect(again).toEqual({ added: [] })
  })

  it('is refused as a whole, with every reason', async () => {
    const broken = {
      applications: [
        { displayName: 'good' },
        { displayName: 'bad role', permissions: { 'Microsoft Graph': { application: ['User.Fly.All'] } } },
        { displayName: 'bad property', colour: 'red' },
        { displayName: 'bad API', permissions: { Nowhere: { delegated: ['x'] } } },
      ],
    }
    const refused = await control('POST', '/seed', broken)
    expect(refused.status).toBe(400)
    for (const reason of ["applications[1] 'bad role'", 'User.Fly.All', 'colour', "'Nowhere'"]) {
      expect(refused.json.error.message).toContain(reason)
    }
    expect(await names()).toEqual(['Deployer'])
    const unread = await control('POST', '/seed', {
      applications: [{ secrets: [{ lifetime: 'long' }] }],
      people: [],
    })
    for (const reason of ['applications[0].displayName', 'applications[0].secrets[0].lifetime', 'people']) {
      expect(unread.json.error.message).toContain(reason)
    }
  })
})

describe('snapshots', () => {
  it('bring back the directory and the clock', async () => {
    await make('kept')
    const client = await at.client([])
    expectStatus(await control('PUT', '/snapshots/before'), 204)
    const file = join(at.dataDir, 'snapshots', 'before.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).not.toContain(client.secret)
    const then = at.tenant.control.clock.now().getTime()
    const order = await names()

    await make('gone')
    expectStatus(await at.graph('DELETE', `/applications/${client.application.id}`), 204)
    expectStatus(await control('PUT', '/clock', { advance: '30d' }), 200)
    at.tenant.control.setLag('1h')
    expectStatus(await control('POST', '/snapshots/before/restore'), 204)

    expect(await names()).toEqual(order)
    expect(at.tenant.control.clock.now().getTime() - then).toBeLessThan(86_400_000)
    await at.token(client)
    expect(expectStatus(await control('GET', '/snapshots'), 200).snapshots).toEqual(['before'])
    const { dataDir } = at
    await at.tenant.close()
    at = await openTenant({ dataDir })
    expect(await names()).toEqual(order)
  })

  it('are refused when they do not exist, have no name, or are another tenant’s', async () => {
    expect((await control('POST', '/snapshots/none/restore')).json.error).toMatchObject({
      code: 'SNAPSHOT_UNKNOWN',
    })
    expect((await control('PUT', '/snapshots/..%2Fescape')).status).toBe(400)
    const mine = at.tenant.control.snapshot()
    const unusable = expect.objectContaining({ code: 'SNAPSHOT_UNUSABLE' })
    expect(() => at.tenant.control.restore({ ...mine, tenantId: 'another' })).toThrow(unusable)
    expect(() => at.tenant.control.restore({ ...mine, format: 99 })).toThrow(unusable)
    at.tenant.control.restore(mine)
    expectStatus(await control('PUT', '/snapshots/one'), 204)
    expectStatus(await control('DELETE', '/snapshots/one'), 204)
    expect((await control('DELETE', '/snapshots/one')).status).toBe(404)
  })
})
