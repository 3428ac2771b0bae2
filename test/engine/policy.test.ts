import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureEngine, policyPackFor } from '../../engine/index.ts'
import type { AppDeclarationInput } from '../../infra/declaration/schema.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../tenant/index.ts'
import { FILE_MANAGER, openStage, REPOSITORY, type Stage } from '../support/stage.ts'

/** Breaks every policy of the pack in the form that it has without settings. */
const WILD: AppDeclarationInput = {
  displayName: 'Wild',
  signInAudience: 'AzureADandPersonalMicrosoftAccount',
  accessTokenVersion: 2,
  redirectUris: { publicClient: ['wild://callback'] },
  permissions: { 'Microsoft Graph': { application: ['RoleManagement.ReadWrite.Directory'] } },
  secrets: { main: { displayName: 'Main', lifetime: '400d' } },
}

describe.sequential('the policy pack', () => {
  let stage: Stage
  let pack: string
  beforeAll(async () => {
    // May also look up the people who are to be owners.
    stage = await openStage({ deployerRoles: [...LEAST_PRIVILEGE_DEPLOYER_ROLES, 'User.Read.All'] })
    pack = policyPackFor(await ensureEngine(), join(REPOSITORY, 'policy'))
  })
  afterAll(() => stage?.close())

  const writes = () =>
    stage.tenant.requests().filter(({ method, path }) => method !== 'GET' && !path.includes('/oauth2/'))
  const settings = async (content: object) => {
    const file = join(stage.dir, 'policy.json')
    await writeFile(file, JSON.stringify(content))
    return file
  }

  it('stops an application that breaks it before anything is created', async () => {
    await stage.declare({ wild: WILD })
    const ended = await stage.pulumi('up', '--yes', '--policy-pack', pack)
    expect(ended.code, ended.output).not.toBe(0)
    expect(ended.output).toMatch(/❌ entra-apps@v\d+\.\d+\.\d+/)
    for (const message of [
      'The application "Wild" (wild) lets AzureADandPersonalMicrosoftAccount sign in',
      'The application "Wild" (wild) asks for RoleManagement.ReadWrite.Directory of Microsoft Graph (application), which the organisation forbids. To fix it: remove it.',
      'The application "Wild" (wild) has the redirect URI wild://callback',
      'The client secret wild-main-g1 ("Main g1") is valid for 400 more days',
      'The application "Wild" (wild) has 1 owner with the deployer, and the organisation wants 2',
    ])
      expect(ended.output).toContain(message)
    expect(ended.output).toMatch(/\[advisory\].*owners/)
    expect(writes()).toEqual([])
  })

  it('lets an application that keeps it pass, by our own command', async () => {
    await stage.declare({ 'file-manager': { ...FILE_MANAGER, owners: ['ada@contoso.onmicrosoft.com'] } })
    const ended = await stage.cli('up', '--policy-pack')
    expect(ended.code, ended.output).toBe(0)
    expect(ended.output).not.toMatch(/\[(mandatory|advisory)\]/)
    expect(ended.output).toMatch(/✅ entra-apps/)
  })

  it('judges by the settings of the organisation', async () => {
    const strict = await settings({
      'credential-kinds': { kinds: ['federated'] },
      'forbidden-permissions': { forbidden: { 'Microsoft Graph': { delegated: ['offline_access'] } } },
      'redirect-uris': { hosts: ['*.contoso.com'], loopback: false },
      owners: { enforcementLevel: 'disabled' },
    })
    const refused = await stage.cli(
      ...['up', '--preview', '--policy-pack', join(REPOSITORY, 'policy'), '--policy-pack-config', strict],
    )
    expect(refused.code, refused.output).toBe(1)
    for (const message of [
      'The client secret file-manager-onedrive-g1 ("OneDrive g1") is not of a kind that the organisation allows (federated)',
      'asks for offline_access of Microsoft Graph (delegated)',
      "files.example.com is none of the organisation's hosts (*.contoso.com)",
      'http://localhost:5173/: the organisation allows no loopback address',
    ])
      expect(refused.output).toContain(message)
    const lenient = await settings({ all: 'advisory' })
    await stage.declare({ wild: WILD })
    const warned = await stage.cli('up', '--preview', '--policy-pack', '--policy-pack-config', lenient)
    expect(warned.code, warned.output).toBe(0)
    expect(warned.output).toMatch(/\[advisory\].*credential-life/)
  })

  it('refuses settings that it does not have', async () => {
    const wrong = await settings({ 'credential-life': { secret: 'half a year' } })
    const ended = await stage.cli('up', '--preview', '--policy-pack', '--policy-pack-config', wrong)
    expect(ended.code).toBe(1)
    expect(ended.output).toMatch(/credential-life: secret: /)
  })

  it('has to be a policy pack', async () => {
    const ended = await stage.cli('up', '--preview', '--policy-pack', stage.dir)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(/is not a policy pack .*Name the folder that has its PulumiPolicy\.yaml/)
  })
})
