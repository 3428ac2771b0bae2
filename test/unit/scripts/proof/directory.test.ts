import { describe, expect, it } from 'vitest'
import type { AppOutputs } from '../../../../infra/contract/outputs.ts'
import { MICROSOFT_GRAPH_APP_ID } from '../../../../microsoft/apis.ts'
import { explain } from '../../../../scripts/proof/catalogue/index.ts'
import { type DeclaredConsent, judgeConsent } from '../../../../scripts/proof/directory/consent.ts'
import { judgeRegistration } from '../../../../scripts/proof/directory/drift.ts'
import type { Grants } from '../../../../scripts/proof/directory/grants.ts'
import { type Registration, thumbprintOf } from '../../../../scripts/proof/directory/registration.ts'
import type { Check } from '../../../../scripts/proof/model/report.ts'
import { PLAIN_APP } from '../../../support/app-outputs.ts'

const graph = { apiAppId: MICROSOFT_GRAPH_APP_ID, apiName: 'Microsoft Graph' }
const declared: DeclaredConsent = {
  consent: 'grant',
  permissions: {
    'Microsoft Graph': {
      appId: MICROSOFT_GRAPH_APP_ID,
      application: ['Files.Read.All'],
      delegated: ['User.Read'],
    },
  },
  adminConsentUrl: 'https://login.example/t/adminconsent?client_id=c',
}
const grants = (roles: string[], scopes: string[], forEveryone = true): Grants => ({
  roles: { ok: true, value: roles.map((role) => ({ ...graph, role })) },
  scopes: { ok: true, value: [{ ...graph, scopes, forEveryone }] },
})
const problems = (checks: readonly Check[]) =>
  checks
    .filter(({ status }) => status !== 'passed')
    .map(({ status, name, explanation }) => [status, explanation?.code ?? '', name])

describe('judgeConsent', () => {
  it('passes what is consented to as declared', () => {
    expect(judgeConsent(declared, grants(['Files.Read.All'], ['User.Read']))).toEqual([
      { name: 'consent to application permissions', status: 'passed', detail: 'exactly Files.Read.All' },
      { name: 'consent to delegated permissions', status: 'passed', detail: 'exactly User.Read' },
    ])
  })

  it('finds what is missing and what was clicked in the portal, one by one', () => {
    expect(problems(judgeConsent(declared, grants(['Mail.Read'], ['Mail.Send'])))).toEqual([
      ['failed', 'GRANT_MISSING', 'consent to Files.Read.All on Microsoft Graph'],
      ['failed', 'GRANT_UNDECLARED', 'consent to Mail.Read on Microsoft Graph'],
      ['failed', 'SCOPE_MISSING', 'consent to User.Read (delegated) on Microsoft Graph'],
      ['failed', 'SCOPE_UNDECLARED', 'consent to Mail.Send (delegated) on Microsoft Graph'],
    ])
  })

  it('finds grants on an API that is not declared at all', () => {
    const other = { apiAppId: 'other', apiName: 'ListOrder' }
    const found: Grants = {
      roles: {
        ok: true,
        value: [
          { ...graph, role: 'Files.Read.All' },
          { ...other, role: 'ListOrder.Read' },
        ],
      },
      scopes: {
        ok: true,
        value: [
          { ...graph, scopes: ['User.Read'], forEveryone: true },
          { ...other, scopes: ['ListOrder.Write'], forEveryone: true },
        ],
      },
    }
    expect(problems(judgeConsent(declared, found))).toEqual([
      ['failed', 'GRANT_UNDECLARED', 'consent to ListOrder.Read on ListOrder'],
      ['failed', 'SCOPE_UNDECLARED', 'consent to ListOrder.Write (delegated) on ListOrder'],
    ])
  })

  it('lets people consent one by one where an administrator is to consent, and says where that is done', () => {
    const requested = { ...declared, consent: 'request' as const }
    const checks = judgeConsent(requested, grants([], [], false))
    expect(problems(checks)).toEqual([
      ['failed', 'GRANT_MISSING', 'consent to Files.Read.All on Microsoft Graph'],
      ['warning', '', 'consent to User.Read (delegated) on Microsoft Graph'],
    ])
    expect(checks[0]?.explanation?.message).toContain('https://login.example/t/adminconsent?client_id=c')
  })

  it('only warns of the scopes that sign-in pages add, and of what single persons consented to', () => {
    expect(problems(judgeConsent(declared, grants(['Files.Read.All'], ['User.Read', 'openid'])))).toEqual([
      ['warning', '', 'consent to openid (delegated) on Microsoft Graph'],
    ])
    const alone = { ...graph, scopes: ['Mail.Send'], forEveryone: false }
    const everyone = { ...graph, scopes: ['User.Read'], forEveryone: true }
    const found: Grants = {
      ...grants(['Files.Read.All'], []),
      scopes: { ok: true, value: [alone, everyone] },
    }
    expect(problems(judgeConsent(declared, found))).toEqual([
      ['warning', '', 'consent to Mail.Send on Microsoft Graph (delegated)'],
    ])
  })

  it('skips what the reader may not see', () => {
    const failure = explain({
      source: 'graph',
      code: 'Authorization_RequestDenied',
      message: '',
      support: {},
    })
    const found: Grants = { ...grants(['Files.Read.All'], []), scopes: { ok: false, failure } }
    expect(problems(judgeConsent(declared, found))).toEqual([
      ['skipped', '', 'consent to delegated permissions'],
    ])
  })
})

const facts: AppOutputs = {
  ...PLAIN_APP,
  displayName: 'FileManager',
  redirectUris: { web: ['https://a/'], spa: [], publicClient: [] },
  permissions: declared.permissions as AppOutputs['permissions'],
  secrets: {
    onedrive: [
      {
        generation: 2,
        phase: 'current',
        keyId: 'k2',
        displayName: 'OneDrive g2',
        endDate: '2026-09-01T00:00:00Z',
      },
    ],
  },
  federatedCredentials: {
    ci: { issuer: 'https://i', subject: 's', audience: 'a', since: '2026-01-01T00:00:00Z' },
  },
  owners: {},
  ownerIds: { application: ['deployer'], servicePrincipal: ['deployer'] },
  identifierUris: { 'api://{clientId}': 'api://c' },
  settings: { tags: ['a'] },
}

const live: Registration = {
  displayName: 'FileManager',
  redirectUris: { web: ['https://a/'], spa: [], publicClient: [] },
  permissions: [
    `User.Read (delegated) on ${MICROSOFT_GRAPH_APP_ID}`,
    `Files.Read.All (application) on ${MICROSOFT_GRAPH_APP_ID}`,
  ],
  owners: [{ id: 'deployer', name: 'Deployer' }],
  secrets: [{ keyId: 'k2', displayName: 'OneDrive g2', endDate: '2026-09-01T00:00:00.000Z' }],
  certificates: [],
  principalOwners: [{ id: 'deployer', name: 'Deployer' }],
  principalCredentials: [],
  federatedCredentials: [{ name: 'ci', issuer: 'https://i', subject: 's', audience: 'a' }],
  assignments: [],
  identifierUris: ['api://c'],
  knownClients: [],
  preAuthorizedClients: {},
  settings: { tags: ['a'] },
  enabled: true,
}

describe('judgeRegistration', () => {
  it('passes what is as declared', () => {
    expect(problems(judgeRegistration(facts, live, 'deployer'))).toEqual([])
  })

  it.each([
    [
      'a redirect URI added',
      { redirectUris: { ...live.redirectUris, web: ['https://a/', 'https://evil/'] } },
      'redirect URIs (web)',
    ],
    ['a redirect URI removed', { redirectUris: { ...live.redirectUris, web: [] } }, 'redirect URIs (web)'],
    ['a permission added', { permissions: [...live.permissions, 'x'] }, 'requested permissions'],
    ['the name changed', { displayName: 'Other' }, 'display name'],
    ['an identifier URI added', { identifierUris: ['api://c', 'api://evil'] }, 'identifier URIs'],
    ['a setting changed', { settings: {} }, 'setting tags'],
    ['a setting made', { settings: { ...live.settings, deviceOnlyAuth: true } }, 'setting deviceOnlyAuth'],
    ['a trust removed', { federatedCredentials: [] }, 'federated credential ci'],
    [
      'a trust moved to somebody else',
      { federatedCredentials: [{ name: 'ci', issuer: 'https://i', subject: 'evil', audience: 'a' }] },
      'federated credential ci',
    ],
    [
      'an end moved',
      { secrets: [{ keyId: 'k2', displayName: 'OneDrive g2', endDate: '2028-01-01T00:00:00Z' }] },
      'secret OneDrive g2',
    ],
  ])('%s', (_name, change, name) => {
    expect(problems(judgeRegistration(facts, { ...live, ...change }, 'deployer'))).toEqual([
      ['failed', 'REGISTRATION_DIFFERS', name],
    ])
  })

  it('shows whom else the application trusts, and credentials of its service principal', () => {
    const trust = { name: 'clicked', issuer: 'https://evil', subject: 's', audience: 'a' }
    const key = { keyId: 'k7', displayName: '', endDate: '2030-01-01T00:00:00Z', thumbprint: '' }
    const changed = {
      ...live,
      federatedCredentials: [...live.federatedCredentials, trust],
      principalCredentials: [key],
    }
    expect(problems(judgeRegistration(facts, changed, 'deployer'))).toEqual([
      ['warning', '', 'foreign federated credentials'],
      ['warning', '', 'credentials of the service principal'],
    ])
  })

  it('shows a certificate that somebody else signs SAML tokens with once, and none of ours', () => {
    const parts = (keyIds: readonly string[], thumbprint: string) =>
      keyIds.map((keyId) => ({ keyId, displayName: 'CN=x', endDate: '2030-01-01T00:00:00Z', thumbprint }))
    const ours = { keyId: 'k2', thumbprint: 'A', endDate: '2030-01-01T00:00:00Z', active: true }
    const signing = { ...facts, signingCertificates: { first: ours } }
    const principalCredentials = [...parts(['k1', 'k2', 'k1'], 'A'), ...parts(['k3', 'k4', 'k3'], 'B')]
    expect(problems(judgeRegistration(signing, { ...live, principalCredentials }, 'deployer'))).toEqual([
      ['warning', '', 'credentials of the service principal'],
    ])
  })

  it('leaves roles and permissions to the gallery template where none are declared', () => {
    const settings = { ...live.settings, 'appRoles.msiam_access': ['User'] }
    const changed = { ...live, settings }
    const template = { ...facts, template: 'Marketo' }
    expect(problems(judgeRegistration(template, changed, 'deployer'))).toEqual([])
    expect(problems(judgeRegistration(facts, changed, 'deployer'))).toEqual([
      ['failed', 'REGISTRATION_DIFFERS', 'setting appRoles.msiam_access'],
    ])
  })

  it('lets an application be disabled that is declared so', () => {
    const disabled = { ...facts, settings: { ...facts.settings, 'servicePrincipal.enabled': false } }
    const settings = { ...live.settings, 'servicePrincipal.enabled': false }
    expect(problems(judgeRegistration(disabled, { ...live, enabled: false, settings }, 'deployer'))).toEqual(
      [],
    )
    expect(problems(judgeRegistration(disabled, live, 'deployer'))).toEqual([
      ['failed', 'REGISTRATION_DIFFERS', 'service principal'],
    ])
  })

  it('finds a secret gone, a disabled service principal', () => {
    expect(problems(judgeRegistration(facts, { ...live, secrets: [], enabled: false }, 'deployer'))).toEqual([
      ['failed', 'SECRET_GONE', 'secret OneDrive g2'],
      ['failed', 'PRINCIPAL_DISABLED', 'service principal'],
    ])
  })

  it('tells an orphan of ours from a foreign secret', () => {
    const others = [
      { keyId: 'k1', displayName: 'OneDrive g1', endDate: '2026-09-01T00:00:00Z' },
      { keyId: 'k9', displayName: 'clicked', endDate: '2026-09-01T00:00:00Z' },
    ]
    const checks = judgeRegistration(facts, { ...live, secrets: [...live.secrets, ...others] }, 'deployer')
    expect(problems(checks)).toEqual([
      ['warning', '', 'orphaned secrets'],
      ['warning', '', 'foreign secrets'],
    ])
    expect(checks.find(({ name }) => name === 'orphaned secrets')?.detail).toContain('key id k1')
    expect(checks.find(({ name }) => name === 'foreign secrets')?.detail).toContain('key id k9')
  })

  it('knows its own certificates, and tells a copy and one that is gone from a foreign one', () => {
    const [ours, theirs] = ['AA'.repeat(20), 'BB'.repeat(20)]
    const made = { keyId: 'c1', thumbprint: ours, subject: 'CN=a', endDate: '2027-01-01T00:00:00Z' }
    const declared = {
      ...facts,
      certificates: { signing: [{ ...made, generation: 1, phase: 'current' as const }] },
    }
    const inDirectory = (keyId: string, thumbprint = ours) => ({
      keyId,
      name: 'CN=a',
      endDate: '2027-01-01T00:00:00Z',
      thumbprint,
    })
    const judged = (...certificates: Registration['certificates']) =>
      problems(judgeRegistration(declared, { ...live, certificates }, 'deployer'))
    expect(judged(inDirectory('c1'))).toEqual([])
    expect(judged(inDirectory('c1'), inDirectory('c2'), inDirectory('c3', theirs))).toEqual([
      ['warning', '', 'orphaned certificates'],
      ['warning', '', 'foreign certificates'],
    ])
    expect(judged()).toEqual([['failed', 'CERTIFICATE_GONE', 'certificate signing g1']])
  })

  it.each([
    ['ab'.repeat(20), 'AB'.repeat(20)],
    [Buffer.from('ab'.repeat(20), 'hex').toString('base64'), 'AB'.repeat(20)],
    [null, ''],
  ])('reads the thumbprint in %s', (customKeyIdentifier, thumbprint) => {
    expect(thumbprintOf({ customKeyIdentifier })).toBe(thumbprint)
  })

  it('finds other owners, and a deployer that is none', () => {
    const owners = [{ id: 'u', name: 'Ada' }]
    expect(problems(judgeRegistration(facts, { ...live, owners }, 'deployer'))).toEqual([
      ['failed', 'REGISTRATION_DIFFERS', 'owners'],
      ['warning', '', 'owners'],
    ])
  })
})
