import { describe, expect, it } from 'vitest'
import { publishedApisByName } from '../../../microsoft/apis.ts'
import { POLICIES } from '../../../policy/policies.ts'
import { APPLICATION, type Judged } from '../../../policy/policy.ts'

const GRAPH = '00000003-0000-0000-c000-000000000000'
const SECRET = 'azuread:index/applicationPassword:ApplicationPassword'
const CERTIFICATE = 'azuread:index/applicationCertificate:ApplicationCertificate'
const FEDERATED =
  'azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential'
const ASSIGNMENT = 'azuread:index/appRoleAssignment:AppRoleAssignment'
const ROLE = 'azuread:index/directoryRoleAssignment:DirectoryRoleAssignment'
const NOW = new Date('2026-01-01T00:00:00Z')
const permissions = publishedApisByName()
const roleId = (name: string) => permissions.get('Microsoft Graph')?.application[name]
const scopeId = (name: string) => permissions.get('Microsoft Graph')?.delegated[name]

const app = (inputs: Record<string, unknown>): Judged => ({
  type: APPLICATION,
  name: 'files',
  inputs: { displayName: 'Files', ...inputs },
})
const credential = (type: string, inputs: Record<string, unknown> = {}): Judged => ({
  type,
  name: 'files-main-g1',
  inputs,
})
const asks = (id: string | undefined, type: 'Role' | 'Scope', api = GRAPH) =>
  app({ requiredResourceAccesses: [{ resourceAppId: api, resourceAccesses: [{ id, type }] }] })
const web = (...redirectUris: string[]) => app({ web: { redirectUris } })

/** Judges with these settings over the defaults. */
function judge(name: string, resource: Judged, options: Record<string, unknown> = {}): readonly string[] {
  const policy = POLICIES.find((each) => each.name === name)
  if (!policy) throw new Error(`There is no policy "${name}"`)
  const defaults = Object.entries(policy.options).map(([key, schema]) => [key, schema.default])
  return policy.judge(resource, {
    options: { ...Object.fromEntries(defaults), ...options },
    permissions,
    now: NOW,
  })
}

describe('each policy', () => {
  it.each(POLICIES.map((policy) => [policy.name, policy] as const))('%s', (name, policy) => {
    expect(name).toMatch(/^[a-z][a-z-]*$/)
    expect(policy.description).toMatch(/^[A-Z].*\.$/)
    for (const [key, { default: value, description }] of Object.entries(policy.options)) {
      expect(value, `the default of ${key}`).toBeDefined()
      expect(description, `the description of ${key}`).toBeTruthy()
    }
    expect(
      policy.judge(
        { type: 'random:index:Pet', name: 'cat', inputs: {} },
        { options: {}, permissions, now: NOW },
      ),
    ).toEqual([])
  })
})

describe.each<[policy: string, broken: Judged, kept: Judged, options?: Record<string, unknown>]>([
  ['accounts', app({ signInAudience: 'PersonalMicrosoftAccount' }), app({})],
  ['accounts', app({ signInAudience: 'AzureADMultipleOrgs' }), app({}), { audiences: ['AzureADMyOrg'] }],
  [
    'credential-life',
    credential(SECRET, { endDate: '2026-06-30T00:00:01Z' }),
    credential(SECRET, { endDate: '2026-06-30T00:00:00Z' }),
  ],
  ['credential-life', credential(SECRET), credential(FEDERATED)],
  [
    'credential-life',
    credential(CERTIFICATE, { endDate: '2026-01-31T00:00:01Z' }),
    credential(CERTIFICATE, { endDate: '2026-01-31T00:00:00Z' }),
    { certificate: '30d' },
  ],
  ['credential-kinds', credential(SECRET), credential(FEDERATED), { kinds: ['federated'] }],
  [
    'forbidden-directory-roles',
    credential(ROLE, { roleId: '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3' }),
    credential(ROLE, { roleId: '29232cdf-9323-42fd-ade2-1d097af3e4de' }),
  ],
  [
    'forbidden-directory-roles',
    credential(ROLE, { roleId: '29232cdf-9323-42fd-ade2-1d097af3e4de' }),
    credential(ASSIGNMENT, { roleId: '29232cdf-9323-42fd-ade2-1d097af3e4de' }),
    { forbidden: ['exchange administrator'] },
  ],
  [
    'forbidden-permissions',
    asks(roleId('AppRoleAssignment.ReadWrite.All'), 'Role'),
    asks(roleId('Files.Read.All'), 'Role'),
  ],
  [
    'forbidden-permissions',
    credential(ASSIGNMENT, { appRoleId: roleId('Directory.ReadWrite.All') }),
    credential(ASSIGNMENT, { appRoleId: roleId('Files.Read.All') }),
  ],
  [
    'forbidden-permissions',
    asks(scopeId('Mail.Read'), 'Scope'),
    asks(roleId('Mail.Read'), 'Role'),
    { forbidden: { 'Microsoft Graph': { delegated: ['Mail.Read'] } } },
  ],
  [
    'forbidden-permissions',
    asks('11111111-2222-3333-4444-555555555555', 'Role', 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee'),
    asks('11111111-2222-3333-4444-555555555555', 'Role'),
    {
      forbidden: {
        'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee': { application: ['11111111-2222-3333-4444-555555555555'] },
      },
    },
  ],
  ['owners', app({ owners: ['a'] }), app({ owners: ['a', 'b'] })],
  ['owners', app({ owners: ['a', 'b'] }), app({ owners: ['a', 'b', 'c'] }), { atLeast: 3 }],
  [
    'redirect-uris',
    web('wild://x'),
    web('https://a.example/cb', 'http://localhost/cb', 'http://127.0.0.1:3000/'),
  ],
  ['redirect-uris', web('http://a.example/'), web('https://a.example/')],
  ['redirect-uris', web('http://localhost/'), web('https://a.example/'), { loopback: false }],
  [
    'redirect-uris',
    web('https://example.com/'),
    web('https://a.b.example.com/'),
    { hosts: ['*.example.com'] },
  ],
  ['redirect-uris', web('https://notexample.com/'), web('https://example.com/'), { hosts: ['example.com'] }],
  [
    'redirect-uris',
    app({ singlePageApplication: { redirectUris: ['https://b.example/'] } }),
    app({ publicClient: { redirectUris: ['myapp://cb'] } }),
    { hosts: ['a.example'], schemes: ['https', 'myapp'] },
  ],
])('%s %#', (policy, broken, kept, options) => {
  it('finds it broken, and says how to fix it', () => {
    const messages = judge(policy, broken, options)
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatch(/^The (application "Files" \(files\)|.* files-main-g1).*\. To fix it: .+\.$/)
  })

  it('finds it kept', () => {
    expect(judge(policy, kept, options)).toEqual([])
  })
})

it('names a setting that would never find anything', () => {
  const forbidden = {
    'Microsoft Graph': { application: ['Files.Raed.All'] },
    'Our API': { delegated: ['Read'] },
  }
  expect(judge('forbidden-permissions', app({}), { forbidden })).toEqual([
    'The setting "forbidden" of this policy names "Files.Raed.All", which is not one of the application permissions of Microsoft Graph. To fix it: correct the name.',
    'The setting "forbidden" of this policy names "Read" of "Our API", which is not an API of Microsoft\'s. To fix it: give the app id of the API and the ids of its permissions.',
  ])
})
