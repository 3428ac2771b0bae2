import { afterEach, describe, expect, it } from 'vitest'
import type { AppDeclarationInput } from '../../infra/declaration/schema.ts'
import { readDeclaration } from '../../infra/rules/validate.ts'
import { needsOf, planned } from '../../scripts/doctor/needs.ts'
import { openStage, type Stage } from '../support/stage.ts'

/** What each permission is needed for, in one stack. */
const APPS: Record<string, AppDeclarationInput> = {
  rota: {
    displayName: 'Rota',
    identifierUris: ['api://{clientId}'],
    scopes: { 'Rota.Read': { admin: { displayName: 'Read', description: 'Read the rota' } } },
    appRoles: { Planner: { displayName: 'Planner', description: 'Plans' } },
    preAuthorizedClients: { viewer: ['Rota.Read'] },
    owners: ['ada@contoso.onmicrosoft.com', 'Platform automation', 'keeper'],
    assignments: [
      { user: 'grace@contoso.onmicrosoft.com', role: 'Planner' },
      { group: 'Rota workers', role: 'Planner' },
    ],
    federatedCredentials: { main: { github: { repository: 'contoso/rota', branch: 'main' } } },
  },
  viewer: {
    displayName: 'Viewer',
    permissions: {
      'Microsoft Graph': { application: ['User.Read.All'], delegated: ['User.Read'] },
      rota: { delegated: ['Rota.Read'] },
    },
    consent: 'grant',
    secrets: { main: { displayName: 'Main', lifetime: '90d' } },
  },
  keeper: { displayName: 'Keeper' },
}

// Without owners by name nobody is looked up before the first write, so that it is the write that is refused.
const { owners: _, assignments: __, ...OWNERLESS } = APPS['rota'] as AppDeclarationInput
const ALONE = { rota: { ...OWNERLESS, preAuthorizedClients: {} } }

function neededFor(apps: Record<string, AppDeclarationInput>): string[] {
  const read = readDeclaration(apps)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return needsOf(planned(read.value), 'up').flatMap(({ least, optional }) => (optional ? [] : [least]))
}

/** Every permission that `doctor` asks for is one without which the deployment fails, and together they are enough. */
describe('a deployer with the permissions that doctor asks for', () => {
  let stage: Stage
  afterEach(() => stage?.close())

  const upWith = async (deployerRoles: readonly string[], apps: Record<string, AppDeclarationInput>) => {
    stage = await openStage({ deployerRoles })
    stage.tenant.control.seed({
      groups: [{ displayName: 'Rota workers' }],
      applications: [{ displayName: 'Platform automation' }],
    })
    await stage.declare(apps)
    return stage.pulumi('up', '--yes', '--skip-preview')
  }

  it('brings everything up, changes it and takes it down', async () => {
    const ended = await upWith(neededFor(APPS), APPS)
    expect(ended.code, ended.output).toBe(0)
    await stage.declare({
      ...APPS,
      rota: { ...APPS['rota'], displayName: 'Rota 2', preAuthorizedClients: {} },
    })
    const changed = await stage.pulumi('up', '--yes', '--skip-preview')
    expect(changed.code, changed.output).toBe(0)
    const destroyed = await stage.pulumi('destroy', '--yes')
    expect(destroyed.code, destroyed.output).toBe(0)
  })

  it('needs one for all that an application offers and for its credentials', async () => {
    expect(neededFor(ALONE)).toEqual(['Application.ReadWrite.OwnedBy'])
    const ended = await upWith(neededFor(ALONE), ALONE)
    expect(ended.code, ended.output).toBe(0)
  })

  it.each(neededFor(APPS))('fails without %s', async (lacking) => {
    const ended = await upWith(
      neededFor(APPS).filter((role) => role !== lacking),
      APPS,
    )
    expect(ended.code, ended.output).not.toBe(0)
    expect(ended.output).toContain('Authorization_RequestDenied')
  })

  it('needs Directory.Read.All to make somebody else an owner later', async () => {
    const owned = (alias: string) => ({
      rota: { ...ALONE.rota, owners: [`${alias}@contoso.onmicrosoft.com`] },
    })
    const first = await upWith(neededFor(owned('ada')), owned('ada'))
    expect(first.code, first.output).toBe(0)
    await stage.declare(owned('grace'))
    const doctor = await stage.cli('doctor')
    expect(doctor.code, doctor.output).toBe(1)
    expect(doctor.output).toContain('permission Directory.Read.All')
    const ended = await stage.pulumi('up', '--yes', '--skip-preview')
    expect(ended.output).toContain('Authorization_RequestDenied')
  })
})
