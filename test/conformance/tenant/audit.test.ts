import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RequestFile } from '../../../tenant/audit/request-file.ts'
import { choose, consent, open, returned } from '../login/browser.ts'
import { type Answer, clientCredentials, expectStatus, openTenant, type TestTenant } from './client.ts'

let at: TestTenant
beforeEach(async () => {
  at = await openTenant({
    deployerRoles: [
      'Application.ReadWrite.All',
      'AppRoleAssignment.ReadWrite.All',
      'DelegatedPermissionGrant.ReadWrite.All',
      'Directory.Read.All',
      'AuditLog.Read.All',
    ],
  })
})
afterEach(() => at.close())

const audits = async (query = ''): Promise<Answer[]> =>
  expectStatus(await at.graph('GET', `/auditLogs/directoryAudits${query}`), 200).value

const signIns = async (): Promise<Answer[]> =>
  expectStatus(await at.graph('GET', '/beta/reports/appCredentialSignInActivities'), 200).value

describe('the directory’s audit log', () => {
  it('tells of each change who made it to what, from which value to which', async () => {
    const client = await at.client(['User.Read.All'])
    const { id } = client.application
    expectStatus(await at.graph('PATCH', `/applications/${id}`, { displayName: 'renamed' }), 204)
    const { value: users } = expectStatus(await at.graph('GET', '/users'), 200)
    const owner = { '@odata.id': `${at.tenant.graphUrl}/v1.0/users/${users[0].id}` }
    expectStatus(await at.graph('POST', `/applications/${id}/owners/$ref`, owner), 204)
    expectStatus(await at.graph('DELETE', `/applications/${id}`), 204)
    const newestFirst = await audits()
    const entries = newestFirst.toReversed()
    expect(entries.map((each) => each.activityDisplayName).slice(0, 6)).toEqual([
      'Add application',
      'Add service principal',
      'Update application – Certificates and secrets management',
      'Add app role assignment to service principal',
      'Update application',
      'Add owner to application',
    ])
    expect(entries.slice(6).map((each) => each.activityDisplayName)).toEqual(
      expect.arrayContaining(['Delete application', 'Remove app role assignment from service principal']),
    )
    const renamed = entries[4]
    expect(renamed).toMatchObject({
      category: 'ApplicationManagement',
      operationType: 'Update',
      result: 'success',
      loggedByService: 'Core Directory',
      initiatedBy: {
        user: null,
        app: {
          appId: at.tenant.deployer.clientId,
          displayName: 'Deployer',
          servicePrincipalId: at.tenant.deployer.objectId,
        },
      },
      targetResources: [{ id, displayName: 'renamed', type: 'Application' }],
    })
    expect(renamed.targetResources[0].modifiedProperties).toEqual([
      {
        displayName: 'displayName',
        oldValue: JSON.stringify(client.application.displayName),
        newValue: '"renamed"',
      },
    ])
    expect(entries[5].targetResources.map((each: Answer) => [each.type, each.id])).toEqual([
      ['Application', id],
      ['User', users[0].id],
    ])
    expect(expectStatus(await at.graph('GET', `/auditLogs/directoryAudits/${renamed.id}`), 200).id).toBe(
      renamed.id,
    )
    expect(
      await audits(`?$filter=${encodeURIComponent("activityDisplayName eq 'Update application'")}`),
    ).toEqual([renamed])
  })

  it('begins with the newest entry on every page, and what happens meanwhile moves nothing', async () => {
    await at.client([])
    const all = (await audits()).map((each) => each.id)
    expect(all.length).toBeGreaterThan(2)
    const seen: string[] = []
    let path: string | undefined = '/auditLogs/directoryAudits?$top=1'
    while (path !== undefined) {
      const page: Answer = expectStatus(await at.graph('GET', path), 200)
      seen.push(...page.value.map((each: Answer) => each.id))
      if (seen.length === 1) await at.client([])
      path = page['@odata.nextLink']?.slice(`${at.tenant.url}/v1.0`.length)
    }
    expect(seen).toEqual(all)
  })

  it('holds no secret, and nothing of what was refused', async () => {
    const client = await at.client([])
    expect((await at.graph('POST', '/applications', { displayName: '' })).status).toBe(400)
    expect((await at.graph('DELETE', `/servicePrincipals/${client.application.id}`)).status).toBe(404)
    const text = JSON.stringify(await audits())
    expect(text).toContain('passwordCredentials')
    expect(text).not.toContain(client.secret)
    expect(text).not.toContain('secretHashes')
    expect(await audits()).toHaveLength(3)
  })

  it('is for those who may read it, and written by nobody', async () => {
    const client = await at.client(['Application.Read.All'])
    const token = await at.token(client)
    expect((await at.graph('GET', '/auditLogs/directoryAudits', undefined, token)).status).toBe(403)
    const path = '/beta/reports/appCredentialSignInActivities'
    expect((await at.graph('GET', path, undefined, token)).status).toBe(403)
    expect((await at.graph('POST', '/auditLogs/directoryAudits', {})).status).toBe(501)
    expect((await at.graph('GET', '/reports/appCredentialSignInActivities')).status).toBe(501)
  })
})

describe('the report on credentials in use', () => {
  it('says when each was last used, and nothing of those that never were', async () => {
    const client = await at.client([])
    const unused = expectStatus(
      await at.graph('POST', `/applications/${client.application.id}/addPassword`, {}),
      200,
    )
    const { passwordCredentials } = expectStatus(
      await at.graph('GET', `/applications/${client.application.id}`),
      200,
    )
    const used = passwordCredentials.find((each: Answer) => each.keyId !== unused.keyId)
    await at.token(client)
    const first = (await signIns()).find((each) => each.keyId === used.keyId)
    expect(first).toMatchObject({
      keyType: 'clientSecret',
      appId: client.clientId,
      appObjectId: client.application.id,
      servicePrincipalObjectId: client.servicePrincipal.id,
      credentialOrigin: 'application',
      expirationDateTime: used.endDateTime,
    })
    at.tenant.control.clock.advance('90m')
    const wrong = clientCredentials(client.clientId, 'wrong', at.tenant.graphUrl)
    expect((await at.requestToken(wrong)).status).toBe(401)
    const fresh = await at.token()
    const report = async () =>
      expectStatus(
        await at.graph('GET', '/beta/reports/appCredentialSignInActivities', undefined, fresh),
        200,
      ).value.filter((each: Answer) => each.appId === client.clientId)
    expect(await report()).toEqual([first])
    await at.token(client)
    const [later, ...others] = await report()
    expect(others).toEqual([])
    const moved = (each: Answer) => Date.parse(each.signInActivity.lastSignInDateTime)
    expect(moved(later) - moved(first)).toBeGreaterThanOrEqual(90 * 60_000)
    expect(later.createdDateTime).toBe(first.createdDateTime)
  })

  it('can be hours behind, and outlives a restart', async () => {
    const client = await at.client([])
    at.tenant.control.setLag({ lists: { appCredentialSignInActivities: '6h' } })
    await at.token(client)
    const of = (all: Answer[]) => all.filter((each) => each.appId === client.clientId)
    expect(of(await signIns())).toEqual([])
    const { dataDir } = at
    await at.tenant.close()
    at = await openTenant({ dataDir })
    expect(of(await signIns())).toHaveLength(1)
  })
})

describe('the report on applications in use', () => {
  const path = '/beta/reports/servicePrincipalSignInActivities'
  const of = async (appId: string): Promise<Answer[]> =>
    expectStatus(await at.graph('GET', `${path}?$filter=${encodeURIComponent(`appId eq '${appId}'`)}`), 200)
      .value

  it('says when each last signed in and was signed in to, in which kind of flow', async () => {
    const client = await at.client([])
    expect(await of(client.clientId)).toEqual([])
    await at.token(client)
    const [used, ...others] = await of(client.clientId)
    expect(others).toEqual([])
    const { applicationAuthenticationClientSignInActivity: signedIn } = used
    expect(signedIn).toEqual({
      lastSignInDateTime: expect.any(String),
      lastSignInRequestId: expect.any(String),
    })
    expect(used).toEqual({
      id: Buffer.from(client.clientId).toString('base64url'),
      appId: client.clientId,
      applicationAuthenticationClientSignInActivity: signedIn,
      applicationAuthenticationResourceSignInActivity: null,
      delegatedClientSignInActivity: null,
      delegatedResourceSignInActivity: null,
      lastSignInActivity: signedIn,
    })
    const [graph] = await of('00000003-0000-0000-c000-000000000000')
    expect(graph.applicationAuthenticationResourceSignInActivity).toEqual(signedIn)
    const other = await at.client([])
    const token = await at.token(other)
    expect((await at.graph('GET', path, undefined, token)).status).toBe(403)
    expect(expectStatus(await at.graph('GET', `${path}/${used.id}`), 200).appId).toBe(client.clientId)
  })

  it('keeps what happened in one flow when another is used', async () => {
    const client = await at.client([])
    const redirect = 'https://files.example.com/callback'
    const web = { redirectUris: [redirect] }
    expectStatus(await at.graph('PATCH', `/applications/${client.application.id}`, { web }), 204)
    await consent(at, client.servicePrincipal.id, 'User.Read')
    const asked = {
      client_id: client.clientId,
      response_type: 'code',
      redirect_uri: redirect,
      scope: 'User.Read',
    }
    const page = await open(at, `/${at.tenant.tenantId}/oauth2/v2.0/authorize?${new URLSearchParams(asked)}`)
    const code = returned(await choose(at, page, 'Ada Lovelace'))['code'] ?? 'no code'
    const form = {
      grant_type: 'authorization_code',
      client_id: client.clientId,
      client_secret: client.secret,
    }
    expectStatus(await at.requestToken({ ...form, redirect_uri: redirect, code }), 200)
    at.tenant.control.clock.advance('30m')
    await at.token(client)
    const [used] = await of(client.clientId)
    const moment = (flow: string) => Date.parse(used[flow].lastSignInDateTime)
    expect(moment('lastSignInActivity') - moment('delegatedClientSignInActivity')).toBeGreaterThanOrEqual(
      30 * 60_000,
    )
    expect(used.lastSignInActivity).toEqual(used.applicationAuthenticationClientSignInActivity)
  })
})

describe('the file of requests', () => {
  it('makes way when it is full, and keeps one before it', () => {
    const file = `${at.dataDir}/own.log`
    const record = { at: '', method: 'GET', path: '/x', status: 200, milliseconds: 0 }
    const log = new RequestFile(file, 200)
    for (let n = 0; n < 9; n += 1) log.append({ ...record, path: `/${n}` })
    log.close()
    const paths = (name: string) =>
      readFileSync(name, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).path)
    expect([...paths(`${file}.1`), ...paths(file)]).toEqual(['/6', '/7', '/8'])
  })
})
