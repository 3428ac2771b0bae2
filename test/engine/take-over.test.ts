import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MICROSOFT_GRAPH_APP_ID } from '../../microsoft/apis.ts'
import { deployerGraph, trust } from '../support/rehearsal.ts'
import { openStage, type Stage } from '../support/stage.ts'

const ASKED = {
  displayName: 'CRM reader',
  permissions: { 'Microsoft Graph': { application: ['User.Read.All'], delegated: ['User.Read'] } },
}
const CONSENTED = {
  ...ASKED,
  consent: 'grant' as const,
  identifierUris: ['api://{clientId}'],
  federatedCredentials: { main: { github: { repository: 'contoso/crm', branch: 'main' } } },
}

/** What an administrator did by hand between two deployments. */
describe.sequential('up over what exists already', () => {
  let stage: Stage
  let graph: Awaited<ReturnType<typeof deployerGraph>>
  const first = async (path: string) =>
    ((await graph('GET', path))['value'] as Readonly<Record<string, string>>[])[0] ?? {}
  let app: Readonly<Record<string, string>>
  let principal: Readonly<Record<string, string>>

  beforeAll(async () => {
    stage = await openStage()
    trust(stage.tenant.caPem)
    graph = await deployerGraph(stage.tenant)
    await stage.declare({ crm: ASKED })
    const ended = await stage.cli('up')
    expect(ended.code, ended.output).toBe(0)
    app = await first(`/applications?$filter=displayName eq 'CRM reader'`)
    principal = await first(`/servicePrincipals?$filter=appId eq '${app['appId']}'`)
    const api = await first(`/servicePrincipals?$filter=appId eq '${MICROSOFT_GRAPH_APP_ID}'`)
    await graph('POST', `/servicePrincipals/${principal['id']}/appRoleAssignments`, {
      principalId: principal['id'],
      resourceId: api['id'],
      appRoleId: 'df021288-bdef-4463-88db-98f22de89214',
    })
    await graph('POST', '/oauth2PermissionGrants', {
      clientId: principal['id'],
      consentType: 'AllPrincipals',
      resourceId: api['id'],
      scope: 'User.Read openid profile',
    })
    await graph('PATCH', `/applications/${app['id']}`, { identifierUris: [`api://${app['appId']}`] })
  })
  afterAll(() => stage?.close())

  it('names what differs, with the way out, before anything is changed', async () => {
    const trustFor = (subject: string) => ({
      name: 'main',
      issuer: 'https://token.actions.githubusercontent.com',
      subject,
      audiences: ['api://AzureADTokenExchange'],
    })
    const path = `/applications/${app['id']}/federatedIdentityCredentials`
    const other = await graph('POST', path, trustFor('repo:contoso/old:ref:refs/heads/main'))
    await stage.declare({ crm: CONSENTED })
    const ended = await stage.cli('up')
    expect(ended.code, ended.output).toBe(1)
    expect(ended.stderr).toMatch(
      /nothing was changed:\n.*crm-federated-main: the application has a federated credential "main" already.*repo:contoso\/old.*Use another name/,
    )
    expect(ended.output).not.toMatch(/Updating/)
    await graph('DELETE', `${path}/${other['id']}`)
    await graph('POST', path, trustFor('repo:contoso/crm:ref:refs/heads/main'))
  })

  it('says in the preview what is taken over', async () => {
    const { code, stdout, output } = await stage.cli('up', '--preview')
    expect(code, output).toBe(0)
    expect(stdout).toMatch(/Exists already, and is taken over instead of created:/)
    expect(stdout).toMatch(
      /crm-microsoft-graph-User\.Read\.All: CRM reader has this app role of Microsoft Graph/,
    )
    expect(stdout).toMatch(
      /crm-microsoft-graph-delegated: consent to User\.Read, openid, profile; openid, profile is withdrawn/,
    )
    expect(stdout).toMatch(/identifier URI api:\/\//)
    expect(stdout).toMatch(/federated credential "main"/)
    expect(stdout).toMatch(/4 to import/)
  })

  it('takes it over, brings it to what is declared, and has nothing to change afterwards', async () => {
    const ended = await stage.cli('up')
    expect(ended.code, ended.output).toBe(0)
    expect(ended.output).not.toMatch(/already exists|\b409\b/)
    const grants = await graph('GET', `/servicePrincipals/${principal['id']}/oauth2PermissionGrants`)
    expect(grants['value']).toMatchObject([{ scope: 'User.Read' }])
    const before = (await stage.pulumi('stack', 'export')).stdout
    const again = await stage.cli('up')
    expect(again.code, again.output).toBe(0)
    expect(again.stdout).not.toMatch(/Updating|taken over/)
    expect((await stage.pulumi('stack', 'export')).stdout).toBe(before)
    expect(
      JSON.parse(before).deployment.resources.some(({ protect }: { protect?: boolean }) => protect),
    ).toBe(false)
  })
})
