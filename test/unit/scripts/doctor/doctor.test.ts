import { describe, expect, it } from 'vitest'
import type { AppDeclarationInput } from '../../../../infra/declaration/schema.ts'
import { readDeclaration } from '../../../../infra/rules/validate.ts'
import { MICROSOFT_GRAPH_APP_ID, publishedApisByName } from '../../../../microsoft/apis.ts'
import { BUILT_IN_ROLES } from '../../../../microsoft/built-in-roles.ts'
import { checkDeployer } from '../../../../scripts/doctor/examine.ts'
import { judgeNeeds } from '../../../../scripts/doctor/judge-needs.ts'
import { needsOf, planned } from '../../../../scripts/doctor/needs.ts'
import { isoDuration, judgePolicy } from '../../../../scripts/doctor/policy.ts'
import type { DeployerIdentity } from '../../../../scripts/proof/directory/open.ts'
import type { Check } from '../../../../scripts/proof/model/report.ts'
import { PLAIN_APP } from '../../../support/app-outputs.ts'
import { fakePorts } from '../proof/fake-ports.ts'

const permissionIds = publishedApisByName().get(MICROSOFT_GRAPH_APP_ID)!.application
const GRAPH = 'https://graph.microsoft.com'
const NOW = new Date('2026-03-01T12:00:00Z')

const APP: AppDeclarationInput = {
  displayName: 'App',
  consent: 'grant',
  permissions: { 'Microsoft Graph': { application: ['Files.Read.All'], delegated: ['User.Read'] } },
  secrets: { main: { displayName: 'Main', lifetime: '180d' } },
}

const GUID = '11111111-2222-4333-8444-555555555555'
const SCOPES = { Use: { admin: { displayName: 'Use', description: 'Use it' } } }

function declared(change: Partial<AppDeclarationInput> = {}) {
  const read = readDeclaration({ app: { ...APP, ...change } })
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.value
}

const required = (change: Partial<AppDeclarationInput>, purpose: 'up' | 'rotate' = 'up') =>
  needsOf(planned(declared(change)), purpose)
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

  const own = ['Application.ReadWrite.OwnedBy']
  const lookUp = [...own, 'Application.Read.All']
  const assign = [...lookUp, 'AppRoleAssignment.ReadWrite.All']
  it.each<[string, Partial<AppDeclarationInput>, readonly string[]]>([
    ['clients without consent', { scopes: SCOPES, preAuthorizedClients: { [GUID]: ['Use'] } }, own],
    [
      'credentials',
      { federatedCredentials: { pipeline: { other: { issuer: 'https://i', subject: 's' } } } },
      own,
    ],
    ['owners by object id', { owners: [GUID] }, own],
    ['owners by user principal name', { owners: ['ada@a.example'] }, [...own, 'User.Read.All']],
    [
      'managed identities by name',
      { federatedCredentials: { jobs: { managedIdentity: { name: 'jobs' } } } },
      lookUp,
    ],
    ['service principals as owners', { owners: ['Automation'] }, lookUp],
    ['assignments by object id', { assignments: [{ user: GUID }, { group: GUID }] }, assign],
    [
      'roles on sites',
      {
        permissions: { 'Microsoft Graph': { application: ['Sites.Selected'] } },
        sites: { 'https://contoso.sharepoint.com/sites/finance': 'read' },
      },
      [...assign, 'Sites.FullControl.All'],
    ],
    [
      'mapped claims',
      { servicePrincipal: { singleSignOn: { claimsMapping: {} } }, claims: { acceptMapped: true } },
      [...own, 'Policy.ReadWrite.ApplicationConfiguration'],
    ],
    ['a template of the gallery', { template: 'Marketo' }, lookUp],
    [
      'directory roles',
      { directoryRoles: ['Reports Reader'] },
      [...own, 'RoleManagement.ReadWrite.Directory'],
    ],
    ['users by name', { assignments: [{ user: 'ada@a.example' }] }, [...assign, 'User.Read.All']],
    ['groups by name', { assignments: [{ group: 'Staff' }] }, [...assign, 'GroupMember.Read.All']],
  ])('asks for what %s need', (_what, change, least) => {
    expect(required({ permissions: {}, secrets: {}, ...change })).toEqual(least)
  })

  it('asks for nothing more for owners that are applications of the stack', () => {
    const read = readDeclaration({
      app: { ...APP, permissions: {}, owners: ['keeper'] },
      keeper: { displayName: 'Keeper' },
    })
    const needs = needsOf(planned(read.ok ? read.value : {}), 'up').filter(({ optional }) => !optional)
    expect(needs.map(({ least }) => least)).toEqual(own)
  })

  it('asks for what identities are granted, and for no right to register where nothing is registered', () => {
    const jobs = declared({ consent: 'grant', directoryRoles: ['Reports Reader'], secrets: {} })
    const needs = needsOf([], 'up', planned(jobs)).filter(({ optional }) => !optional)
    expect(needs.map(({ least }) => least)).toEqual([
      'Application.Read.All',
      'AppRoleAssignment.ReadWrite.All',
      'RoleManagement.ReadWrite.Directory',
      'DelegatedPermissionGrant.ReadWrite.All',
    ])
  })

  it('asks for one permission once, though consent and assignments both need it', () => {
    const needs = required({ assignments: [{ user: GUID }] })
    expect(needs.filter((each) => each === 'AppRoleAssignment.ReadWrite.All')).toHaveLength(1)
  })

  it('asks for Directory.Read.All when an application that exists gets another owner, also one renamed', () => {
    const asks = (owners: string[], deployed: object, change: Partial<AppDeclarationInput> = {}) =>
      needsOf(planned(declared({ owners, ...change }), deployed as never), 'up').some(
        ({ least }) => least === 'Directory.Read.All',
      )
    expect(asks([GUID], {})).toBe(false)
    expect(asks([GUID], { app: { owners: { [GUID]: GUID } } })).toBe(false)
    expect(asks([], { app: { owners: { [GUID]: GUID } } })).toBe(false)
    expect(asks([GUID], { app: { owners: {} } })).toBe(true)
    expect(asks([GUID], { app: {} })).toBe(true)
    expect(asks([GUID], { old: { owners: {} } }, { formerly: ['older', 'old'] })).toBe(true)
  })

  it('knows the id of every permission it asks for', () => {
    const everyone = [{ user: 'ada@a.example' }, { group: 'Staff' }]
    const apps = declared({ owners: ['ada@a.example'], assignments: everyone })
    const needs = needsOf(planned(apps, { app: { owners: {} } } as never), 'up')
    expect(needs.map(({ least }) => least)).toContain('Directory.Read.All')
    expect(needs.filter(({ least }) => !permissionIds[least])).toEqual([])
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
    judgeNeeds(needsOf(planned(declared()), 'up'), identity, GRAPH)
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
    const fix = checks.find(({ status }) => status === 'failed')?.explanation?.fix
    expect(fix).toContain(`Application permissions > ${permission}, then Grant admin consent`)
    expect(fix).toContain(`${GRAPH}/v1.0/servicePrincipals/deployer-object/appRoleAssignments`)
    expect(fix).toContain(permissionIds[permission])
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

  it("judges a person by directory roles, and not by the scopes of the person's client", () => {
    const person = (role: string) =>
      deployer(least, { isUser: true, directoryRoles: [BUILT_IN_ROLES[role]!] })
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
    ['P90D', ['CredentialInvalidLifetimeAsPerAppPolicy: certificate app/signing']],
    ['P120D', ['passed: passed']],
  ])('certificates of 120 days where %s are allowed', (maxLifetime, expected) => {
    const found = {
      isEnabled: true,
      applicationRestrictions: {
        keyCredentials: [{ restrictionType: 'asymmetricKeyLifetime', maxLifetime }],
      },
    }
    const apps = declared({ certificates: { signing: { generate: { lifetime: '120d' } } } })
    const said = judgePolicy(found as never, apps, NOW).map(({ name, status, explanation }) =>
      explanation ? `${explanation.code}: ${name}` : `${status}: ${status}`,
    )
    expect(said).toEqual(expected)
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

describe('the login of the deployer', () => {
  it('shows what the stack declares for it beside what its token presented', async () => {
    const message = "No matching federated identity record found for presented assertion subject 'repo:c/f'."
    const ports = fakePorts({
      token: () => ({ ok: false, failure: { source: 'login', code: 'AADSTS700213', message, support: {} } }),
    })
    const { clientId } = PLAIN_APP
    const trusted = {
      issuer: 'https://i',
      audience: 'api://a',
      since: NOW.toISOString(),
      subject: 'repo:c/g',
    }
    const deployed = { ci: { ...PLAIN_APP, federatedCredentials: { jobs: trusted } } }
    const [check] = await checkDeployer(
      { env: {}, projectDir: '.', purpose: 'up', openPulumi: expect.unreachable, openPorts: () => ports },
      { loginUrl: 'https://login.example', graphUrl: GRAPH, wellKnown: false },
      { tenantId: GUID, clientId, credential: { kind: 'federated', tokenFile: 't' }, description: 'a token' },
      { checks: [], deployed },
    )
    expect(check).toMatchObject({
      status: 'failed',
      explanation: {
        message: expect.stringMatching(
          /declared: jobs "repo:c\/g" \(from character 8 on: "f" instead of "g"\)$/,
        ),
      },
    })
  })
})
