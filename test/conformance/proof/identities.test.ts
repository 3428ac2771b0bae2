import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { IdentityOutputs } from '../../../infra/contract/outputs.ts'
import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import { type Directory, onItsHost, prove, stackTargets } from '../../../scripts/proof/index.ts'
import { type Rehearsal, rehearse } from '../../support/rehearsal.ts'
import { openAsDeployer, portsOf } from './support.ts'

const seed = {
  managedIdentities: [
    { displayName: 'crm-jobs', permissions: { 'Microsoft Graph': { application: ['User.Read.All'] } } },
  ],
}

/** What a stack recorded that granted these permissions of Graph. */
const recorded = (
  stage: Rehearsal,
  ids: Pick<IdentityOutputs, 'clientId' | 'servicePrincipalId'>,
  ...application: string[]
): IdentityOutputs => ({
  displayName: 'crm-jobs',
  tenantId: stage.tenant.tenantId,
  ...ids,
  isUserAssigned: true,
  consent: 'grant',
  permissions: {
    'Microsoft Graph': { appId: MICROSOFT_GRAPH_APP_ID, application, delegated: [], roleIds: {} },
  },
  probes: ['GET /users?$top=1'],
})

const targetOf = (jobs: IdentityOutputs) =>
  stackTargets({ apps: {}, identities: { jobs }, ledger: {}, secretValues: {} })

describe('the proof of an identity without a registration', () => {
  let stage: Rehearsal
  let directory: Directory
  let ids: Pick<IdentityOutputs, 'clientId' | 'servicePrincipalId'>
  beforeAll(async () => {
    stage = await rehearse()
    stage.tenant.control.seed(seed)
    directory = await openAsDeployer(stage.tenant)
    const found = await stage.graph('GET', "/servicePrincipals?$filter=displayName eq 'crm-jobs'")
    const [principal] = found['value'] as { id: string; appId: string }[]
    ids = { clientId: principal!.appId, servicePrincipalId: principal!.id }
  })
  afterAll(() => stage?.close())

  const proveWith = (jobs: IdentityOutputs, options: Parameters<typeof prove>[2] = { directory }) =>
    prove(targetOf(jobs), portsOf(stage.tenant), options)
  const problems = ({ apps: [app] }: Awaited<ReturnType<typeof prove>>) =>
    app?.checks.flatMap(({ status, name, explanation }) =>
      status === 'passed' ? [] : [`${explanation?.code} ${name}`],
    )

  it('is that its grants are those in the directory, in both directions', async () => {
    const report = await proveWith(recorded(stage, ids, 'User.Read.All'))
    expect(report).toMatchObject({ verdict: 'proved', apps: [{ app: 'jobs', clientId: ids.clientId }] })
    expect(problems(report)).toEqual([])
    const other = await proveWith(recorded(stage, ids, 'Group.Read.All'))
    expect(other.verdict).toBe('wrong')
    expect(problems(other)).toEqual([
      'GRANT_MISSING consent to Group.Read.All on Microsoft Graph',
      'GRANT_UNDECLARED consent to User.Read.All on Microsoft Graph',
    ])
  })

  it('could not be run where nobody may look there', async () => {
    const report = await proveWith(recorded(stage, ids, 'User.Read.All'), {})
    expect(report).toMatchObject({ verdict: 'couldNotRun', exitCode: 2 })
    expect(problems(report)).toEqual(['GRANTS_UNREAD grants'])
  })

  describe('on its own host', () => {
    let host: Server
    const asked: string[] = []
    beforeAll(async () => {
      // App Service hands out tokens so; here it is one of the tenant for an application that plays the identity.
      const app = await stage.app({ roles: ['User.Read.All'] })
      ids = { clientId: app.clientId, servicePrincipalId: app.servicePrincipalId }
      host = createServer(async (request, response) => {
        const { searchParams } = new URL(request.url ?? '', 'http://host')
        asked.push(`${request.headers['x-identity-header']} ${searchParams.get('client_id')}`)
        const body = new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: app.clientId,
          client_secret: app.secret.value,
          scope: `${searchParams.get('resource')}/.default`,
        })
        const url = `${stage.tenant.url}/${stage.tenant.tenantId}/oauth2/v2.0/token`
        const { access_token } = (await (await fetch(url, { method: 'POST', body })).json()) as Record<
          string,
          string
        >
        const expires_on = String(Math.floor(Date.now() / 1000) + 3600)
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ access_token, expires_on, resource: 'graph', token_type: 'Bearer' }))
      })
      await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
      vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${(host.address() as AddressInfo).port}/msi/token`)
      vi.stubEnv('IDENTITY_HEADER', 'of-this-host')
    })
    afterAll(() => {
      vi.unstubAllEnvs()
      host?.close()
    })

    it('is a token of it, too, with exactly these permissions, and its probes', async () => {
      const onHost = (jobs: IdentityOutputs) =>
        prove(targetOf(jobs).map(onItsHost), portsOf(stage.tenant), { wait: { deadlineMs: 0 } })
      const report = await onHost(recorded(stage, ids, 'User.Read.All'))
      expect(report).toMatchObject({
        verdict: 'proved',
        apps: [{ credentials: [{ kind: 'managedIdentity' }] }],
      })
      expect(report.apps[0]?.credentials[0]?.checks.map(({ name }) => name)).toContain('GET /users?$top=1')
      expect(asked).toEqual([`of-this-host ${ids.clientId}`])
      const more = await onHost(recorded(stage, ids, 'User.Read.All', 'Group.Read.All'))
      expect(more.apps[0]?.credentials[0]?.verdict).toBe('wrong')
    })
  })
})
