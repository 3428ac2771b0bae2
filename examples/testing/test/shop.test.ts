import { startTenant } from 'entra-apps/tenant'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { Shop } from '../src/shop.ts'

const [clientId, clientSecret] = [crypto.randomUUID(), crypto.randomUUID()]
const redirectUri = 'https://shop.example.com/callback'

// One tenant for the file; each test begins with the directory as it was seeded.
const tenant = await startTenant({
  seed: {
    users: [
      { displayName: 'Edsger Dijkstra', userPrincipalName: 'edsger' },
      { displayName: 'Barbara Liskov', userPrincipalName: 'barbara' },
    ],
    applications: [
      {
        displayName: 'Shop',
        appId: clientId,
        web: { redirectUris: [redirectUri] },
        secrets: [{ value: clientSecret, lifetime: '90d' }],
        appRoles: [{ value: 'Administrator', allowedMemberTypes: ['User'] }],
        permissions: { 'Microsoft Graph': { application: ['User.Read.All'], delegated: ['User.Read'] } },
        assignments: [{ user: 'barbara', role: 'Administrator' }],
      },
    ],
  },
})
afterAll(() => tenant.close())

const seeded = tenant.control.snapshot()
let shop: Shop
beforeEach(() => {
  tenant.control.restore(seeded)
  tenant.control.clearFaults()
  const auth = { clientId, clientSecret, ...tenant.settings.msal }
  shop = new Shop({ auth, graphUrl: tenant.graphUrl, redirectUri })
})

describe('people', () => {
  const signIn = async (user: string) => {
    const back = await tenant.signIn(await shop.signInAddress('state'), user)
    expect(back.searchParams.get('state')).toBe('state')
    return shop.signedIn(back.searchParams.get('code') ?? '')
  }

  it('sign in with an authorization code', async () => {
    expect(await signIn('edsger')).toEqual({ name: 'Edsger Dijkstra', isAdministrator: false })
  })

  it('are administrators by their app role', async () => {
    expect(await signIn('barbara')).toEqual({ name: 'Barbara Liskov', isAdministrator: true })
  })

  it('cannot sign in with a code that is ten minutes old', async () => {
    const back = await tenant.signIn(await shop.signInAddress('state'), 'edsger')
    tenant.control.clock.advance('11m')
    await expect(shop.signedIn(back.searchParams.get('code') ?? '')).rejects.toThrow(/AADSTS70008/)
  })
})

describe('the shop itself', () => {
  it('reads the directory with client credentials', async () => {
    expect(await shop.customers()).toContain('Barbara Liskov')
    expect(tenant.control.requests({ path: '/v1.0/users', caller: clientId }).at(-1)).toMatchObject({
      status: 200,
      allowedBy: 'User.Read.All',
    })
  })

  it('asks again when Graph throttles', async () => {
    tenant.control.addFault({ effect: 'throttle', retryAfter: '1s', on: { service: 'graph' }, times: 1 })
    expect(await shop.customers()).toHaveLength(5)
  })

  it('says that its secret has expired', async () => {
    tenant.control.clock.advance('91d')
    await expect(shop.customers()).rejects.toThrow(/AADSTS7000222/)
  })
})
