import { startTenant } from 'entra-apps/tenant'
import { verify } from 'entra-apps/verify'
import { afterAll, expect, it } from 'vitest'

const [clientId, value] = [crypto.randomUUID(), crypto.randomUUID()]
const permissions = { 'Microsoft Graph': { application: ['User.Read.All'] } }
const tenant = await startTenant({
  seed: { applications: [{ displayName: 'Shop', appId: clientId, secrets: [{ value }], permissions }] },
})
afterAll(() => tenant.close())

// Against the real service, `env` is process.env, which is the default.
const proof = (expected: string[], secret: string = value) =>
  verify({
    client: { tenantId: tenant.tenantId, clientId, credential: { kind: 'secret', value: secret } },
    expect: expected,
    env: tenant.env,
  })

it('proves that a secret yields exactly the expected permissions', async () => {
  expect(await proof(['User.Read.All'])).toMatchObject({ verdict: 'proved', summary: { failed: 0 } })
})

it('says what is wrong, and shows no secret', async () => {
  expect(await proof(['User.Read.All', 'Mail.Send'])).toMatchObject({ verdict: 'wrong' })
  const report = JSON.stringify(await proof(['User.Read.All'], 'not-the-secret'))
  expect(report).toMatch(/7000215/)
  expect(report).not.toContain('not-the-secret')
})
