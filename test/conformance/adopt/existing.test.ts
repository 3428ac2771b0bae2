import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findExisting } from '../../../scripts/adopt/existing.ts'
import { IMPORTED_TYPES } from '../../../scripts/adopt/import-ids.ts'
import type { Directory } from '../../../scripts/proof/index.ts'
import type { PlannedCreate } from '../../../scripts/stack/planned-changes.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../../tenant/index.ts'
import { type Rehearsal, type RehearsedApp, rehearse } from '../../support/rehearsal.ts'
import { openAsDeployer } from '../proof/support.ts'

const SCOPE = 'f0000000-0000-4000-8000-000000000002'
const CLIENT = '11111111-2222-4333-8444-555555555555'

describe('what exists of the objects that a deployment would create', () => {
  let stage: Rehearsal
  let app: RehearsedApp
  let graphApi: string
  let directory: Directory

  beforeAll(async () => {
    stage = await rehearse({
      deployerRoles: [...LEAST_PRIVILEGE_DEPLOYER_ROLES, 'RoleManagement.ReadWrite.Directory'],
    })
    app = await stage.app({ roles: ['User.Read.All'], displayName: 'Orders' })
    directory = await openAsDeployer(stage.tenant)
    const found = await stage.graph('GET', `/servicePrincipals?$filter=displayName eq 'Microsoft Graph'`)
    graphApi = (found['value'] as { id: string }[])[0]!.id
  })
  afterAll(() => stage?.close())

  const find = (type: keyof typeof IMPORTED_TYPES, inputs: PlannedCreate['inputs']) =>
    findExisting(
      {
        creates: [{ type: IMPORTED_TYPES[type], name: 'it', inputs }],
        servicePrincipals: new Set([app.servicePrincipalId]),
      },
      async () => directory.reader,
    )
  const requests = () => stage.tenant.requests().length

  it('asks nothing where nothing of the kind would be created', async () => {
    const before = requests()
    expect(await find('application', { displayName: 'New' })).toEqual({
      takenOver: [],
      conflicts: [],
      unread: [],
    })
    expect(requests()).toBe(before)
  })

  describe('an application whose creation was interrupted', () => {
    const findLeft = (displayName: string, applications = new Map<string, string>()) =>
      findExisting(
        {
          creates: [{ type: IMPORTED_TYPES.application, name: 'it', inputs: { displayName, notes: 'n' } }],
          servicePrincipals: new Set(),
        },
        async () => directory.reader,
        { interrupted: new Set(['it']), applications },
      )
    const register = async (displayName: string) => {
      const { id } = await stage.graph('POST', '/applications', { displayName })
      return `/applications/${id}`
    }

    it('is taken over when it is there, and nothing when the creation never arrived', async () => {
      expect((await findLeft('Left')).takenOver).toEqual([])
      const id = await register('Left')
      expect((await findLeft('Left')).takenOver).toEqual([
        expect.objectContaining({ id, name: 'it', keep: ['displayName', 'notes'] }),
      ])
    })

    it('is none of the stack, and none that has a credential', async () => {
      const id = await register('Known')
      expect((await findLeft('Known', new Map([[id, 'other']]))).takenOver).toEqual([])
      await stage.app({ displayName: 'In use' })
      expect((await findLeft('In use')).takenOver).toEqual([])
    })

    it('is left to a person when several fit', async () => {
      await register('Twice')
      await register('Twice')
      const { takenOver, conflicts } = await findLeft('Twice')
      expect(takenOver).toEqual([])
      expect(conflicts).toEqual([expect.stringMatching(/several have that name \(client ids \S+, \S+\)/)])
    })
  })

  it('asks once for all roles of an application', async () => {
    const create = (appRoleId: string) => ({
      type: IMPORTED_TYPES.assignment,
      name: appRoleId.slice(0, 4),
      inputs: { appRoleId, principalObjectId: app.servicePrincipalId, resourceObjectId: graphApi },
    })
    const before = requests()
    const { takenOver } = await findExisting(
      {
        creates: [
          create('df021288-bdef-4463-88db-98f22de89214'),
          create('498476ce-e0fe-48b0-b801-37ba7e2685c6'),
        ],
        servicePrincipals: new Set([app.servicePrincipalId]),
      },
      async () => directory.reader,
    )
    expect(takenOver.map(({ name }) => name)).toEqual(['df02'])
    expect(requests()).toBe(before + 1)
  })

  it('takes over a directory role that is assigned over the whole directory', async () => {
    const role = '4a5d8f65-41da-4de4-8968-e035b65339cf'
    const inputs = { principalObjectId: app.servicePrincipalId, roleId: role }
    expect((await find('directoryRole', inputs)).takenOver).toEqual([])
    const { id } = await stage.graph('POST', '/roleManagement/directory/roleAssignments', {
      principalId: app.servicePrincipalId,
      roleDefinitionId: role,
      directoryScopeId: '/',
    })
    expect((await find('directoryRole', inputs)).takenOver).toMatchObject([
      {
        id: `/roleManagement/directory/roleAssignments/${id}`,
        title: 'it: the directory role Reports Reader is assigned already',
        keep: [],
      },
    ])
  })

  it('leaves consent alone that includes more than what is declared', async () => {
    await stage.graph('POST', '/oauth2PermissionGrants', {
      clientId: app.servicePrincipalId,
      consentType: 'AllPrincipals',
      resourceId: graphApi,
      scope: 'User.Read Mail.Read',
    })
    const inputs = {
      servicePrincipalObjectId: app.servicePrincipalId,
      resourceServicePrincipalObjectId: graphApi,
    }
    const { conflicts } = await find('grant', { ...inputs, claimValues: ['User.Read'] })
    expect(conflicts).toEqual([
      expect.stringMatching(
        /^it: consent exists.*includes Mail\.Read, which the declaration does not\. Declare it/,
      ),
    ])
    const { takenOver } = await find('grant', { ...inputs, claimValues: ['Mail.Read', 'User.Read'] })
    expect(takenOver).toMatchObject([{ keep: [], title: 'it: consent to Mail.Read, User.Read' }])
    const more = await find('grant', { ...inputs, claimValues: ['Mail.Read', 'User.Read', 'Files.Read'] })
    expect(more.takenOver).toMatchObject(
      [{ keep: ['claimValues'], title: /; Files\.Read is added$/ }].map(({ title, ...rest }) => ({
        ...rest,
        title: expect.stringMatching(title),
      })),
    )
  })

  it('names the application that has an identifier URI', async () => {
    const uri = `api://contoso.onmicrosoft.com/orders`
    await stage.graph('PATCH', `/applications/${app.objectId}`, { identifierUris: [uri] })
    const create = (id: string) =>
      find('identifierUri', { applicationId: `/applications/${id}`, identifierUri: uri })
    expect((await create(app.objectId)).takenOver).toMatchObject([
      { id: expect.stringContaining('/identifierUris/'), keep: [] },
    ])
    expect((await create(CLIENT)).conflicts).toEqual([
      expect.stringContaining(`belongs to Orders (client id ${app.clientId})`),
    ])
  })

  it('takes over a federated credential, and names one that has another name', async () => {
    const trust = {
      issuer: 'https://token.actions.githubusercontent.com',
      subject: 'repo:a/b:ref:refs/heads/main',
    }
    const audiences = ['api://AzureADTokenExchange']
    await stage.graph('POST', `/applications/${app.objectId}/federatedIdentityCredentials`, {
      ...trust,
      name: 'hand',
      audiences,
    })
    const inputs = { applicationId: `/applications/${app.objectId}`, ...trust, audiences }
    expect(
      (await find('federated', { ...inputs, displayName: 'hand', description: 'x' })).takenOver,
    ).toMatchObject([{ keep: ['description'] }])
    expect((await find('federated', { ...inputs, displayName: 'main' })).conflicts).toEqual([
      expect.stringMatching(/by the federated credential "hand"\. Declare it under that name/),
    ])
  })

  it('takes over a service principal and a pre-authorized client, to be changed afterwards', async () => {
    const scope = { id: SCOPE, value: 'Read', type: 'User', isEnabled: true }
    const texts = { adminConsentDisplayName: 'Read', adminConsentDescription: 'Read' }
    const api = { oauth2PermissionScopes: [{ ...scope, ...texts }] }
    await stage.graph('PATCH', `/applications/${app.objectId}`, { api })
    await stage.graph('PATCH', `/applications/${app.objectId}`, {
      api: { preAuthorizedApplications: [{ appId: app.clientId, delegatedPermissionIds: [SCOPE] }] },
    })
    const client = { applicationId: `/applications/${app.objectId}`, authorizedClientId: app.clientId }
    expect((await find('preAuthorized', { ...client, permissionIds: [SCOPE] })).takenOver).toMatchObject([
      { id: `${app.objectId}/preAuthorizedApplication/${app.clientId}`, keep: [] },
    ])
    expect((await find('preAuthorized', { ...client, permissionIds: [CLIENT] })).takenOver).toMatchObject([
      { keep: ['permissionIds'] },
    ])
    expect(
      (await find('servicePrincipal', { __defaults: [], clientId: app.clientId, tags: [], owners: [] }))
        .takenOver,
    ).toMatchObject([{ id: `/servicePrincipals/${app.servicePrincipalId}`, keep: ['tags', 'owners'] }])
  })

  it('says what it could not read', async () => {
    const { unread, takenOver } = await find('grant', { servicePrincipalObjectId: CLIENT })
    expect(takenOver).toEqual([])
    expect(unread).toEqual([
      expect.stringMatching(/^\/servicePrincipals\/11111111-.*Request_ResourceNotFound/),
    ])
  })
})
