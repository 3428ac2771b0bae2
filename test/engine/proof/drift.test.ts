import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AppDeclarationInput } from '../../../infra/declaration/schema.ts'
import { type ProofReport, proofReport } from '../../../scripts/proof/model/report.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../../tenant/index.ts'
import { type DirectoryReader, readDirectory } from '../../support/directory-objects.ts'
import { deployerGraph, type Rehearsal } from '../../support/rehearsal.ts'
import { openStage, type Stage } from '../../support/stage.ts'

const CLIENT_ELSEWHERE = '11111111-2222-4333-8444-555555555555'

const APPS: Record<string, AppDeclarationInput> = {
  rota: {
    displayName: 'Rota',
    description: 'Who works when',
    accessTokenVersion: 2,
    identifierUris: ['api://{clientId}'],
    web: { homepage: 'https://rota.example/' },
    scopes: { 'Rota.Read': { admin: { displayName: 'Read', description: 'Read the rota' } } },
    appRoles: { Planner: { displayName: 'Planner', description: 'Plans' } },
    claims: { groups: ['SecurityGroup', 'DirectoryRole'], idToken: ['email'] },
    preAuthorizedClients: { viewer: ['Rota.Read'] },
    owners: ['ada@contoso.onmicrosoft.com'],
    servicePrincipal: { assignmentRequired: true, tags: ['rota'], visibleToUsers: false },
    assignments: [{ user: 'ada@contoso.onmicrosoft.com', role: 'Planner' }, { group: 'Staff' }],
    federatedCredentials: {
      main: { github: { repository: 'contoso/rota', branch: 'main' } },
      live: { github: { repository: 'contoso/rota', environment: 'live' } },
    },
  },
  viewer: { displayName: 'Viewer', redirectUris: { spa: ['https://viewer.example/'] } },
}

/** `verify --live` compares everything that a stack declares with the directory, whoever changed it there. */
describe.sequential('a registration that was changed outside the stack', () => {
  let stage: Stage
  let graph: Rehearsal['graph']
  let directory: DirectoryReader
  beforeAll(async () => {
    stage = await openStage({ deployerRoles: [...LEAST_PRIVILEGE_DEPLOYER_ROLES, 'Directory.Read.All'] })
    stage.tenant.control.seed({ groups: [{ displayName: 'Staff' }] })
    directory = await readDirectory(stage.tenant)
    graph = await deployerGraph(stage.tenant)
    await stage.declare(APPS)
    const ended = await stage.pulumi('up', '--yes', '--skip-preview')
    expect(ended.code, ended.output).toBe(0)
  })
  afterAll(() => stage?.close())

  const verify = async () => {
    const ended = await stage.cli('verify', '--json', '--live', '--app', 'rota')
    if (!ended.stdout.startsWith('{')) throw new Error(ended.output)
    return problemsIn(proofReport.parse(JSON.parse(ended.stdout)))
  }
  const problemsIn = ({ apps }: ProofReport) =>
    apps
      .flatMap(({ checks }) => checks)
      .filter(({ status }) => status !== 'passed')
      .map(({ name, status, detail, explanation }) => `${status} ${name}: ${explanation?.message ?? detail}`)
      .sort()

  it('is as declared before that, every setting of it', async () => {
    expect(await verify()).toEqual([])
  })

  it('differs in what it is, and is told setting by setting', async () => {
    const { id, appRoles, api } = (await directory.application('Rota')) as unknown as {
      id: string
      appRoles: { id: string }[]
      api: { oauth2PermissionScopes: { id: string }[] }
    }
    const { id: principal } = await directory.servicePrincipal('Rota')
    await graph('PATCH', `/applications/${id}`, {
      description: null,
      web: { homePageUrl: 'https://other.example/' },
      identifierUris: [],
      groupMembershipClaims: 'SecurityGroup',
      optionalClaims: { idToken: [{ name: 'email' }], accessToken: [{ name: 'ipaddr' }], saml2Token: [] },
      api: { ...api, knownClientApplications: [CLIENT_ELSEWHERE], preAuthorizedApplications: [] },
      appRoles: appRoles.map((role) => ({ ...role, isEnabled: false })),
      isDeviceOnlyAuthSupported: true,
    })
    await graph('PATCH', `/servicePrincipals/${principal}`, { appRoleAssignmentRequired: false, tags: [] })
    const viewer = await directory.application('Viewer')
    const [scope] = api.oauth2PermissionScopes
    const { appId } = await directory.application('Rota')
    expect(await verify()).toEqual([
      `failed identifier URIs: missing: api://${appId}`,
      `failed known clients: not declared: ${CLIENT_ELSEWHERE}`,
      `failed pre-authorised clients: missing: ${viewer['appId']} for ${scope?.id}`,
      'failed setting appRoles.Planner: not declared: enabled: false',
      'failed setting claims.accessToken.ipaddr: it is name: ipaddr, declared is not set',
      'failed setting claims.groups: missing: DirectoryRole',
      'failed setting description: it is not set, declared is "Who works when"',
      'failed setting deviceOnlyAuth: it is true, declared is false',
      'failed setting servicePrincipal.assignmentRequired: it is false, declared is true',
      'failed setting servicePrincipal.tags: it is empty, declared is rota',
      'failed setting servicePrincipal.visibleToUsers: it is true, declared is false',
      'failed setting web.homepage: it is "https://other.example/", declared is "https://rota.example/"',
    ])
  })

  it('is fixed by a refresh and a deployment', async () => {
    const ended = await stage.pulumi('up', '--refresh', '--yes', '--skip-preview')
    expect(ended.code, ended.output).toBe(0)
    expect(await verify()).toEqual([])
  })

  it('differs in whom it lets in, and what nobody declared is foreign', async () => {
    const { id } = await directory.application('Rota')
    const { id: principal } = await directory.servicePrincipal('Rota')
    const user = async (alias: string) => {
      const found = await directory.list(
        `/users?$filter=userPrincipalName eq '${alias}@contoso.onmicrosoft.com'`,
      )
      return String(found[0]?.['id'])
    }
    const [ada, grace] = await Promise.all([user('ada'), user('grace')])
    const reference = { '@odata.id': `${stage.tenant.graphUrl}/v1.0/directoryObjects/${grace}` }
    await graph('POST', `/applications/${id}/owners/$ref`, reference)
    await graph('DELETE', `/servicePrincipals/${principal}/owners/${ada}/$ref`)
    await graph('POST', `/servicePrincipals/${principal}/addPassword`, {
      passwordCredential: { displayName: 'back door' },
    })
    const trusts = `/applications/${id}/federatedIdentityCredentials`
    const [main, live] = await Promise.all(
      ['main', 'live'].map(async (name) =>
        (await directory.list(trusts)).find((each) => each['name'] === name),
      ),
    )
    await graph('DELETE', `${trusts}/${live?.['id']}`)
    await graph('PATCH', `${trusts}/${main?.['id']}`, { subject: 'repo:evil/rota:ref:refs/heads/main' })
    await graph('POST', trusts, {
      name: 'clicked',
      issuer: 'https://issuer.example',
      subject: 'anyone',
      audiences: ['api://AzureADTokenExchange'],
    })
    const assigned = `/servicePrincipals/${principal}/appRoleAssignedTo`
    const staff = (await directory.list(assigned)).find((each) => each['principalType'] === 'Group')
    await graph('DELETE', `${assigned}/${staff?.['id']}`)
    const appRoleId = staff?.['appRoleId']
    await graph('POST', assigned, { principalId: grace, resourceId: principal, appRoleId })

    const github = 'of https://token.actions.githubusercontent.com for api://AzureADTokenExchange'
    expect(await verify()).toEqual([
      'failed assignments: missing: Staff',
      'failed federated credential live: it is not in the directory',
      `failed federated credential main: it trusts repo:evil/rota:ref:refs/heads/main ${github}, declared is repo:contoso/rota:ref:refs/heads/main ${github}`,
      `failed owners of the service principal: missing: ada@contoso.onmicrosoft.com (${ada})`,
      `warning assignments: Grace Hopper (${grace}) is assigned to role ${appRoleId}, but not declared`,
      expect.stringMatching(
        /^warning credentials of the service principal: "back door", key id \S+, until \S+: not issued by this stack$/,
      ),
      'warning foreign federated credentials: "clicked" trusts anyone of https://issuer.example for api://AzureADTokenExchange: not declared',
      `warning owners: Grace Hopper (${grace}) is an owner, but not declared`,
    ])
  })
})
