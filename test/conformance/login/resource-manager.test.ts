import { describe, expect, it } from 'vitest'
import { expectStatus, openTenant } from '../tenant/client.ts'

describe('Azure Resource Manager', () => {
  it('has this tenant, no subscription, and nothing without a token of its own', async () => {
    const at = await openTenant()
    try {
      const client = await at.client([])
      const answer = await at.requestToken({
        grant_type: 'client_credentials',
        client_id: client.clientId,
        client_secret: client.secret,
        // The identifier of the API ends in a slash of its own.
        scope: 'https://management.core.windows.net//.default',
      })
      const authorization = `Bearer ${expectStatus(answer, 200).access_token}`
      const subscriptions = await at.send('GET', '/arm/subscriptions', { headers: { authorization } })
      expect(expectStatus(subscriptions, 200)).toEqual({ value: [] })
      const tenants = await at.send('GET', '/arm/tenants', { headers: { authorization } })
      expect(expectStatus(tenants, 200).value).toMatchObject([{ tenantId: at.tenant.tenantId }])
      const forGraph = `Bearer ${await at.token(client)}`
      for (const headers of [{}, { authorization: forGraph }]) {
        const refused = await at.send('GET', '/arm/subscriptions', { headers })
        expect(expectStatus(refused, 401).error.code).toBe('AuthenticationFailed')
      }
    } finally {
      await at.close()
    }
  })
})
