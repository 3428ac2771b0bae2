import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClientCertificate } from '../../support/client-certificate.ts'
import { type Answer, expectStatus, openTenant, type TestTenant } from './client.ts'

const DEFAULT = '/policies/defaultAppManagementPolicy'

let at: TestTenant
let app: Answer

beforeEach(async () => {
  at = await openTenant({
    deployerRoles: [
      'Application.ReadWrite.All',
      'Policy.Read.All',
      'Policy.ReadWrite.ApplicationConfiguration',
    ],
  })
  app = expectStatus(await at.graph('POST', '/applications', { displayName: 'Held' }), 201)
})
afterEach(() => at.close())

const lifetime = (maxLifetime: string, more: object = {}): object => ({
  passwordCredentials: [{ restrictionType: 'passwordLifetime', maxLifetime, ...more }],
})

const enforce = async (applicationRestrictions: object): Promise<void> => {
  expectStatus(await at.graph('PATCH', DEFAULT, { isEnabled: true, applicationRestrictions }), 204)
}

/** The code with which a secret that lasts so many days is refused, undefined when it is issued. */
async function refusal(days: number, path = `/applications/${app.id}`): Promise<string | undefined> {
  const endDateTime = new Date(Date.now() + days * 86_400_000).toISOString()
  const answer = await at.graph('POST', `${path}/addPassword`, { passwordCredential: { endDateTime } })
  return answer.status === 200 ? undefined : expectStatus(answer, 400).error.code
}

describe('the default app management policy', () => {
  it('is there from the first day, switched off', async () => {
    expect(expectStatus(await at.graph('GET', DEFAULT), 200)).toMatchObject({
      '@odata.context': `${at.tenant.url}/v1.0/$metadata#policies/defaultAppManagementPolicy/$entity`,
      id: '00000000-0000-0000-0000-000000000000',
      isEnabled: false,
      applicationRestrictions: { passwordCredentials: [], keyCredentials: [] },
    })
    expect(await refusal(3000)).toBeUndefined()
  })

  it('caps the lifetime of secrets, inline ones too', async () => {
    await enforce(lifetime('P90D'))
    expect(await refusal(89)).toBeUndefined()
    expect(await refusal(91)).toBe('CredentialInvalidLifetimeAsPerAppPolicy')
    const body = { displayName: 'inline', passwordCredentials: [{ displayName: 'two years' }] }
    const { error } = expectStatus(await at.graph('POST', '/applications', body), 400)
    expect(error.code).toBe('CredentialInvalidLifetimeAsPerAppPolicy')
  })

  it('forbids secrets, but not on service principals when it is about applications', async () => {
    await enforce({ passwordCredentials: [{ restrictionType: 'passwordAddition' }] })
    expect(await refusal(1)).toBe('CredentialTypeNotAllowedAsPerAppPolicy')
    const sp = expectStatus(await at.graph('POST', '/servicePrincipals', { appId: app.appId }), 201)
    expect(await refusal(1, `/servicePrincipals/${sp.id}`)).toBeUndefined()
  })

  it('spares what was made before its date, and what is disabled', async () => {
    await enforce(lifetime('P1D', { restrictForAppsCreatedAfterDateTime: '2999-01-01T00:00:00Z' }))
    expect(await refusal(30)).toBeUndefined()
    await enforce(lifetime('P1D', { state: 'disabled' }))
    expect(await refusal(30)).toBeUndefined()
    await enforce(lifetime('P1D', { restrictForAppsCreatedAfterDateTime: '2019-01-01T00:00:00Z' }))
    expect(await refusal(30)).toBe('CredentialInvalidLifetimeAsPerAppPolicy')
  })

  it('caps the lifetime of certificates, and lets those that are there stay', async () => {
    const key = (await createClientCertificate()).certificatePem
    const add = (displayName: string, more: readonly object[] = []) =>
      at.graph('PATCH', `/applications/${app.id}`, {
        keyCredentials: [
          ...more,
          {
            type: 'AsymmetricX509Cert',
            usage: 'Verify',
            displayName,
            key: Buffer.from(key).toString('base64'),
          },
        ],
      })
    expectStatus(await add('before'), 204)
    await enforce({ keyCredentials: [{ restrictionType: 'asymmetricKeyLifetime', maxLifetime: 'PT1H' }] })
    const { keyCredentials } = expectStatus(await at.graph('GET', `/applications/${app.id}`), 200)
    expectStatus(await at.graph('PATCH', `/applications/${app.id}`, { keyCredentials }), 204)
    const { error } = expectStatus(await add('after', keyCredentials), 400)
    expect(error.code).toBe('CredentialInvalidLifetimeAsPerAppPolicy')
  })

  it('takes durations only', async () => {
    for (const maxLifetime of ['90 days', 'P', '', null]) {
      const body = { applicationRestrictions: lifetime(maxLifetime as string) }
      expectStatus(await at.graph('PATCH', DEFAULT, body), 400)
    }
  })
})

describe('an app management policy', () => {
  it('takes the place of the default for what it is assigned to', async () => {
    await enforce(lifetime('P30D'))
    const body = { displayName: 'Longer', isEnabled: true, restrictions: lifetime('P365D') }
    const policy = expectStatus(await at.graph('POST', '/policies/appManagementPolicies', body), 201)
    const assign = { '@odata.id': `${at.tenant.url}/v1.0/policies/appManagementPolicies/${policy.id}` }
    const path = `/applications/${app.id}/appManagementPolicies`
    expect(await refusal(100)).toBe('CredentialInvalidLifetimeAsPerAppPolicy')
    expectStatus(await at.graph('POST', `${path}/$ref`, assign), 204)
    expect(await refusal(100)).toBeUndefined()
    const { error } = expectStatus(await at.graph('POST', `/applications/${app.id}/addPassword`, {}), 400)
    expect(error.message).toContain("'Longer'")
    const applied = await at.graph('GET', `/policies/appManagementPolicies/${policy.id}/appliesTo`)
    expect(expectStatus(applied, 200).value).toMatchObject([{ id: app.id }])
    expectStatus(await at.graph('DELETE', `/policies/appManagementPolicies/${policy.id}`), 204)
    expect(expectStatus(await at.graph('GET', path), 200).value).toEqual([])
    expect(await refusal(100)).toBe('CredentialInvalidLifetimeAsPerAppPolicy')
  })
})
