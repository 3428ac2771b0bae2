import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Answer,
  claimsOf,
  clientCredentials,
  expectStatus,
  openTenant,
  type TestTenant,
} from './client.ts'

let at: TestTenant
beforeEach(async () => {
  at = await openTenant({
    deployerRoles: ['Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All', 'Directory.Read.All'],
  })
})
afterEach(() => at.close())

const DAY = 86_400_000

const make = async (displayName: string): Promise<Answer> =>
  expectStatus(await at.graph('POST', '/applications', { displayName }), 201)

const addPassword = async (id: string): Promise<Answer> =>
  expectStatus(await at.graph('POST', `/applications/${id}/addPassword`, {}), 200)

const ask = (clientId: string, secret: string) =>
  at.requestToken(clientCredentials(clientId, secret, at.tenant.graphUrl))

const named = async (displayName: string): Promise<Answer[]> =>
  expectStatus(
    await at.graph('GET', `/applications?$filter=${encodeURIComponent(`displayName eq '${displayName}'`)}`),
    200,
  ).value

describe('the clock', () => {
  it('is one for issuing, checking and expiry', async () => {
    const { clock } = at.tenant.control
    const client = await at.client(['User.Read.All'])
    const token = await at.token(client)
    clock.advance(2 * 3_600_000)
    expect((await at.graph('GET', '/users', undefined, token)).json.error.message).toContain('expired')
    expectStatus(await at.graph('GET', '/users', undefined, await at.token(client)), 200)
    clock.advance(731 * DAY)
    expect((await ask(client.clientId, client.secret)).json.error_codes).toEqual([7000222])
  })
})

describe('replication lag', () => {
  it('hides a fresh object from reads and lists until it has passed', async () => {
    const { control } = at.tenant
    control.setLag({ objects: '10s', lists: '1m' })
    const { id } = await make('fresh')
    expect((await at.graph('GET', `/applications/${id}`)).status).toBe(404)
    expect(await named('fresh')).toEqual([])
    control.clock.advance('10s')
    expectStatus(await at.graph('GET', `/applications/${id}`), 200)
    expect(await named('fresh')).toEqual([])
    control.clock.advance('50s')
    expect(await named('fresh')).toHaveLength(1)
  })

  it('shows what was changed or deleted as it was before', async () => {
    const { control } = at.tenant
    const { id } = await make('old name')
    control.setLag(5000)
    control.clock.advance('5s')
    expectStatus(await at.graph('PATCH', `/applications/${id}`, { displayName: 'new name' }), 204)
    expect(expectStatus(await at.graph('GET', `/applications/${id}`), 200).displayName).toBe('old name')
    expect(await named('new name')).toEqual([])
    expect(await named('old name')).toHaveLength(1)
    control.clock.advance('5s')
    expect(expectStatus(await at.graph('GET', `/applications/${id}`), 200).displayName).toBe('new name')
    expectStatus(await at.graph('DELETE', `/applications/${id}`), 204)
    expect(await named('new name')).toHaveLength(1)
    control.clock.advance('5s')
    expect((await at.graph('GET', `/applications/${id}`)).status).toBe(404)
  })

  it('can be of one kind of object', async () => {
    at.tenant.control.setLag({ objects: { servicePrincipals: '1h' } })
    const { id, appId } = await make('app')
    expectStatus(await at.graph('GET', `/applications/${id}`), 200)
    const principal = expectStatus(await at.graph('POST', '/servicePrincipals', { appId }), 201)
    expect((await at.graph('GET', `/servicePrincipals/${principal.id}`)).status).toBe(404)
  })

  it('refuses changes that name a fresh object with the words that clients wait for', async () => {
    const { control } = at.tenant
    control.setLag({ references: '10s' })
    const { id, appId } = await make('fresh')
    const patched = await at.graph('PATCH', `/applications/${id}`, { notes: 'x' })
    expect([patched.status, patched.json.error.code]).toEqual([404, 'Request_ResourceNotFound'])
    const refused = await at.graph('POST', '/servicePrincipals', { appId })
    expect(refused.status).toBe(400)
    expect(refused.json.error.message).toContain('does not reference a valid application object')
    control.clock.advance('10s')
    expectStatus(await at.graph('PATCH', `/applications/${id}`, { notes: 'x' }), 204)
    expectStatus(await at.graph('POST', '/servicePrincipals', { appId }), 201)
  })

  it('keeps a fresh client, its secret and its roles from the token endpoint, each in its time', async () => {
    const { control } = at.tenant
    control.setLag({ clients: '10s', secrets: '20s', roles: '30s' })
    const client = await at.client(['User.Read.All'])
    const code = async () =>
      (await ask(client.clientId, client.secret)).json.error_codes?.[0] ??
      claimsOf(await at.token(client)).roles
    expect(await code()).toBe(700016)
    control.clock.advance('10s')
    expect(await code()).toBe(7000215)
    control.clock.advance('10s')
    expect(await code()).toBeUndefined()
    control.clock.advance('10s')
    expect(await code()).toEqual(['User.Read.All'])
  })

  it('lets a removed secret work until the news has spread', async () => {
    const { control } = at.tenant
    const client = await at.client([])
    const extra = await addPassword(client.application.id)
    control.setLag({ secrets: '20s' })
    const removal = { keyId: extra.keyId }
    const path = `/applications/${client.application.id}/removePassword`
    expectStatus(await at.graph('POST', path, removal), 204)
    expectStatus(await ask(client.clientId, extra.secretText), 200)
    control.clock.advance('20s')
    expect((await ask(client.clientId, extra.secretText)).json.error_codes).toEqual([7000215])
    expectStatus(await ask(client.clientId, client.secret), 200)
  })

  it('ends at once when it is taken away', async () => {
    const { control } = at.tenant
    control.setLag('1h')
    const { id } = await make('fresh')
    expect((await at.graph('GET', `/applications/${id}`)).status).toBe(404)
    control.setLag({})
    expectStatus(await at.graph('GET', `/applications/${id}`), 200)
  })
})

describe('faults', () => {
  it('throttle in the dialect of the service, as often as told', async () => {
    const { control } = at.tenant
    control.addFault({ effect: 'throttle', retryAfter: '7s', on: { service: 'graph' }, times: 1 })
    control.addFault({ effect: 'throttle', on: { operation: 'token' }, times: 1 })
    const token = await ask('any', 'any')
    expect([token.status, token.headers['retry-after'], token.json.error_codes]).toEqual([429, '10', [90055]])
    const refused = await at.graph('GET', '/applications')
    expect([refused.status, refused.headers['retry-after'], refused.json.error.code]).toEqual([
      429,
      '7',
      'TooManyRequests',
    ])
    expectStatus(await at.graph('GET', '/applications'), 200)
    expect(control.faults().map(({ seen, hits }) => [seen, hits])).toEqual([
      [1, 1],
      [1, 1],
    ])
  })

  it('hit what they name, after what they let pass, and nothing else', async () => {
    const client = await at.client(['Application.ReadWrite.All'])
    const token = await at.token(client)
    const { id } = await make('target')
    at.tenant.control.addFault({
      name: 'secrets are down',
      effect: 'unavailable',
      retryAfter: 3000,
      on: { method: 'post', path: '/applications/*/addPassword', caller: client.clientId },
      skip: 1,
    })
    const path = `/applications/${id}/addPassword`
    expectStatus(await at.graph('POST', path, {}), 200)
    expectStatus(await at.graph('POST', path, {}, token), 200)
    expectStatus(await at.graph('GET', '/applications', undefined, token), 200)
    const refused = await at.graph('POST', path, {}, token)
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '3'])
    expect((await at.graph('POST', `/beta${path}`.replace('/beta', ''), {}, token)).status).toBe(503)
    expectStatus(await at.graph('POST', path, {}), 200)
    expect(at.tenant.requests().filter(({ faults }) => faults?.includes('secrets are down'))).toHaveLength(2)
  })

  it('refuse with the status, code and message of a secret policy', async () => {
    const { id } = await make('target')
    at.tenant.control.addFault({
      effect: 'refuse',
      status: 400,
      code: 'CredentialTypeNotAllowedAsPerAppPolicy',
      message: 'Credential type not allowed as per assigned policy.',
      on: { operation: 'addPassword' },
    })
    const refused = await at.graph('POST', `/applications/${id}/addPassword`, {})
    expect([refused.status, refused.json.error.code]).toEqual([400, 'CredentialTypeNotAllowedAsPerAppPolicy'])
  })

  it('cut the connection before the work, or after it', async () => {
    const { control } = at.tenant
    await make('first')
    control.addFault({ effect: 'drop-before', on: { operation: 'create' }, times: 1 })
    await expect(make('before')).rejects.toThrow(/socket hang up|ECONNRESET/)
    expect(await named('before')).toEqual([])
    control.addFault({ effect: 'drop-after', on: { operation: 'create' }, times: 1 })
    await expect(make('after')).rejects.toThrow(/socket hang up|ECONNRESET/)
    expect(await named('after')).toHaveLength(1)
    const cut = at.tenant.requests().filter(({ status }) => status === 0)
    expect(cut.map(({ method, faults }) => [method, faults])).toEqual([
      ['POST', ['drop-before']],
      ['POST', ['drop-after']],
    ])
  })

  it('strike the requests of a batch one by one', async () => {
    const { control } = at.tenant
    control.addFault({ effect: 'drop-before', on: { operation: 'create' }, times: 1 })
    control.addFault({ effect: 'drop-after', on: { operation: 'create' }, times: 1 })
    control.addFault({ effect: 'throttle', on: { operation: 'list' }, times: 1 })
    const create = (id: string, dependsOn: string[]) => ({
      id,
      method: 'POST',
      url: '/applications',
      headers: { 'content-type': 'application/json' },
      body: { displayName: id },
      dependsOn,
    })
    const requests = [create('a', []), create('b', []), { id: 'c', method: 'GET', url: '/applications' }]
    const { responses } = expectStatus(await at.graph('POST', '/$batch', { requests }), 200)
    expect(responses.map((each: Answer) => [each.id, each.status])).toEqual([
      ['a', 504],
      ['b', 504],
      ['c', 429],
    ])
    expect(responses[2].headers['retry-after']).toBe('10')
    expect([await named('a'), await named('b')].map((each) => each.length)).toEqual([0, 1])
  })

  it('lose the answer of a write that went well, and of no other', async () => {
    const { control } = at.tenant
    control.addFault({ effect: 'lose-answer', on: { operation: 'create' }, times: 1 })
    expect((await at.graph('POST', '/applications', {})).status).toBe(400)
    const lost = await at.graph('POST', '/applications', { displayName: 'lost' })
    expect([lost.status, lost.json.error.code]).toEqual([504, 'GatewayTimeout'])
    expect(await named('lost')).toHaveLength(1)
    control.addFault({ effect: 'lose-answer', on: { operation: 'token' }, times: 1 })
    const client = await at.client([])
    expect((await ask(client.clientId, client.secret)).json.error_codes).toEqual([90033])
  })

  it('delay, then go on', async () => {
    at.tenant.control.addFault({ effect: 'delay', by: '120ms', on: { path: '/applications' } })
    at.tenant.control.addFault({ effect: 'throttle', on: { path: '/applications' } })
    expect((await at.graph('GET', '/applications')).status).toBe(429)
    const [record] = at.tenant.requests().slice(-1)
    expect(record?.faults).toEqual(['delay', 'throttle'])
    expect(record?.milliseconds).toBeGreaterThanOrEqual(110)
  })

  it('strike by chance, the same way for the same seed', async () => {
    const { control } = at.tenant
    const run = async (seed: number) => {
      control.clearFaults()
      control.addFault({ effect: 'unavailable', probability: 0.5, seed, on: { path: '/applications' } })
      const statuses = []
      for (let i = 0; i < 16; i++) statuses.push((await at.graph('GET', '/applications?$top=1')).status)
      return statuses
    }
    const first = await run(7)
    expect(new Set(first)).toEqual(new Set([200, 503]))
    expect(await run(7)).toEqual(first)
    expect(await run(8)).not.toEqual(first)
  })

  it('are taken away one by one or all together', async () => {
    const { control } = at.tenant
    const id = control.addFault({ effect: 'unavailable' })
    control.addFault({ effect: 'throttle' })
    expect(control.removeFault(id)).toBe(true)
    expect(control.removeFault(id)).toBe(false)
    expect((await ask('any', 'any')).status).toBe(429)
    control.clearFaults()
    expectStatus(await at.graph('GET', '/applications'), 200)
  })
})

describe('mistakes', () => {
  it('are reported together, each with its path', () => {
    const { control } = at.tenant
    const rule = { effect: 'throttle', times: 0, on: { path: 'applications' }, chance: 1 }
    expect(() => control.addFault(rule as never)).toThrow(/on\.path: .*times: .*"chance"/s)
    expect(() => control.setLag('soon')).toThrow(/30s/)
    expect(() => control.clock.set(new Date('never'))).toThrow(
      expect.objectContaining({ code: 'CONTROL_INPUT' }),
    )
  })
})
