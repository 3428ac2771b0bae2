import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { derivedId, exposedIds } from '../../../../infra/declaration/derived-ids.ts'
import { needingClientId, withoutClientId } from '../../../../infra/declaration/placeholders.ts'
import { appDeclaration } from '../../../../infra/declaration/schema.ts'
import { planApplication } from '../../../../infra/registration/application-plan.ts'
import { uniqueSlug } from '../../../../infra/registration/names.ts'
import { planServicePrincipal } from '../../../../infra/registration/service-principal-plan.ts'
import { slug } from '../../../../lib/slug.ts'

const app = (declared: object = {}) => appDeclaration.parse({ displayName: 'App', ...declared })
const role = { displayName: 'Reader', description: 'Reads' }
const admin = { displayName: 'Read', description: 'Read all' }

describe('exposedIds', () => {
  it('are the same in every environment, and version 5 UUIDs', () => {
    const ids = exposedIds('files', app({ scopes: { Read: { admin } }, appRoles: { Reader: role } }))
    expect(ids).toEqual({
      scopes: { Read: derivedId('files/scope/Read') },
      appRoles: { Reader: derivedId('files/app-role/Reader') },
    })
    expect(ids.scopes['Read']).toBe('338ae191-00b1-53b6-8555-b127a28466b5')
    expect(ids.scopes['Read']).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  })

  it('outlive a rename and give way to given ids', () => {
    const declared = { appRoles: { Reader: role } }
    expect(exposedIds('new', app({ ...declared, formerly: ['files', 'other'] }))).toEqual(
      exposedIds('files', app(declared)),
    )
    const id = '00000003-0000-0000-C000-000000000000'
    expect(exposedIds('x', app({ appRoles: { Reader: { ...role, id } } })).appRoles['Reader']).toBe(
      id.toLowerCase(),
    )
  })
})

describe('planApplication', () => {
  it('leaves out what is not declared, so that the defaults of the provider stay', () => {
    expect(planApplication(app(), { scopes: {}, appRoles: {} })).toEqual({
      displayName: 'App',
      signInAudience: 'AzureADMyOrg',
      tags: [],
    })
  })

  it('waits with what holds the client id until there is one', () => {
    const declared = app({
      redirectUris: {
        publicClient: ['msal{clientId}://auth', 'http://localhost'],
        web: ['https://a.example/{tenantId}'],
      },
      web: { logoutUrl: 'https://a.example/{clientId}', homepage: 'https://a.example' },
      tags: ['{clientId}', 'kept'],
    })
    expect(needingClientId(declared)).toEqual(['redirectUris.publicClient', 'web.logoutUrl', 'tags'])
    expect(planApplication(withoutClientId(declared), { scopes: {}, appRoles: {} })).toEqual({
      displayName: 'App',
      signInAudience: 'AzureADMyOrg',
      publicClient: { redirectUris: ['http://localhost'] },
      web: { redirectUris: ['https://a.example/{tenantId}'], homepageUrl: 'https://a.example' },
      tags: ['kept'],
    })
  })

  it('asks for tokens of version 2 where personal accounts need them', () => {
    const personal = app({ signInAudience: 'PersonalMicrosoftAccount' })
    expect(planApplication(personal, { scopes: {}, appRoles: {} }).api).toEqual({
      requestedAccessTokenVersion: 2,
    })
  })

  it('does not depend on the order of tags, groups and claims in the YAML', () => {
    const tags = ['a', 'b', 'c']
    const claims = ['email', 'upn', 'groups']
    const plan = (order: readonly string[], of: readonly string[]) =>
      planApplication(app({ tags: order, claims: { idToken: of } }), { scopes: {}, appRoles: {} })
    fc.assert(
      fc.property(
        fc.shuffledSubarray(tags, { minLength: 3 }),
        fc.shuffledSubarray(claims, { minLength: 3 }),
        (order, of) => {
          expect(plan(order, of)).toEqual(plan(tags, claims))
        },
      ),
    )
  })

  it('shows users the text for administrators where there is none for them', () => {
    const declared = app({ scopes: { Read: { admin }, Write: { admin, consentBy: 'admins' } } })
    expect(planApplication(declared, exposedIds('x', declared)).api?.oauth2PermissionScopes).toMatchObject([
      { value: 'Read', type: 'User', userConsentDisplayName: 'Read' },
      { value: 'Write', type: 'Admin' },
    ])
  })
})

describe('planServicePrincipal', () => {
  it('hides by tag', () => {
    expect(
      planServicePrincipal(app({ servicePrincipal: { visibleToUsers: false, tags: ['Z', 'A'] } })),
    ).toEqual({
      tags: ['A', 'HideApp', 'Z'],
    })
    expect(planServicePrincipal(app())).toEqual({ tags: [] })
  })
})

describe('resource names', () => {
  it('are slugs, told apart where the texts differ', () => {
    expect(slug('Microsoft Graph')).toBe('microsoft-graph')
    expect(uniqueSlug('api://a/b')).toMatch(/^api-a-b-[0-9a-f]{6}$/)
    expect(uniqueSlug('api://a/b')).not.toBe(uniqueSlug('api://a-b'))
  })
})
