import { describe, expect, it } from 'vitest'
import type { AppDeclarationInput } from '../../../infra/declaration.ts'
import { readDeclaration } from '../../../infra/reading.ts'
import { judgeNeeds } from '../../../scripts/doctor/judge-needs.ts'
import { DIRECTORY_ROLES, needsOf, PERMISSION_IDS } from '../../../scripts/doctor/needs.ts'
import { isoDuration, judgePolicy } from '../../../scripts/doctor/policy.ts'
import type { DeployerIdentity } from '../../../scripts/proof/directory/open.ts'
import type { Check } from '../../../scripts/proof/report.ts'

const GRAPH = 'https://graph.microsoft.com'
const NOW = new Date('2026-03-01T12:00:00Z')

const APP: AppDeclarationInput = {
  displayName: 'App',
  consent: 'grant',
  permissions: { 'Microsoft Graph': { application: ['Files.Read.All'], delegated: ['User.Read'] } },
  secrets: { main: { displayName: 'Main', lifetime: '180d' } },
}

function declared(change: Partial<AppDeclarationInput> = {}) {
  const read = readDeclaration({ app: { ...APP, ...change } })
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.value
}

const required = (change: Partial<AppDeclarationInput>, purpose: 'up' | 'rotate' = 'up') =>
  needsOf(Object.values(declared(change)), purpose)
    .filter(({ optional }) => !optional)
    .map(({ least }) => least)

describe('needsOf', () => {
  it('asks for the least that the declaration needs', () => {
    expect(required({})).toEqual([
      'Application.ReadWrite.OwnedBy',
      'Application.Read.All',
      'AppRoleAssignment.ReadWrite.All',
      'DelegatedPermissionGrant.ReadWrite.All',
    ])
    expect(required({ consent: 'request' })).toEqual([
      'Application.ReadWrite.OwnedBy',
      'Application.Read.All',
    ])
    expect(required({ permissions: {} })).toEqual(['Application.ReadWrite.OwnedBy'])
    expect(required({ permissions: { 'Microsoft Graph': { application: ['Files.Read.All'] } } })).toEqual([
      'Application.ReadWrite.OwnedBy',
      'Application.Read.All',
      'AppRoleAssignment.ReadWrite.All',
    ])
    expect(required({}, 'rotate')).toEqual(['Application.ReadWrite.OwnedBy'])
  })

  it('knows the id of every permission it asks for', () => {
    const needs = needsOf(Object.values(declared()), 'up')
    expect(needs.filter(({ least }) => !PERMISSION_IDS[least])).toEqual([])
  })
})

describe('judgeNeeds', () => {
  const least = required({})
  const deployer = (
    permissions: readonly string[],
    change: Partial<DeployerIdentity> = {},
  ): DeployerIdentity => ({
    objectId: 'deployer-object',
    clientId: 'deployer-client',
    permissions,
    isUser: false,
    directoryRoles: [],
    ...change,
  })
  const judge = (identity: DeployerIdentity) =>
    judgeNeeds(needsOf(Object.values(declared()), 'up'), identity, GRAPH)
  const failed = (checks: readonly Check[]) =>
    checks.filter(({ status }) => status === 'failed').map(({ name }) => name)

  it('passes the least-privilege profile', () => {
    const checks = judge(deployer(least))
    expect(failed(checks)).toEqual([])
    expect(checks.filter(({ status }) => status === 'warning')).toEqual([])
  })

  it.each(least)('names exactly %s when it alone is missing, and how to grant it', (permission) => {
    const checks = judge(deployer(least.filter((held) => held !== permission)))
    expect(failed(checks)).toEqual([`permission ${permission}`])
    const mend = checks.find(({ status }) => status === 'failed')?.explanation?.mend
    expect(mend).toContain(`Application permissions > ${permission}, then Grant admin consent`)
    expect(mend).toContain(`${GRAPH}/v1.0/servicePrincipals/deployer-object/appRoleAssignments`)
    expect(mend).toContain(PERMISSION_IDS[permission])
  })

  it('accepts what includes it, and warns of what goes beyond', () => {
    const wide = [
      'Application.ReadWrite.All',
      'AppRoleAssignment.ReadWrite.All',
      'DelegatedPermissionGrant.ReadWrite.All',
    ]
    expect(failed(judge(deployer(wide)))).toEqual([])
    const excess = judge(deployer([...least, 'RoleManagement.ReadWrite.Directory']))
    expect(excess.find(({ status }) => status === 'warning')?.detail).toContain(
      'RoleManagement.ReadWrite.Directory',
    )
  })

  const roleId = (name: string) => Object.entries(DIRECTORY_ROLES).find(([, known]) => known === name)![0]

  it("judges a person by directory roles, and not by the scopes of the person's client", () => {
    const person = (role: string) => deployer(least, { isUser: true, directoryRoles: [roleId(role)] })
    expect(failed(judge(person('Global Administrator')))).toEqual([])
    // An application administrator cannot consent to Graph's application permissions.
    expect(failed(judge(person('Application Administrator')))).toEqual([
      'permission AppRoleAssignment.ReadWrite.All',
    ])
    expect(failed(judge(deployer(least, { isUser: true })))).toHaveLength(4)
  })

  it('does not claim to know what a custom role allows', () => {
    const checks = judge(
      deployer(['Application.ReadWrite.OwnedBy', 'Application.Read.All'], { directoryRoles: ['custom'] }),
    )
    expect(failed(checks)).toEqual([])
    expect(checks.filter(({ status }) => status === 'warning')).toHaveLength(2)
  })
})

describe('judgePolicy', () => {
  const policy = (...passwordCredentials: object[]) => ({
    isEnabled: true,
    applicationRestrictions: { passwordCredentials },
  })
  const codes = (found: object) =>
    judgePolicy(found as never, declared(), NOW).map(({ status, explanation }) => explanation?.code ?? status)

  it.each([
    ['switched off', { ...policy({ restrictionType: 'passwordAddition' }), isEnabled: false }, ['passed']],
    ['no restriction', policy(), ['passed']],
    [
      'secrets forbidden',
      policy({ restrictionType: 'passwordAddition' }),
      ['CredentialTypeNotAllowedAsPerAppPolicy'],
    ],
    [
      'short lives only',
      policy({ restrictionType: 'passwordLifetime', maxLifetime: 'P90D' }),
      ['CredentialInvalidLifetimeAsPerAppPolicy'],
    ],
    ['long lives allowed', policy({ restrictionType: 'passwordLifetime', maxLifetime: 'P1Y' }), ['passed']],
    [
      'a disabled restriction',
      policy({ restrictionType: 'passwordAddition', state: 'disabled' }),
      ['passed'],
    ],
    [
      'one that is not in force yet',
      policy({
        restrictionType: 'passwordAddition',
        restrictForAppsCreatedAfterDateTime: '2027-01-01T00:00:00Z',
      }),
      ['passed'],
    ],
  ])('%s', (_name, found, expected) => {
    expect(codes(found)).toEqual(expected)
  })

  it.each([
    ['P90D', 90],
    ['P6M', 180],
    ['P1Y', 365],
    ['P2W', 14],
    ['P4DT12H', 4.5],
    ['PT36H', 1.5],
  ])('reads %s', (text, days) => {
    expect(isoDuration(text)).toBe(days * 86_400_000)
  })
})
