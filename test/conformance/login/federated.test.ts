import { ClientAssertionCredential } from '@azure/identity'
import { ConfidentialClientApplication } from '@azure/msal-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type IssuerToken, type OidcIssuer, startOidcIssuer } from '../../support/oidc-issuer.ts'
import { claimsOf, expectStatus, openTenant, type TestClient, type TestTenant } from '../tenant/client.ts'
import { codeOf, expectToken, trust, withAssertion } from './support.ts'

let at: TestTenant
let issuer: OidcIssuer
let client: TestClient

beforeAll(async () => {
  issuer = await startOidcIssuer()
  at = await openTenant()
  trust(at.tenant.caPem, issuer.caPem)
  client = await at.client(['User.Read.All'])
  await trustSubject(client, 'github', issuer.gitHub.subject)
})
afterAll(async () => {
  await at.close()
  await issuer.close()
})

async function trustSubject(
  of: TestClient,
  name: string,
  subject: string,
  from = issuer.issuer,
): Promise<string> {
  const path = `/applications/${of.application.id}/federatedIdentityCredentials`
  const audiences = ['api://AzureADTokenExchange']
  const body = { name, issuer: from, subject, audiences }
  return expectStatus(await at.graph('POST', path, body), 201).id
}

/** What a job does with the two variables that GitHub gives it. */
async function gitHubToken(): Promise<string> {
  const answer = await fetch(`${issuer.gitHub.requestUrl}&audience=api://AzureADTokenExchange`, {
    headers: { authorization: `Bearer ${issuer.gitHub.requestToken}` },
  })
  return ((await answer.json()) as { value: string }).value
}

describe('a token of a foreign issuer', () => {
  it('signs in from a GitHub-like job', async () => {
    const claims = await expectToken(at, client.clientId, await gitHubToken())
    expect(claims).toMatchObject({ appidacr: '2', roles: ['User.Read.All'] })
  })

  it('signs in from a Kubernetes-like pod', async () => {
    const own = await at.client([])
    await trustSubject(own, 'cluster', 'system:serviceaccount:files:manager')
    await expectToken(at, own.clientId, await issuer.serviceAccountToken('files', 'manager'))
  })

  it('signs in when its claims meet the expression of a flexible credential', async () => {
    const own = await at.client(['User.Read.All'])
    const workflow = 'contoso/pipelines/.github/workflows/deploy.yml@refs/heads/main'
    const value = `claims['sub'] matches 'repo:contoso/*:ref:refs/heads/?ain' and claims['job_workflow_ref'] eq '${workflow}'`
    const path = `/beta/applications/${own.application.id}/federatedIdentityCredentials`
    const body = {
      name: 'any-repository',
      issuer: issuer.issuer,
      audiences: ['api://AzureADTokenExchange'],
      claimsMatchingExpression: { languageVersion: 1, value },
    }
    expectStatus(await at.graph('POST', path, body), 201)
    const token = (subject: string, ref?: string) =>
      issuer.token({ subject, claims: ref === undefined ? {} : { job_workflow_ref: ref } })
    const claims = await expectToken(
      at,
      own.clientId,
      await token('repo:contoso/any:ref:refs/heads/main', workflow),
    )
    expect(claims).toMatchObject({ appidacr: '2', roles: ['User.Read.All'] })
    for (const assertion of [
      await token('repo:contoso/any:ref:refs/heads/main'),
      await token('repo:fabrikam/any:ref:refs/heads/main', workflow),
      await token('repo:contoso/any:ref:refs/heads/main', `${workflow}2`),
    ]) {
      expect(codeOf(await at.requestToken(withAssertion(at, own.clientId, assertion)))).toBe(700213)
    }
  })

  const refusals: [name: string, wanted: () => IssuerToken, code: number, holds: () => string][] = [
    ['another subject', () => ({ subject: 'repo:contoso/other' }), 700213, () => 'repo:contoso/other'],
    [
      'the subject in another case',
      () => ({ subject: issuer.gitHub.subject.toUpperCase() }),
      7002138,
      () => 'case-sensitive',
    ],
    [
      'another audience',
      () => ({ subject: issuer.gitHub.subject, audience: 'api://other' }),
      700212,
      () => 'api://other',
    ],
    [
      'another issuer',
      () => ({ subject: issuer.gitHub.subject, claims: { iss: `${issuer.issuer}/` } }),
      700211,
      () => `${issuer.issuer}/`,
    ],
    [
      'a key that is not published',
      () => ({ subject: issuer.gitHub.subject, unpublishedKey: true }),
      7000272,
      () => issuer.issuer,
    ],
    ['a time long past', () => ({ subject: issuer.gitHub.subject, issuedAt: 1 }), 700024, () => '1970'],
  ]
  it.each(refusals)('is refused for %s', async (_name, wanted, code, holds) => {
    const answer = await at.requestToken(withAssertion(at, client.clientId, await issuer.token(wanted())))
    expect(answer.json).toMatchObject({ error_codes: [code] })
    expect(answer.json.error_description).toContain(holds())
  })

  it('is refused when its signature is not the key’s', async () => {
    const [header, , signature] = (await gitHubToken()).split('.')
    const [, payload] = (await issuer.token({ subject: issuer.gitHub.subject, claims: { extra: 1 } })).split(
      '.',
    )
    const forged = `${header}.${payload}.${signature}`
    const answer = await at.requestToken(withAssertion(at, client.clientId, forged))
    expect(codeOf(answer)).toBe(50027)
  })

  it('is refused for an application that trusts nobody, and when it is the tenant’s own', async () => {
    const own = await at.client([])
    const foreign = await at.requestToken(withAssertion(at, own.clientId, await gitHubToken()))
    expect(codeOf(foreign)).toBe(70025)
    const ours = await at.requestToken(withAssertion(at, client.clientId, await at.token()))
    expect(codeOf(ours)).toBe(700222)
  })

  it('is refused when the issuer cannot be reached or names another one', async () => {
    const own = await at.client([])
    const [dead, liar] = ['https://localhost:1', `${issuer.issuer}//`]
    await trustSubject(own, 'dead', 's', dead)
    await trustSubject(own, 'liar', 's', liar)
    for (const iss of [dead, liar]) {
      const token = await issuer.token({ subject: 's', claims: { iss } })
      const answer = await at.requestToken(withAssertion(at, own.clientId, token))
      expect([iss, codeOf(answer)]).toEqual([iss, 50166])
    }
  })

  it('goes by the credentials of the moment', async () => {
    const own = await at.client([])
    const id = await trustSubject(own, 'moment', 'job')
    const token = await issuer.token({ subject: 'job' })
    await expectToken(at, own.clientId, token)
    const path = `/applications/${own.application.id}/federatedIdentityCredentials/${id}`
    expectStatus(await at.graph('PATCH', path, { subject: 'another job' }), 204)
    expect(codeOf(await at.requestToken(withAssertion(at, own.clientId, token)))).toBe(700213)
    expectStatus(await at.graph('DELETE', path), 204)
    expect(codeOf(await at.requestToken(withAssertion(at, own.clientId, token)))).toBe(70025)
  })
})

describe('the issuer’s keys', () => {
  it('are fetched once for many tokens', async () => {
    const fresh = await startOidcIssuer()
    const own = await at.client([])
    trust(fresh.caPem)
    try {
      await trustSubject(own, 'fresh', 'job', fresh.issuer)
      for (let n = 0; n < 3; n += 1)
        await expectToken(at, own.clientId, await fresh.token({ subject: 'job' }))
      expect(fresh.asked).toEqual({ discovery: 1, keys: 1 })
    } finally {
      await fresh.close()
    }
  })
})

describe('official clients with an assertion', () => {
  it('@azure/identity gets a token', async () => {
    const credential = new ClientAssertionCredential(at.tenant.tenantId, client.clientId, gitHubToken, {
      authorityHost: at.tenant.url,
      disableInstanceDiscovery: true,
    })
    const { token } = await credential.getToken(`${at.tenant.graphUrl}/.default`)
    expect(claimsOf(token).appid).toBe(client.clientId)
  })

  it('@azure/msal-node gets a token', async () => {
    const application = new ConfidentialClientApplication({
      auth: {
        clientId: client.clientId,
        authority: `${at.tenant.url}/${at.tenant.tenantId}`,
        knownAuthorities: [new URL(at.tenant.url).host],
        clientAssertion: gitHubToken,
      },
    })
    const result = await application.acquireTokenByClientCredential({
      scopes: [`${at.tenant.graphUrl}/.default`],
    })
    expect(claimsOf(result?.accessToken ?? '').appid).toBe(client.clientId)
  })
})
