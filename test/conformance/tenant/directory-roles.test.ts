import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../../tenant/index.ts'
import { type Answer, expectStatus, openTenant, type TestClient, type TestTenant } from './client.ts'

const APPLICATION_ADMINISTRATOR = '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3'
const PRIVILEGED_ROLE_ADMINISTRATOR = 'e8611ab8-c189-46e8-94e1-60213ab1f814'
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'
const TEAMS_ADMINISTRATOR = '69091246-20e8-4a56-aa4d-066075b2a7a8'

const ASSIGNMENTS = '/roleManagement/directory/roleAssignments'

let at: TestTenant

beforeAll(async () => {
  at = await openTenant({
    deployerRoles: [
      ...LEAST_PRIVILEGE_DEPLOYER_ROLES,
      'RoleManagement.ReadWrite.Directory',
      'Directory.Read.All',
      'Group.ReadWrite.All',
    ],
  })
})
afterAll(() => at.close())

const assign = (roleDefinitionId: string, principalId: string, directoryScopeId: string | null = '/') =>
  at.graph('POST', ASSIGNMENTS, { roleDefinitionId, principalId, directoryScopeId })

const roleOf = async (templateId: string): Promise<Answer> =>
  expectStatus(await at.graph('GET', `/directoryRoles(roleTemplateId='${templateId}')`), 200)

describe('directory roles', () => {
  it('have a template and a definition each, and are activated by their first use', async () => {
    const [template] = (await at.graph('GET', '/directoryRoleTemplates?$top=999')).json.value.filter(
      (each: Answer) => each.id === TEAMS_ADMINISTRATOR,
    )
    expect(template).toMatchObject({ displayName: 'Teams Administrator' })
    const definition = `/roleManagement/directory/roleDefinitions/${TEAMS_ADMINISTRATOR}`
    expect((await at.graph('GET', definition)).json).toMatchObject({
      isBuiltIn: true,
      templateId: TEAMS_ADMINISTRATOR,
    })
    expectStatus(await at.graph('GET', `/directoryRoles(roleTemplateId='${TEAMS_ADMINISTRATOR}')`), 404)
    const body = { roleTemplateId: TEAMS_ADMINISTRATOR }
    const role = expectStatus(await at.graph('POST', '/directoryRoles', body), 201)
    expect(role).toMatchObject({ ...body, displayName: 'Teams Administrator' })
    expectStatus(await at.graph('POST', '/directoryRoles', body), 400)
    expect(await roleOf(TEAMS_ADMINISTRATOR)).toMatchObject({ id: role.id })
    const filter = encodeURIComponent(`roleTemplateId eq '${TEAMS_ADMINISTRATOR}'`)
    expect((await at.graph('GET', `/directoryRoles?$filter=${filter}`)).json.value).toHaveLength(1)
  })

  it('have as members whom they are assigned to over the directory, and the other way round', async () => {
    const { servicePrincipal: first } = await at.client([])
    const { servicePrincipal: second } = await at.client([])
    const made = expectStatus(await assign(APPLICATION_ADMINISTRATOR, first.id), 201)
    const role = await roleOf(APPLICATION_ADMINISTRATOR)
    const members = `/directoryRoles/${role.id}/members`
    const reference = { '@odata.id': `${at.tenant.url}/v1.0/directoryObjects/${second.id}` }
    expectStatus(await at.graph('POST', `${members}/$ref`, reference), 204)
    expectStatus(await at.graph('POST', `${members}/$ref`, reference), 400)
    const ids = async () => (await at.graph('GET', members)).json.value.map((each: Answer) => each.id)
    expect(await ids()).toEqual([first.id, second.id])
    const filter = encodeURIComponent(`principalId eq '${second.id}'`)
    const [joined] = (await at.graph('GET', `${ASSIGNMENTS}?$filter=${filter}&$expand=roleDefinition`)).json
      .value
    expect(joined).toMatchObject({
      roleDefinitionId: APPLICATION_ADMINISTRATOR,
      directoryScopeId: '/',
      roleDefinition: { displayName: 'Application Administrator' },
    })
    const memberOf = `/servicePrincipals/${second.id}/memberOf`
    expect((await at.graph('GET', memberOf)).json.value).toMatchObject([
      { '@odata.type': '#microsoft.graph.directoryRole', id: role.id },
    ])
    expect((await at.graph('GET', `${memberOf}/microsoft.graph.directoryRole`)).json.value).toHaveLength(1)
    expectStatus(await at.graph('DELETE', `${ASSIGNMENTS}/${made.id}`), 204)
    expect(await ids()).toEqual([second.id])
    expectStatus(await at.graph('DELETE', `${members}/${second.id}/$ref`), 204)
    expectStatus(await at.graph('DELETE', `${members}/${second.id}/$ref`), 404)
    expectStatus(await at.graph('GET', `${ASSIGNMENTS}/${joined.id}`), 404)
  })

  it('are assigned once, to what exists, over what exists', async () => {
    const { servicePrincipal } = await at.client([])
    expectStatus(await assign(TEAMS_ADMINISTRATOR, servicePrincipal.id), 201)
    expectStatus(await assign(TEAMS_ADMINISTRATOR, servicePrincipal.id), 400)
    expectStatus(await assign(TEAMS_ADMINISTRATOR, servicePrincipal.id, null), 400)
    expectStatus(await assign(TEAMS_ADMINISTRATOR, servicePrincipal.id, '/nowhere'), 400)
    const unknown = '00000000-0000-4000-8000-000000000000'
    expectStatus(await assign(TEAMS_ADMINISTRATOR, unknown), 404)
    expectStatus(await assign(unknown, servicePrincipal.id), 404)
    const group = { displayName: 'plain', mailEnabled: false, mailNickname: 'plain', securityEnabled: true }
    const { id } = expectStatus(await at.graph('POST', '/groups', group), 201)
    expectStatus(await assign(TEAMS_ADMINISTRATOR, id), 400)
    expectStatus(await at.graph('DELETE', `/servicePrincipals/${servicePrincipal.id}`), 204)
    const filter = encodeURIComponent(`principalId eq '${servicePrincipal.id}'`)
    expect((await at.graph('GET', `${ASSIGNMENTS}?$filter=${filter}`)).json.value).toEqual([])
  })

  it('that are built in can be neither changed nor deleted', async () => {
    const definition = `/roleManagement/directory/roleDefinitions/${TEAMS_ADMINISTRATOR}`
    expectStatus(await at.graph('PATCH', definition, { displayName: 'Other' }), 403)
    expectStatus(await at.graph('DELETE', definition), 403)
  })
})

describe('eligibility for a directory role', () => {
  it('is granted and revoked by requests, and allows nothing by itself', async () => {
    const client = await at.client([])
    const requests = '/roleManagement/directory/roleEligibilityScheduleRequests'
    const body = {
      action: 'adminAssign',
      principalId: client.servicePrincipal.id,
      roleDefinitionId: APPLICATION_ADMINISTRATOR,
      directoryScopeId: '/',
      justification: 'on call',
      scheduleInfo: { startDateTime: '2026-01-01T00:00:00Z', expiration: { type: 'noExpiration' } },
    }
    const made = expectStatus(await at.graph('POST', requests, body), 201)
    expect(made).toMatchObject({ status: 'Provisioned', targetScheduleId: made.id, justification: 'on call' })
    expect((await at.graph('GET', `${requests}/${made.id}`)).json).toMatchObject(body)
    const schedule = `/roleManagement/directory/roleEligibilitySchedules/${made.id}`
    expect((await at.graph('GET', schedule)).json).toMatchObject({
      principalId: body.principalId,
      directoryScopeId: '/',
    })
    expectStatus(await at.graph('POST', requests, body), 400)
    const created = await at.graph('POST', '/applications', { displayName: 'no' }, await at.token(client))
    expectStatus(created, 403)
    const removal = { ...body, action: 'adminRemove', scheduleInfo: null }
    expect(expectStatus(await at.graph('POST', requests, removal), 201)).toMatchObject({ status: 'Revoked' })
    expectStatus(await at.graph('GET', schedule), 404)
    expectStatus(await at.graph('POST', requests, removal), 400)
    const nobody = '00000000-0000-4000-8000-000000000000'
    expect(
      expectStatus(await at.graph('POST', requests, { ...body, principalId: nobody }), 404).error.code,
    ).toBe('SubjectNotFound')
  })
})

describe('what a directory role allows', () => {
  const createsApplication = async (client: TestClient): Promise<number> =>
    (await at.graph('POST', '/applications', { displayName: 'by role' }, await at.token(client))).status

  it('is allowed from its assignment to its end, without any permission', async () => {
    const client = await at.client([])
    expect(await createsApplication(client)).toBe(403)
    const made = expectStatus(await assign(APPLICATION_ADMINISTRATOR, client.servicePrincipal.id), 201)
    expect(await createsApplication(client)).toBe(201)
    const groups = await at.graph('POST', '/groups', {}, await at.token(client))
    expectStatus(groups, 403)
    expectStatus(await at.graph('DELETE', `${ASSIGNMENTS}/${made.id}`), 204)
    expect(await createsApplication(client)).toBe(403)
  })

  it('is allowed by the role of a group, to its members', async () => {
    const client = await at.client([])
    const body = {
      displayName: 'administrators',
      isAssignableToRole: true,
      mailEnabled: false,
      mailNickname: 'administrators',
      securityEnabled: true,
      'members@odata.bind': [`${at.tenant.url}/v1.0/directoryObjects/${client.servicePrincipal.id}`],
    }
    const group = expectStatus(await at.graph('POST', '/groups', body), 201)
    expectStatus(await assign(APPLICATION_ADMINISTRATOR, group.id), 201)
    expect(await createsApplication(client)).toBe(201)
  })

  it.each([
    ['an application administrator', APPLICATION_ADMINISTRATOR, 403],
    ['a privileged role administrator', PRIVILEGED_ROLE_ADMINISTRATOR, 201],
    ['a global administrator', GLOBAL_ADMINISTRATOR, 201],
  ])(
    'lets %s assign app roles of Microsoft Graph or not, and those of others',
    async (_name, role, onGraph) => {
      const client = await at.client([])
      expectStatus(await assign(role, client.servicePrincipal.id), 201)
      const token = await at.token(client)
      const principalId = client.servicePrincipal.id
      const assignRole = async (resource: Answer, appRoleId: string) =>
        at.graph(
          'POST',
          `/servicePrincipals/${principalId}/appRoleAssignments`,
          { principalId, resourceId: resource.id, appRoleId },
          token,
        )
      const graph = expectStatus(
        await at.graph('GET', `/servicePrincipals(appId='${MICROSOFT_GRAPH_APP_ID}')`),
        200,
      )
      expectStatus(await assignRole(graph, graph.appRoles[0].id), onGraph)
      const { servicePrincipal: other } = await at.client([])
      expectStatus(await assignRole(other, '00000000-0000-0000-0000-000000000000'), 201)
    },
  )
})
