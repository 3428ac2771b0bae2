import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Properties, UNKNOWN } from '../../../plugin/protocol/wire.ts'
import { application } from '../../../plugin/resources/application.ts'
import { applicationPassword } from '../../../plugin/resources/application-password.ts'
import { servicePrincipal } from '../../../plugin/resources/service-principal.ts'
import { checkInputs } from '../../../plugin/schema/check.ts'
import { diffProperties, ignoreChanges } from '../../../plugin/schema/diff.ts'
import { normalizeFields } from '../../../plugin/schema/normal.ts'
import { plannedCreation, plannedUpdate } from '../../../plugin/schema/plan.ts'

const ROLE_A = {
  id: 'a0000000-0000-4000-8000-000000000001',
  allowedMemberTypes: ['Application', 'User'],
  description: 'a',
  displayName: 'A',
  enabled: true,
  value: 'Role.A',
}
const ROLE_B = { ...ROLE_A, id: 'b0000000-0000-4000-8000-000000000002', displayName: 'B', value: 'Role.B' }

/** Outputs as the official plugin leaves them for an application that declares only its name. */
const PLAIN: Properties = {
  api: {
    knownClientApplications: [],
    mappedClaimsEnabled: false,
    oauth2PermissionScopes: [],
    requestedAccessTokenVersion: 1,
  },
  appRoleIds: {},
  appRoles: [],
  clientId: 'c0000000-0000-4000-8000-000000000003',
  description: '',
  displayName: 'demo',
  featureTags: [{ customSingleSignOn: false, enterprise: false, gallery: false, hide: false }],
  groupMembershipClaims: null,
  identifierUris: null,
  optionalClaims: { accessTokens: [], idTokens: [], saml2Tokens: [] },
  owners: null,
  password: null,
  publicClient: { redirectUris: [] },
  signInAudience: 'AzureADMyOrg',
  tags: [],
  templateId: '',
  web: {
    homepageUrl: '',
    implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
    logoutUrl: '',
    redirectUris: [],
  },
}

function changes(olds: Properties, news: Properties): string[] {
  const found = diffProperties(application.fields, { ...PLAIN, ...olds }, inputs(news))
  return found.map(({ path, kind }) => `${kind} ${path}`)
}

function inputs(news: Properties): Properties {
  return checkInputs(application.fields, { displayName: 'demo', ...news }).inputs
}

describe('differences', () => {
  it.each<[string, Properties, Properties, string[]]>([
    ['a state of the official plugin', {}, {}, []],
    ['empty blocks and collections', {}, { web: {}, api: {}, identifierUris: [], owners: [], tags: [] }, []],
    [
      'the order of a set',
      { identifierUris: ['api://a', 'api://b'] },
      { identifierUris: ['api://b', 'api://a'] },
      [],
    ],
    ['doubles in a set', { identifierUris: ['api://a'] }, { identifierUris: ['api://a', 'api://a'] }, []],
    ['the order of a set of objects', { appRoles: [ROLE_A, ROLE_B] }, { appRoles: [ROLE_B, ROLE_A] }, []],
    [
      'the order of a set inside one',
      { appRoles: [ROLE_A] },
      { appRoles: [{ ...ROLE_A, allowedMemberTypes: ['User', 'Application'] }] },
      [],
    ],
    ['tags that only the directory set', { tags: ['x'] }, {}, []],
    ['tags emptied', { tags: ['x'] }, { tags: [] }, ['delete tags']],
    ['a text changed', { description: 'a' }, { description: 'b' }, ['update description']],
    ['a text no longer said', { description: 'a' }, {}, ['delete description']],
    ['a text not known yet', {}, { description: UNKNOWN }, ['update description']],
    ['a default taken back', { signInAudience: 'AzureADMultipleOrgs' }, {}, ['update signInAudience']],
    ['a block no longer said', { web: { homepageUrl: 'https://h.example.com' } }, {}, ['delete web']],
    [
      'one URI exchanged',
      { identifierUris: ['api://a', 'api://z'] },
      { identifierUris: ['api://a', 'api://new'] },
      ['update identifierUris[1]'],
    ],
    [
      'one URI more',
      { publicClient: { redirectUris: ['a://x'] } },
      { publicClient: { redirectUris: ['a://x', 'b://x'] } },
      ['add publicClient.redirectUris[1]'],
    ],
    ['one role less', { appRoles: [ROLE_A, ROLE_B] }, { appRoles: [ROLE_B] }, ['delete appRoles[0]']],
    [
      'an unknown member of a set',
      { web: { redirectUris: ['https://a.example.com/'] } },
      { web: { redirectUris: ['https://a.example.com/', UNKNOWN] } },
      ['update web.redirectUris'],
    ],
    [
      'the order of a list',
      { optionalClaims: { accessTokens: [{ name: 'a' }, { name: 'b' }] } },
      { optionalClaims: { accessTokens: [{ name: 'b' }, { name: 'a' }] } },
      ['update optionalClaims.accessTokens[0].name', 'update optionalClaims.accessTokens[1].name'],
    ],
    [
      'feature tags',
      { tags: ['HideApp'], featureTags: [{ hide: true }] },
      { featureTags: [{ hide: true, enterprise: true }] },
      ['add featureTags[0].enterprise'],
    ],
  ])('%s', (_, olds, news, expected) => {
    expect(changes(olds, news)).toEqual(expected)
  })

  it('replace a password for any change, but not for what the directory chose', () => {
    const state = {
      applicationId: '/applications/a0000000-0000-4000-8000-000000000001',
      displayName: 'k',
      endDate: '2030-01-01T00:00:00Z',
      startDate: '2028-01-01T00:00:00Z',
      rotateWhenChanged: { month: '1' },
    }
    const { applicationId } = state
    const diff = (news: Properties) =>
      diffProperties(applicationPassword.fields, state, { applicationId, ...news })
    expect(diff({ rotateWhenChanged: { month: '1' } })).toEqual([])
    expect(diff({ displayName: 'l', rotateWhenChanged: { month: '2' } })).toEqual([
      { property: 'displayName', path: 'displayName', kind: 'update', replace: true },
      { property: 'rotateWhenChanged', path: 'rotateWhenChanged.month', kind: 'update', replace: true },
    ])
  })

  it('replace a service principal whose application is not known yet', () => {
    const [change] = diffProperties(servicePrincipal.fields, { clientId: 'x' }, { clientId: UNKNOWN })
    expect(change).toMatchObject({ property: 'clientId', replace: true })
  })

  it('leave out ignored properties, the inner ones too', () => {
    const olds = {
      notes: 'portal',
      web: { redirectUris: ['https://a.example.com/'], homepageUrl: 'https://old.example.com' },
    }
    const news = { web: { redirectUris: ['https://b.example.com/'], homepageUrl: 'https://new.example.com' } }
    expect(ignoreChanges(news, olds, ['notes', 'web.redirectUris'])).toEqual({
      notes: 'portal',
      web: { redirectUris: ['https://a.example.com/'], homepageUrl: 'https://new.example.com' },
    })
    expect(ignoreChanges({ appRoles: [ROLE_B] }, { appRoles: [ROLE_A] }, ['appRoles[0].value'])).toEqual({
      appRoles: [ROLE_A],
    })
  })
})

describe('plans', () => {
  it('show what the directory will set as unknown, and inputs in the form of the state', () => {
    const planned = plannedCreation(application.fields, inputs({ identifierUris: ['b:1', 'a:1'], web: {} }))
    expect(planned).toMatchObject({
      displayName: 'demo',
      clientId: UNKNOWN,
      tags: UNKNOWN,
      description: null,
      identifierUris: ['a:1', 'b:1'],
      web: { homepageUrl: '', redirectUris: [] },
    })
  })

  it('of an update keep what stays and show what changes with it as unknown', () => {
    const planned = plannedUpdate(
      application.fields,
      { ...PLAIN, tags: ['x'] },
      inputs({}),
      new Set(['appRoleIds']),
    )
    expect(planned).toMatchObject({
      clientId: PLAIN['clientId'],
      tags: ['x'],
      appRoleIds: UNKNOWN,
      description: '',
    })
  })
})

describe('normal forms', () => {
  const uris = fc.array(fc.webUrl(), { maxLength: 5 })
  const role = fc.record({
    id: fc.uuid(),
    allowedMemberTypes: fc.shuffledSubarray(['User', 'Application'], { minLength: 1 }),
    description: fc.string(),
    displayName: fc.string(),
    value: fc.string(),
  })
  const anyApplication = fc.record(
    {
      displayName: fc.string(),
      description: fc.string(),
      identifierUris: uris,
      appRoles: fc.uniqueArray(role, { maxLength: 4, selector: ({ id }) => id }),
      web: fc.record({ redirectUris: uris, homepageUrl: fc.webUrl() }, { requiredKeys: [] }),
    },
    { requiredKeys: ['displayName'] },
  )

  it('are a fixed point, and never differ from what they came from', () => {
    fc.assert(
      fc.property(anyApplication, (value) => {
        const given = value as Properties
        const normal = normalizeFields(application.fields, given)
        expect(normalizeFields(application.fields, normal)).toEqual(normal)
        expect(diffProperties(application.fields, normal, given)).toEqual([])
      }),
    )
  })
})
