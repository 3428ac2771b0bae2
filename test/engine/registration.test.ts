import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { AppDeclarationInput } from '../../infra/declaration/schema.ts'
import { type DirectoryReader, readDirectory } from '../support/directory-objects.ts'
import { type Ended, openStage, type Stage } from '../support/stage.ts'

const API: AppDeclarationInput = {
  displayName: 'Files API',
  description: 'Keeps the files',
  accessTokenVersion: 2,
  scopes: {
    'Files.Read': { admin: { displayName: 'Read files', description: 'Read all files of the user' } },
    'Files.Manage': {
      consentBy: 'admins',
      admin: { displayName: 'Manage files', description: 'Manage all files' },
      user: { displayName: 'Manage your files', description: 'Manage files for you' },
    },
  },
  appRoles: {
    Importer: { displayName: 'Importer', description: 'Imports files', for: ['applications'] },
    Reader: { displayName: 'Reader', description: 'Reads files' },
  },
  notes: 'Kept by the platform team',
  tags: ['files', 'api'],
  servicePrincipal: { assignmentRequired: true, notes: 'Ask platform', tags: ['files'] },
  suppress: [{ rule: 'EA705', reason: 'only the daemon uses it' }],
}

const DAEMON: AppDeclarationInput = {
  displayName: 'Daemon',
  web: { homepage: 'https://daemon.example/', logoutUrl: 'https://daemon.example/out' },
  redirectUris: { web: ['https://daemon.example/cb'] },
  info: { support: 'https://daemon.example/help' },
  claims: { idToken: ['email', { name: 'upn', essential: true }], groups: ['SecurityGroup'] },
  permissions: {
    'Office 365 Exchange Online': { application: ['full_access_as_app'] },
    'files-api': { application: ['Importer'], delegated: ['Files.Read'] },
  },
  consent: 'grant',
  secrets: { main: { displayName: 'Main', lifetime: '90d' } },
}

/** What every azuread plugin serves; the daemon comes first, though it needs the API's client id. */
const APPS = { daemon: DAEMON, 'files-api': API }

describe.sequential('a whole registration', () => {
  let stage: Stage
  let directory: DirectoryReader
  beforeAll(async () => {
    stage = await openStage()
    directory = await readDirectory(stage.tenant)
  })
  afterAll(() => stage?.close())

  const ok = (ended: Ended) => expect(ended.code, ended.output).toBe(0)
  const up = async (apps: Record<string, AppDeclarationInput>, ...args: string[]) => {
    await stage.declare(apps)
    const ended = await stage.pulumi('up', '--yes', ...args)
    ok(ended)
    return ended
  }

  it('arrives in the directory as declared', async () => {
    const { stdout } = await up(APPS)
    expect(stdout).toContain('daemon gets Importer of files-api (application)')
    const api = await directory.application('Files API')
    expect(api).toMatchObject({
      description: 'Keeps the files',
      notes: 'Kept by the platform team',
      api: { requestedAccessTokenVersion: 2 },
    })
    expect([...(api['tags'] as string[])].sort()).toEqual(['api', 'files'])
    expect(await directory.servicePrincipal('Files API')).toMatchObject({
      appRoleAssignmentRequired: true,
      notes: 'Ask platform',
      tags: ['files'],
    })
    const daemon = await directory.application('Daemon')
    expect(daemon).toMatchObject({
      web: { homePageUrl: 'https://daemon.example/', logoutUrl: 'https://daemon.example/out' },
      info: { supportUrl: 'https://daemon.example/help' },
      groupMembershipClaims: 'SecurityGroup',
      optionalClaims: { idToken: [{ name: 'email' }, { name: 'upn', essential: true }] },
    })
  })

  it('gives the API of the same stack its consent, by the ids that its application has', async () => {
    const api = await directory.application('Files API')
    const apiPrincipal = await directory.servicePrincipal('Files API')
    const daemonPrincipal = await directory.servicePrincipal('Daemon')
    const role = (api['appRoles'] as { id: string; value: string }[]).find(
      ({ value }) => value === 'Importer',
    )
    const assigned = await directory.list(`/servicePrincipals/${daemonPrincipal['id']}/appRoleAssignments`)
    expect(assigned).toContainEqual(
      expect.objectContaining({ appRoleId: role?.id, resourceId: apiPrincipal['id'] }),
    )
    const grants = await directory.list('/oauth2PermissionGrants')
    expect(grants).toContainEqual(
      expect.objectContaining({
        clientId: daemonPrincipal['id'],
        resourceId: apiPrincipal['id'],
        scope: 'Files.Read',
      }),
    )
  })

  it('is not changed by a second run, by a refresh, or by another order', async () => {
    ok(await stage.pulumi('up', '--yes', '--expect-no-changes'))
    ok(await stage.pulumi('refresh', '--yes', '--expect-no-changes'))
    await up({ 'files-api': API, daemon: reversed(DAEMON) }, '--expect-no-changes')
  })

  it('is not changed by moving an application into a file of its own', async () => {
    await mkdir(join(stage.dir, 'apps'))
    const file = join(stage.dir, 'apps/files-api.yaml')
    await writeFile(file, stringify({ ...API, description: 'of all stacks' }))
    await up(
      { 'files-api': { description: 'Keeps the files' } as AppDeclarationInput, daemon: DAEMON },
      '--expect-no-changes',
    )
    await rm(file)
  })

  it('lets go of what is no longer declared', async () => {
    const { tags: _, notes: __, servicePrincipal: ___, suppress: ____, ...rest } = API
    const hidden = { servicePrincipal: { visibleToUsers: false } }
    await up({ daemon: DAEMON, 'files-api': { ...rest, ...hidden } })
    expect(await directory.servicePrincipal('Files API')).toMatchObject({ tags: ['HideApp'], notes: null })
    await up({ daemon: DAEMON, 'files-api': rest })
    expect(await directory.servicePrincipal('Files API')).toMatchObject({
      tags: [],
      appRoleAssignmentRequired: false,
    })
    expect(await directory.application('Files API')).toMatchObject({ tags: [], notes: null })
  })

  it('loses exactly the grant of a permission that is removed', async () => {
    const principal = await directory.servicePrincipal('Daemon')
    const assignments = () => directory.list(`/servicePrincipals/${principal['id']}/appRoleAssignments`)
    const before = await assignments()
    const { permissions, ...rest } = DAEMON
    const kept = { 'files-api': permissions?.['files-api'] ?? {} }
    const ended = await up({ ...APPS, daemon: { ...rest, permissions: kept } })
    expect(ended.stdout).toContain(
      'daemon loses full_access_as_app of Office 365 Exchange Online (application)',
    )
    expect(ended.stdout).toMatch(/- 1 deleted/)
    expect(ended.stdout).not.toMatch(/created|replaced/)
    const after = await assignments()
    expect(before.filter(({ id }) => !after.some((each) => each['id'] === id))).toHaveLength(1)
    expect(after.every(({ id }) => before.some((each) => each['id'] === id))).toBe(true)
  })

  it('is renamed without replacing anything', async () => {
    const before = await directory.application('Daemon')
    const { permissions: _, ...rest } = DAEMON
    const renamed = { ...rest, displayName: 'Importer daemon', formerly: ['daemon'] }
    const permissions = { 'files-api': DAEMON.permissions?.['files-api'] ?? {} }
    const ended = await up({ importer: { ...renamed, permissions }, 'files-api': API })
    expect(ended.stdout).not.toMatch(/created|deleted|replaced/)
    expect(await directory.application('Importer daemon')).toMatchObject({
      id: before['id'],
      appId: before['appId'],
    })
  })

  it('can be destroyed', async () => {
    ok(await stage.pulumi('destroy', '--yes'))
  })
})

function reversed(app: AppDeclarationInput): AppDeclarationInput {
  const permissions = Object.fromEntries(Object.entries(app.permissions ?? {}).reverse())
  const claims = { ...app.claims, idToken: [...(app.claims?.idToken ?? [])].reverse() }
  return { ...app, permissions, claims }
}
