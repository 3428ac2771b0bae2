import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AppDeclarationInput } from '../../infra/declaration/schema.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../tenant/index.ts'
import { type DirectoryReader, readDirectory } from '../support/directory-objects.ts'
import { type Ended, openStage, type Stage } from '../support/stage.ts'
import { certificatePem } from '../unit/infra/rules/certificate.ts'

/** A client that is registered elsewhere. */
const ELSEWHERE = '11111111-2222-4333-8444-555555555555'

/** @param grace object id of someone assigned */
const api = (grace: string): AppDeclarationInput => ({
  displayName: 'Photos API',
  identifierUris: ['api://{clientId}', 'api://{tenantId}/photos'],
  scopes: { 'Photos.Read': { admin: { displayName: 'Read photos', description: 'Read all photos' } } },
  appRoles: { Curator: { displayName: 'Curator', description: 'Keeps the photos' } },
  preAuthorizedClients: { viewer: ['Photos.Read'] },
  owners: ['ada@contoso.onmicrosoft.com', 'keeper'],
  knownClients: [ELSEWHERE],
  assignments: [{ user: grace, role: 'Curator' }],
})

const VIEWER: AppDeclarationInput = {
  displayName: 'Viewer',
  permissions: { 'photos-api': { delegated: ['Photos.Read'] } },
  federatedCredentials: {
    'github-main': { github: { repository: 'contoso/viewer', branch: 'main' }, description: 'Deployments' },
    cluster: {
      kubernetes: { issuer: 'https://cluster.example', namespace: 'prod', serviceAccount: 'viewer' },
    },
  },
  certificates: { signing: { file: 'signing.pem' } },
}

describe.sequential('offers, owners and credentials', () => {
  let stage: Stage
  let directory: DirectoryReader
  let API: AppDeclarationInput
  let APPS: Record<string, AppDeclarationInput>
  beforeAll(async () => {
    stage = await openStage({ deployerRoles: [...LEAST_PRIVILEGE_DEPLOYER_ROLES, 'User.Read.All'] })
    directory = await readDirectory(stage.tenant)
    const [grace] = await directory.list(
      "/users?$filter=userPrincipalName eq 'grace@contoso.onmicrosoft.com'",
    )
    API = api(String(grace?.['id']))
    APPS = { viewer: VIEWER, 'photos-api': API, keeper: { displayName: 'Keeper' } }
    await writeFile(
      join(stage.dir, 'signing.pem'),
      await certificatePem({ notAfter: '2036-01-01T00:00:00Z', bits: 2048 }),
    )
  })
  afterAll(() => stage?.close())

  const ok = (ended: Ended) => expect(ended.code, ended.output).toBe(0)
  const up = async (apps: Record<string, AppDeclarationInput>) => {
    await stage.declare(apps)
    const ended = await stage.pulumi('up', '--yes')
    ok(ended)
    return ended
  }

  it('arrive in the directory as declared', async () => {
    await up(APPS)
    const api = await directory.application('Photos API')
    const viewer = await directory.application('Viewer')
    expect([...(api['identifierUris'] as string[])].sort()).toEqual(
      [`api://${api['appId']}`, `api://${stage.tenant.tenantId}/photos`].sort(),
    )
    const [scope] = (api['api'] as { oauth2PermissionScopes: { id: string }[] }).oauth2PermissionScopes
    expect(api['api']).toMatchObject({
      knownClientApplications: [ELSEWHERE],
      preAuthorizedApplications: [{ appId: viewer['appId'], delegatedPermissionIds: [scope?.id] }],
    })
    const owners = await directory.list(`/applications/${api['id']}/owners`)
    const keeper = await directory.servicePrincipal('Keeper')
    expect(owners).toHaveLength(3)
    expect(owners).toContainEqual(
      expect.objectContaining({ userPrincipalName: 'ada@contoso.onmicrosoft.com' }),
    )
    expect(owners).toContainEqual(expect.objectContaining({ id: keeper['id'] }))

    const principal = await directory.servicePrincipal('Photos API')
    expect(await directory.list(`/servicePrincipals/${principal['id']}/appRoleAssignedTo`)).toMatchObject([
      { principalType: 'User', appRoleId: (api['appRoles'] as { id: string }[])[0]?.id },
    ])
    const trusts = await directory.list(`/applications/${viewer['id']}/federatedIdentityCredentials`)
    expect(trusts.map(({ name, subject }) => [name, subject]).sort()).toEqual([
      ['cluster', 'system:serviceaccount:prod:viewer'],
      ['github-main', 'repo:contoso/viewer:ref:refs/heads/main'],
    ])
    expect(viewer['keyCredentials']).toMatchObject([{ endDateTime: '2036-01-01T00:00:00Z' }])
  })

  it('are not changed by a second run or a refresh', async () => {
    ok(await stage.pulumi('up', '--yes', '--expect-no-changes'))
    ok(await stage.pulumi('refresh', '--yes'))
    ok(await stage.pulumi('up', '--yes', '--expect-no-changes'))
  })

  it('survive an update of the application they belong to', async () => {
    const before = await directory.application('Photos API')
    await up({ ...APPS, 'photos-api': { ...API, notes: 'changed', identifierUris: ['api://{clientId}'] } })
    const after = await directory.application('Photos API')
    expect(after).toMatchObject({ notes: 'changed', identifierUris: [`api://${before['appId']}`] })
    expect(after['api']).toMatchObject({
      preAuthorizedApplications: (before['api'] as Record<string, unknown>)['preAuthorizedApplications'],
    })
  })

  it('can be destroyed', async () => {
    ok(await stage.pulumi('destroy', '--yes'))
  })
})
