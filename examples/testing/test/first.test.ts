import { ConfidentialClientApplication } from '@azure/msal-node'
import { startTenant } from 'entra-apps/tenant'
import { afterAll, expect, it } from 'vitest'

const [clientId, clientSecret] = [crypto.randomUUID(), crypto.randomUUID()]
const permissions = { 'Microsoft Graph': { application: ['User.Read.All'] } }
const shop = { displayName: 'Shop', appId: clientId, secrets: [{ value: clientSecret }], permissions }
const tenant = await startTenant({ seed: { applications: [shop] } })
afterAll(() => tenant.close())

it('gets a token for Microsoft Graph', async () => {
  const app = new ConfidentialClientApplication({ auth: { clientId, clientSecret, ...tenant.settings.msal } })
  const token = await app.acquireTokenByClientCredential({ scopes: [tenant.settings.graphScope] })
  const headers = { authorization: `Bearer ${token?.accessToken}` }
  expect((await fetch(`${tenant.graphUrl}/v1.0/users`, { headers })).status).toBe(200)
})
