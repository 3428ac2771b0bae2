import { describe, expect, it } from 'vitest'
import { MICROSOFT_GRAPH_APP_ID } from '../../../../microsoft/apis.ts'
import { SHAREPOINT_APP_ID } from '../../../../microsoft/well-known-apis.ts'
import {
  type CredentialTarget,
  prove,
  proveCredential,
  proveRefused,
} from '../../../../scripts/proof/index.ts'
import type { GraphAnswer, TokenAnswer } from '../../../../scripts/proof/model/ports.ts'
import { answer, fakePorts, unsigned } from './fake-ports.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const ROLES = ['Files.Read.All', 'User.Read.All']
const target: CredentialTarget = {
  label: 'onedrive g1',
  tenantId: 'tenant',
  clientId: 'client',
  credential: { kind: 'secret', value: 'a-secret-value' },
  expected: {
    apis: [{ name: 'Microsoft Graph', appId: MICROSOFT_GRAPH_APP_ID, roles: ROLES }],
    probes: ['GET /users', 'GET /sites'],
  },
}
const token = (roles: readonly string[] = ROLES, aud = 'https://graph.example'): TokenAnswer => ({
  ok: true,
  token: unsigned({ tid: 'tenant', appid: 'client', aud, roles }),
})
const refused = (code: string, retryAfterMs?: number): TokenAnswer => ({
  ok: false,
  failure: {
    source: 'login',
    code,
    message: code,
    support: {},
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  },
})
const batch = (...statuses: number[]): GraphAnswer => ({
  ok: true,
  answer: answer(200, {
    responses: statuses.map((status, id) => ({
      id: String(id),
      status,
      body: status < 400 ? { value: [] } : { error: { code: 'Authorization_RequestDenied', message: 'no' } },
    })),
  }),
})

describe('proveCredential', () => {
  it('asks for one token and sends the probes together', async () => {
    const ports = fakePorts({ token: () => token(), graph: () => batch(200, 200) })
    const proof = await proveCredential(target, ports)
    expect(proof).toMatchObject({
      verdict: 'proved',
      attempts: 1,
      requests: { token: 1, graph: 1 },
      waitedMs: 0,
    })
    expect(proof.checks.every(({ status }) => status === 'passed')).toBe(true)
  })

  it('waits for a new secret, then wants three successes in a row, and says how long each stage took', async () => {
    const ports = fakePorts({
      token: (_request, earlier) => (earlier < 2 ? refused('AADSTS7000215') : token()),
      graph: () => batch(200, 200),
    })
    const waited: string[] = []
    const changedAt = { credential: NOW }
    const proof = await proveCredential({ ...target, changedAt }, ports, {
      onWait: ({ blocker, label }) => waited.push(`${label} ${blocker?.code}`),
    })
    expect(proof).toMatchObject({ verdict: 'proved', attempts: 5, requests: { token: 5, graph: 3 } })
    expect(waited.slice(0, 2)).toEqual(['onedrive g1 AADSTS7000215', 'onedrive g1 AADSTS7000215'])
    expect(proof.stages.token).toBe(ports.sleeps[0]! + ports.sleeps[1]!)
    expect(proof.waitedMs).toBe(ports.sleeps.reduce((sum, ms) => sum + ms, 0))
  })

  it('expects the refusal of an application that is declared disabled', async () => {
    const disabled = { ...target, isDisabled: true }
    const off = fakePorts({ token: () => refused('AADSTS7000112') })
    expect(await proveCredential(disabled, off)).toMatchObject({
      verdict: 'proved',
      checks: [{ name: 'no token', status: 'passed', detail: 'refused, as declared (AADSTS7000112)' }],
    })
    const on = await proveCredential(disabled, fakePorts({ token: () => token() }))
    expect(on).toMatchObject({ verdict: 'wrong', requests: { graph: 0 } })
    expect(on.checks[0]?.explanation?.code).toBe('REGISTRATION_DIFFERS')
    const other = await proveCredential(disabled, fakePorts({ token: () => refused('AADSTS7000215') }))
    expect(other.verdict).toBe('wrong')
  })

  it('does not call a secret proved for SharePoint, which takes certificates only', async () => {
    const sharePoint = {
      name: 'Office 365 SharePoint Online',
      appId: SHAREPOINT_APP_ID,
      roles: ['Sites.Selected'],
    }
    const apis = [sharePoint]
    const ports = fakePorts({
      token: ({ resource }) => token(resource === SHAREPOINT_APP_ID ? ['Sites.Selected'] : [], resource),
    })
    const check = async (credential: CredentialTarget['credential']) => {
      const { checks } = await proveCredential({ ...target, credential, expected: { apis } }, ports)
      return checks.find(({ name }) => name === 'token for Office 365 SharePoint Online')
    }
    expect(await check(target.credential)).toMatchObject({
      status: 'warning',
      detail: 'issued, but SharePoint answers 401 to a token got with a client secret; use a certificate',
    })
    expect(await check({ kind: 'certificate', pem: '' })).toMatchObject({
      status: 'passed',
      detail: 'issued',
    })
  })

  it('fails a new secret that is still refused when it is no longer young', async () => {
    const ports = fakePorts({ token: () => refused('AADSTS7000215') })
    const changedAt = { credential: new Date(NOW.getTime() - 14 * 60_000) }
    const proof = await proveCredential({ ...target, changedAt }, ports)
    expect(proof.verdict).toBe('wrong')
    expect(proof.waitedMs).toBeGreaterThanOrEqual(60_000)
    expect(proof.waitedMs).toBeLessThan(90_000)
  })

  it('calls a pasted secret id by its name, and does not wait for it', async () => {
    const ports = fakePorts({ token: () => refused('AADSTS7000215') })
    const credential = { kind: 'secret' as const, value: '6f0a1f6e-64c5-4a5e-8a0a-0d2f9f0b5a11' }
    const proof = await proveCredential({ ...target, credential, changedAt: { credential: NOW } }, ports)
    expect(proof).toMatchObject({ verdict: 'wrong', attempts: 1 })
    expect(proof.checks[0]?.explanation?.code).toBe('SECRET_ID_AS_VALUE')
  })

  it('waits as long as a throttled probe asks', async () => {
    const throttled = answer(429, { error: { code: 'TooManyRequests' } }, { 'retry-after': '33' })
    const ports = fakePorts({
      token: () => token(),
      graph: (_request, earlier) => (earlier === 0 ? { ok: true, answer: throttled } : batch(200, 200)),
    })
    const proof = await proveCredential(target, ports)
    expect(proof).toMatchObject({ verdict: 'proved', attempts: 2 })
    expect(ports.sleeps).toEqual([33_000])
  })

  it('tells a permission on its way from one that nobody consented to', async () => {
    const lacking = () => token(['User.Read.All'])
    const grantsOf = (roles: string[]) => async () => ({
      ok: true as const,
      roles: new Map([[MICROSOFT_GRAPH_APP_ID, roles]]),
    })
    const withPrincipal = { ...target, servicePrincipalId: 'sp' }

    const onItsWay = fakePorts({
      token: (_request, earlier) => (earlier < 3 ? lacking() : token()),
      graph: (_request, earlier) => batch(200, earlier < 3 ? 403 : 200),
    })
    const late = await proveCredential(withPrincipal, { ...onItsWay, grantsOf: grantsOf(ROLES) })
    expect(late).toMatchObject({ verdict: 'proved', attempts: 4 })

    const never = fakePorts({ token: lacking, graph: () => batch(200, 403) })
    const proof = await proveCredential(withPrincipal, { ...never, grantsOf: grantsOf(['User.Read.All']) })
    expect(proof).toMatchObject({ verdict: 'wrong', attempts: 1 })
    expect(proof.checks.flatMap(({ explanation }) => explanation?.code ?? [])).toContain('ROLE_NOT_CONSENTED')
  })

  it('fails a probe denied although the token holds what was declared', async () => {
    const ports = fakePorts({ token: () => token(), graph: () => batch(200, 403) })
    const proof = await proveCredential(target, ports)
    expect(proof).toMatchObject({ verdict: 'wrong', attempts: 1 })
    expect(proof.checks.at(-1)).toMatchObject({ name: 'GET /sites', status: 'failed' })
  })

  it('asks for a token for each further API, and leaves the probes out when told to', async () => {
    const listOrder = { name: 'listOrder', appId: 'listOrder-id', roles: ['ListOrder.Read'] }
    const ports = fakePorts({
      token: ({ resource }) =>
        resource === 'listOrder-id'
          ? {
              ok: true,
              token: unsigned({
                tid: 'tenant',
                azp: 'client',
                aud: 'listOrder-id',
                roles: ['ListOrder.Read'],
              }),
            }
          : token(),
    })
    const expected = { ...target.expected, apis: [...target.expected.apis, listOrder] }
    const proof = await proveCredential({ ...target, expected }, ports, { noProbes: true })
    expect(proof).toMatchObject({ verdict: 'proved', requests: { token: 2, graph: 0 } })
  })

  it('leaves probes that write alone unless they are asked for', async () => {
    const graph = (): GraphAnswer => ({ ok: true, answer: answer(201, { id: 'made' }) })
    const expected = { ...target.expected, probes: ['POST /groups {"displayName":"x"}'] }
    const careful = fakePorts({ token: () => token(), graph })
    const proof = await proveCredential({ ...target, expected }, careful)
    expect(proof.checks.at(-1)).toMatchObject({
      status: 'skipped',
      detail: 'it writes; --write-probes runs it',
    })
    expect(careful.graphRequests).toEqual([])

    const asked = fakePorts({ token: () => token(), graph })
    await proveCredential({ ...target, expected }, asked, { writeProbes: true })
    expect(asked.graphRequests).toMatchObject([
      { method: 'POST', path: '/groups', body: { displayName: 'x' } },
    ])
  })

  it('chooses a default probe for each permission when none is declared, and skips what is not offered', async () => {
    const ports = fakePorts({
      token: () => token(),
      graph: ({ body }) => {
        const { requests } = body as { requests: { id: string; url: string }[] }
        const responses = requests.map(({ id, url }) =>
          url.startsWith('/sites')
            ? { id, status: 501, body: { error: { code: 'NotImplemented' } } }
            : { id, status: 200 },
        )
        return { ok: true, answer: answer(200, { responses }) }
      },
    })
    const proof = await proveCredential({ ...target, expected: { apis: target.expected.apis } }, ports)
    expect(proof.verdict).toBe('proved')
    expect(proof.checks.slice(-2)).toMatchObject([
      { name: 'GET /sites/root/drive?$select=id', status: 'skipped' },
      { name: 'GET /users?$top=1&$select=id', status: 'passed' },
    ])
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const ports = fakePorts({ token: () => refused('AADSTS90033') })
    const reason = new Error('enough')
    const proving = proveCredential(target, ports, { signal: stop.signal, onWait: () => stop.abort(reason) })
    await expect(proving).rejects.toBe(reason)
  })
})

describe('proveRefused', () => {
  it('waits until a removed secret is refused, three times in a row', async () => {
    const ports = fakePorts({
      token: (_request, earlier) => (earlier < 2 ? token() : refused('AADSTS7000215')),
    })
    const proof = await proveRefused({ ...target, changedAt: { credential: NOW } }, ports)
    expect(proof).toMatchObject({ verdict: 'proved', attempts: 5 })
  })

  it('fails when it was removed long ago and still works', async () => {
    const changedAt = { credential: new Date(NOW.getTime() - 2 * 3_600_000) }
    const proof = await proveRefused({ ...target, changedAt }, fakePorts({ token: () => token() }))
    expect(proof).toMatchObject({ verdict: 'wrong', attempts: 1 })
    expect(proof.checks[0]?.explanation?.code).toBe('NOT_REFUSED')
  })

  it('does not take trouble for a refusal', async () => {
    const ports = fakePorts({ token: () => refused('AADSTS90033') })
    const proof = await proveRefused(target, ports, { wait: { deadlineMs: 5000 } })
    expect(proof.verdict).toBe('notReady')
  })
})

describe('prove', () => {
  const app = (name: string) => ({
    app: name,
    displayName: name,
    tenantId: 'tenant',
    clientId: 'client',
    credentials: [{ target: { ...target, label: name }, endDate: '2027-01-01T00:00:00Z' }],
  })

  it('lets nobody who waits block the others', async () => {
    let waiting = 0
    let most = 0
    const ports = fakePorts({
      token: (_request, earlier) => (earlier < 5 ? refused('AADSTS90033') : token()),
      graph: () => batch(200, 200),
    })
    const counting = {
      ...ports,
      sleep: async (ms: number) => {
        waiting++
        most = Math.max(most, waiting)
        await new Promise((resolve) => setImmediate(resolve))
        await ports.sleep(ms, undefined)
        waiting--
      },
    }
    const report = await prove([app('a'), app('b'), app('c')], counting, { parallel: 1 })
    expect(report.verdict).toBe('proved')
    expect(most).toBeGreaterThan(1)
  })

  it('takes the gravest verdict, and counts warnings as failures when told to', async () => {
    const ports = fakePorts({ token: () => token(), graph: () => batch(200, 200) })
    const soon = { ...app('a'), credentials: [{ target, endDate: '2026-03-11T00:00:00Z' }] }
    expect(await prove([soon], ports)).toMatchObject({
      verdict: 'proved',
      exitCode: 0,
      summary: { warnings: 1 },
    })
    expect(await prove([soon], ports, { strict: true })).toMatchObject({ verdict: 'wrong', exitCode: 1 })
    const failWithinMs = 30 * 86_400_000
    expect(await prove([soon, app('b')], ports, { failWithinMs })).toMatchObject({
      verdict: 'wrong',
      exitCode: 1,
    })
  })

  it("judges expiry by the tenant's clock", async () => {
    const ahead = { ...token(), clockAheadMs: 20 * 86_400_000 }
    const ports = fakePorts({ token: () => ahead as TokenAnswer, graph: () => batch(200, 200) })
    const soon = { ...app('a'), credentials: [{ target, endDate: '2026-03-11T00:00:00Z' }] }
    const report = await prove([soon], ports)
    expect(report.apps[0]?.credentials[0]?.checks.at(-1)?.explanation?.code).toBe('EXPIRED')
    expect(report.checks).toMatchObject([{ name: 'clock', status: 'warning' }])
  })
})
