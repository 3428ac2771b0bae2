import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RequestFile } from '../../../tenant/audit/request-file.ts'
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
