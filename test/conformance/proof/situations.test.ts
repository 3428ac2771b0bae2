import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prove, proveCredential, proveRefused } from '../../../scripts/proof/index.ts'
import { deadUrl, type Rehearsal, rehearse } from '../../support/rehearsal.ts'
import { codes, openAsDeployer, portsOf, QUICK, targetFor, wholeSecond } from './support.ts'

/** Everything that goes wrong with a credential in the field: each is found, and explained by its own name. */
describe('the proof finds', { timeout: 60_000 }, () => {
  let stage: Rehearsal
  beforeAll(async () => {
    stage = await rehearse()
  })
  afterAll(() => stage.close())

  const ROLES = ['User.Read.All']
  const probes = ['GET /users?$top=1']
  /** With the grants as the deployer sees them. */
  const portsWithDirectory = async () => {
    const { grants } = await openAsDeployer(stage.tenant)
    return { ...portsOf(stage.tenant), grantsOf: (id: string) => grants.rolesOf(id) }
  }

  it('nothing, when all is well: one token request, one Graph request', async () => {
    const app = await stage.app({ roles: ROLES })
    const proof = await proveCredential(
      targetFor(stage.tenant, app, ROLES, { probes }),
      portsOf(stage.tenant),
    )
    expect(codes(proof)).toEqual([])
    expect(proof).toMatchObject({ verdict: 'proved', attempts: 1, requests: { token: 1, graph: 1 } })
  })

  it('a wrong secret', async () => {
    const app = await stage.app({ roles: ROLES })
    const credential = { kind: 'secret' as const, value: 'Wr0~ngSecretThatNobodyEverIssued' }
    const proof = await proveCredential(
      targetFor(stage.tenant, app, ROLES, { credential }),
      portsOf(stage.tenant),
    )
    expect(codes(proof)).toEqual(['AADSTS7000215'])
    expect(proof.verdict).toBe('wrong')
    expect(proof.checks[0]?.explanation?.support).toMatchObject({
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
    })
  })

  it("a secret's id pasted instead of its value", async () => {
    const app = await stage.app({ roles: ROLES })
    const credential = { kind: 'secret' as const, value: app.secret.keyId }
    const target = targetFor(stage.tenant, app, ROLES, { credential, changedAt: { credential: new Date() } })
    const proof = await proveCredential(target, portsOf(stage.tenant))
    expect(codes(proof)).toEqual(['SECRET_ID_AS_VALUE'])
    expect(proof).toMatchObject({ verdict: 'wrong', attempts: 1 })
  })

  it('an application without service principal', async () => {
    const app = await stage.app({ roles: ROLES })
    await stage.graph('DELETE', `/servicePrincipals/${app.servicePrincipalId}`)
    const proof = await proveCredential(targetFor(stage.tenant, app, ROLES), portsOf(stage.tenant))
    expect(codes(proof)).toEqual(['AADSTS7000229'])
    expect(proof.checks[0]?.explanation?.fix).toContain('create the service principal')
  })

  it('a disabled application', async () => {
    const app = await stage.app({ roles: ROLES })
    await stage.graph('PATCH', `/servicePrincipals/${app.servicePrincipalId}`, { accountEnabled: false })
    const target = targetFor(stage.tenant, app, ROLES, { changedAt: { application: new Date() } })
    const proof = await proveCredential(target, portsOf(stage.tenant))
    expect(codes(proof)).toEqual(['AADSTS7000112'])
    expect(proof).toMatchObject({ verdict: 'wrong', attempts: 1 })
  })

  it('a consent missing', async () => {
    const app = await stage.app({ roles: [] })
    const proof = await proveCredential(
      targetFor(stage.tenant, app, ROLES, { probes }),
      await portsWithDirectory(),
    )
    expect(codes(proof)).toEqual(['ROLE_NOT_CONSENTED', 'Authorization_RequestDenied'])
    expect(proof.verdict).toBe('wrong')
  })

  it('a consent clicked in the portal, by the token and by the directory', async () => {
    const app = await stage.app({ roles: [...ROLES, 'Files.Read.All'] })
    const proof = await proveCredential(targetFor(stage.tenant, app, ROLES), await portsWithDirectory())
    expect(codes(proof)).toEqual(['ROLE_EXTRA'])
    expect(proof.checks.find(({ status }) => status === 'failed')?.name).toContain('Files.Read.All')
    expect(proof.verdict).toBe('wrong')
  })

  it('a permission granted, but not yet in the token: lag, then success', async () => {
    const { control } = stage.tenant
    const app = await stage.app({ roles: [] })
    control.setLag({ roles: '1h' })
    try {
      await stage.grant(app.servicePrincipalId, 'User.Read.All')
      const blockers: string[] = []
      const proof = await proveCredential(
        targetFor(stage.tenant, app, ROLES, { probes }),
        await portsWithDirectory(),
        {
          wait: { ...QUICK, successes: 3 },
          onWait: ({ blocker, attempts }) => {
            if (blocker) blockers.push(blocker.code)
            if (attempts === 3) control.setLag(0)
          },
        },
      )
      expect(blockers).toEqual(['ROLE_NOT_IN_TOKEN', 'ROLE_NOT_IN_TOKEN', 'ROLE_NOT_IN_TOKEN'])
      expect(proof).toMatchObject({ verdict: 'proved', attempts: 6 })
      expect(proof.stages.permissions).toBeGreaterThan(proof.stages.token!)
    } finally {
      control.setLag(0)
    }
  })

  it('the same, not ready when the deadline comes first', async () => {
    const { control } = stage.tenant
    const app = await stage.app({ roles: [] })
    control.setLag({ roles: '1h' })
    try {
      await stage.grant(app.servicePrincipalId, 'User.Read.All')
      const proof = await proveCredential(targetFor(stage.tenant, app, ROLES), await portsWithDirectory(), {
        wait: { ...QUICK, deadlineMs: 300 },
      })
      expect(proof).toMatchObject({ verdict: 'notReady', waitedMs: 300 })
      expect(proof.attempts).toBeGreaterThan(1)
    } finally {
      control.setLag(0)
    }
  })

  it('a new secret on its way, and one on its way out', async () => {
    const { control } = stage.tenant
    const app = await stage.app({ roles: ROLES })
    control.setLag({ secrets: '1h' })
    try {
      const fresh = await stage.secret(app.objectId)
      const target = targetFor(stage.tenant, { ...app, secret: fresh }, ROLES, {
        changedAt: { credential: new Date() },
      })
      const arrives = { wait: QUICK, onWait: () => control.setLag(0) }
      expect(await proveCredential(target, portsOf(stage.tenant), arrives)).toMatchObject({
        verdict: 'proved',
      })

      control.setLag({ secrets: '1h' })
      await stage.graph('POST', `/applications/${app.objectId}/removePassword`, { keyId: fresh.keyId })
      const removed = { ...target, changedAt: { credential: new Date() } }
      const blockers: string[] = []
      const gone = await proveRefused(removed, portsOf(stage.tenant), {
        wait: QUICK,
        onWait: ({ blocker }) => {
          if (blocker) blockers.push(blocker.code)
          control.setLag(0)
        },
      })
      expect(blockers).toEqual(['NOT_REFUSED'])
      expect(gone.verdict).toBe('proved')
    } finally {
      control.setLag(0)
    }
  })

  it('a probe denied', async () => {
    const app = await stage.app({ roles: ROLES })
    const proof = await proveCredential(
      targetFor(stage.tenant, app, ROLES, {
        probes: ['GET /users/ada@contoso.onmicrosoft.com/drive/root/children'],
      }),
      portsOf(stage.tenant),
    )
    expect(proof.verdict).toBe('wrong')
    expect(proof.checks.at(-1)).toMatchObject({ status: 'failed', explanation: { status: 403 } })
    expect(proof.checks.at(-1)?.explanation?.fix).toContain('least permission')
  })

  it('a probe of what does not exist', async () => {
    const app = await stage.app({ roles: ROLES })
    const proof = await proveCredential(
      targetFor(stage.tenant, app, ROLES, { probes: ['GET /users/nobody@contoso.onmicrosoft.com'] }),
      portsOf(stage.tenant),
    )
    expect(codes(proof)).toEqual(['Request_ResourceNotFound'])
    expect(proof).toMatchObject({ verdict: 'wrong', attempts: 1 })
  })

  it('Graph throttling, and comes back after the time it asks for', async () => {
    const { control } = stage.tenant
    const app = await stage.app({ roles: ROLES })
    const id = control.addFault({
      effect: 'throttle',
      retryAfter: '1s',
      times: 1,
      on: { service: 'graph', caller: app.clientId },
    })
    const delays: number[] = []
    const proof = await proveCredential(
      targetFor(stage.tenant, app, ROLES, { probes }),
      portsOf(stage.tenant),
      {
        wait: QUICK,
        onWait: ({ delayMs }) => delays.push(delayMs),
      },
    )
    control.removeFault(id)
    expect(proof).toMatchObject({ verdict: 'proved', attempts: 2 })
    expect(delays).toEqual([1000])
  })

  it('a token endpoint that answers 503 for a while', async () => {
    const { control } = stage.tenant
    const app = await stage.app({ roles: ROLES })
    const id = control.addFault({
      effect: 'unavailable',
      times: 3,
      on: { operation: 'token', caller: app.clientId },
    })
    const blockers: (string | undefined)[] = []
    const proof = await proveCredential(targetFor(stage.tenant, app, ROLES), portsOf(stage.tenant), {
      wait: QUICK,
      onWait: ({ blocker }) => blockers.push(blocker?.fault),
    })
    control.removeFault(id)
    expect(blockers).toEqual(['service', 'service', 'service'])
    expect(proof).toMatchObject({ verdict: 'proved', attempts: 4 })
  })

  it('a token endpoint that cuts connections', async () => {
    const { control } = stage.tenant
    const app = await stage.app({ roles: ROLES })
    const id = control.addFault({
      effect: 'drop-before',
      times: 2,
      on: { operation: 'token', caller: app.clientId },
    })
    const proof = await proveCredential(targetFor(stage.tenant, app, ROLES), portsOf(stage.tenant), {
      wait: QUICK,
    })
    control.removeFault(id)
    expect(proof).toMatchObject({ verdict: 'proved', attempts: 3 })
  })

  it('a wrong tenant', async () => {
    const app = await stage.app({ roles: ROLES })
    const tenantId = '99999999-9999-4999-8999-999999999999'
    const proof = await proveCredential(
      targetFor(stage.tenant, app, ROLES, { tenantId }),
      portsOf(stage.tenant),
    )
    expect(codes(proof)).toEqual(['AADSTS90002'])
    expect(proof.checks[0]?.explanation?.fix).toContain('ARM_ENVIRONMENT')
  })

  it('a tenant that does not have the application', async () => {
    const app = await stage.app({ roles: ROLES })
    const clientId = '99999999-9999-4999-8999-999999999999'
    const proof = await proveCredential(
      targetFor(stage.tenant, { ...app, clientId }, ROLES),
      portsOf(stage.tenant),
    )
    expect(codes(proof)).toEqual(['AADSTS700016'])
  })

  it('a host that cannot be reached', async () => {
    const app = await stage.app({ roles: ROLES })
    const url = await deadUrl()
    const nowhere = { url, graphUrl: url }
    const proof = await proveCredential(targetFor(stage.tenant, app, ROLES), portsOf(nowhere), {
      wait: { ...QUICK, deadlineMs: 300 },
    })
    expect(codes(proof)).toEqual(['ECONNREFUSED'])
    expect(proof.verdict).toBe('couldNotRun')
  })

  it('a host whose name is not known', async () => {
    const app = await stage.app({ roles: ROLES })
    const nowhere = { url: 'https://login.invalid', graphUrl: 'https://graph.invalid' }
    const proof = await proveCredential(targetFor(stage.tenant, app, ROLES), portsOf(nowhere), {
      wait: { ...QUICK, deadlineMs: 300 },
    })
    expect(['ENOTFOUND', 'EAI_AGAIN']).toContain(codes(proof)[0])
    expect(proof.verdict).toBe('couldNotRun')
  })
})

describe('with a tenant of its own, the proof finds', () => {
  it('an expired secret', async () => {
    const stage = await rehearse()
    try {
      const app = await stage.app({ roles: ['User.Read.All'] })
      const endDate = new Date(Date.now() + 86_400_000).toISOString()
      const secret = await stage.secret(app.objectId, endDate)
      stage.tenant.control.clock.advance('2d')
      const target = targetFor(stage.tenant, { ...app, secret }, ['User.Read.All'])
      const proof = await proveCredential(
        { ...target, changedAt: { credential: new Date() } },
        portsOf(stage.tenant),
      )
      expect(codes(proof)).toEqual(['AADSTS7000222'])
      expect(proof).toMatchObject({ verdict: 'wrong', attempts: 1 })
      expect(proof.checks[0]?.explanation?.fix).toContain('rotate')
    } finally {
      await stage.close()
    }
  })

  it('the clock of this machine off by ten minutes', async () => {
    const time = wholeSecond()
    const stage = await rehearse({ now: () => time })
    try {
      const app = await stage.app({ roles: ['User.Read.All'] })
      const target = targetFor(stage.tenant, app, ['User.Read.All'])
      const facts = { app: 'a', displayName: 'a', tenantId: target.tenantId, clientId: target.clientId }
      const ports = portsOf(stage.tenant, new Date(time.getTime() + 600_000))
      const report = await prove([{ ...facts, credentials: [{ target }] }], ports)
      const detail = expect.stringMatching(/^CLOCK_SKEW: this machine is 600 s ahead of the tenant/)
      expect(report.checks).toEqual([{ name: 'clock', status: 'warning', detail }])
    } finally {
      await stage.close()
    }
  })

  it('a wrong cloud: login of one, Graph of another', async () => {
    const [here, there] = await Promise.all([rehearse(), rehearse()])
    try {
      const app = await here.app({ roles: ['User.Read.All'] })
      const ports = portsOf({ url: here.tenant.url, graphUrl: there.tenant.graphUrl })
      const proof = await proveCredential(targetFor(here.tenant, app, ['User.Read.All']), ports)
      expect(codes(proof)).toEqual(['AADSTS500011', 'WRONG_CLOUD'])
      expect(proof.verdict).toBe('wrong')

      here.tenant.control.addFault({
        effect: 'refuse',
        status: 400,
        code: 900382,
        message: 'Confidential Client is not supported in Cross Cloud request.',
        on: { operation: 'token', caller: app.clientId },
      })
      const refused = await proveCredential(
        targetFor(here.tenant, app, ['User.Read.All']),
        portsOf(here.tenant),
      )
      expect(codes(refused)).toEqual(['AADSTS900382'])
      expect(refused.checks[0]?.explanation?.fix).toContain('usgovernment')
    } finally {
      await Promise.all([here.close(), there.close()])
    }
  })
})
