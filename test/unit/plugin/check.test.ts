import { describe, expect, it } from 'vitest'
import { type Properties, UNKNOWN } from '../../../plugin/protocol/wire.ts'
import { application } from '../../../plugin/resources/application.ts'
import { applicationPassword } from '../../../plugin/resources/application-password.ts'
import { delegatedPermissionGrant } from '../../../plugin/resources/delegated-permission-grant.ts'
import { servicePrincipal } from '../../../plugin/resources/service-principal.ts'
import type { ResourceType } from '../../../plugin/resources/type.ts'
import { checkInputs } from '../../../plugin/schema/check.ts'

const APP_ID = 'a0000000-0000-4000-8000-000000000001'

function failures(type: ResourceType, inputs: Properties): string[] {
  const checked = checkInputs(type.fields, inputs)
  return [...checked.failures, ...(type.validate?.(checked.inputs) ?? [])].map(
    ({ property, reason }) => `${property} ${reason}`,
  )
}

describe('checking inputs', () => {
  it('fills in defaults and names them at every level, as the official plugin keeps them in the state', () => {
    const { inputs, failures } = checkInputs(application.fields, {
      displayName: 'demo',
      api: { oauth2PermissionScopes: [{ id: APP_ID, value: 'Read' }] },
      web: { implicitGrant: {} },
    })
    expect(failures).toEqual([])
    expect(inputs).toEqual({
      __defaults: ['signInAudience'],
      displayName: 'demo',
      signInAudience: 'AzureADMyOrg',
      api: {
        __defaults: ['requestedAccessTokenVersion'],
        requestedAccessTokenVersion: 1,
        oauth2PermissionScopes: [
          { __defaults: ['enabled', 'type'], id: APP_ID, value: 'Read', enabled: true, type: 'User' },
        ],
      },
      web: { __defaults: [], implicitGrant: { __defaults: [] } },
    })
  })

  it('gives a service principal only the default that is not empty', () => {
    expect(checkInputs(servicePrincipal.fields, { clientId: APP_ID }).inputs).toEqual({
      __defaults: ['accountEnabled'],
      accountEnabled: true,
      clientId: APP_ID,
    })
  })

  it('lets unknown values pass every rule', () => {
    const inputs: Properties = { applicationId: UNKNOWN, endDate: UNKNOWN, displayName: UNKNOWN }
    expect(checkInputs(applicationPassword.fields, inputs)).toEqual({
      inputs: { ...inputs, __defaults: [] },
      failures: [],
    })
  })

  it('drops nulls and the bookkeeping of earlier inputs', () => {
    const { inputs, failures } = checkInputs(application.fields, {
      displayName: 'demo',
      description: null,
      __defaults: ['signInAudience'],
    })
    expect(failures).toEqual([])
    expect(inputs).not.toHaveProperty('description')
  })

  it('takes scalars in the spelling of other languages', () => {
    const { inputs } = checkInputs(application.fields, {
      displayName: 7,
      fallbackPublicClientEnabled: 'true',
      api: { requestedAccessTokenVersion: '2' },
    })
    expect(inputs).toMatchObject({
      displayName: '7',
      fallbackPublicClientEnabled: true,
      api: { requestedAccessTokenVersion: 2 },
    })
  })

  it('reports every mistake at once, each with its path', () => {
    const inputs = {
      description: 'x'.repeat(1025),
      web: { redirectUris: ['nope', 'https://a.example.com'], homePageUrl: 'https://a.example.com' },
      tags: 'x',
      clientId: APP_ID,
    }
    expect(failures(application, inputs)).toEqual([
      'clientId is set by the directory and cannot be given',
      'displayName is required',
      'description may have at most 1024 characters, has 1025',
      'tags must be of type array, is string',
      'web.homePageUrl is not a property here; allowed are homepageUrl, implicitGrant, logoutUrl, redirectUris',
      'web.redirectUris[0] must be a URI with a host, is "nope"',
      'web.redirectUris[1] must end in "/" when it has no path, is "https://a.example.com"',
    ])
  })

  it.each<[ResourceType, Properties, string]>([
    [application, { displayName: '' }, 'displayName must not be empty'],
    [application, { displayName: 'x', signInAudience: 'Nope' }, 'signInAudience must be one of AzureADMyOrg'],
    [application, { displayName: 'x', owners: ['me'] }, 'owners[0] must be a UUID, is "me"'],
    [
      application,
      { displayName: 'x', tags: ['a'], featureTags: [{ hide: true }] },
      'tags cannot be given with',
    ],
    [
      application,
      { displayName: 'x', api: { requestedAccessTokenVersion: 3 } },
      'must be one of 1, 2, is "3"',
    ],
    [
      application,
      { displayName: 'x', appRoles: [{ id: APP_ID }] },
      'appRoles[0].allowedMemberTypes is required',
    ],
    [application, { displayName: 'x', password: { displayName: 'k' } }, 'use azuread.ApplicationPassword'],
    [application, { displayName: 'x', templateId: 'Marketo' }, 'templateId must be a UUID'],
    [servicePrincipal, {}, 'clientId is required'],
    [
      servicePrincipal,
      { clientId: APP_ID, preferredSingleSignOnMode: 'x' },
      'preferredSingleSignOnMode must be',
    ],
    [
      applicationPassword,
      { applicationId: APP_ID },
      'applicationId must have the form /applications/{object id}',
    ],
    [
      applicationPassword,
      { applicationId: `/applications/${APP_ID}`, endDate: 'tomorrow' },
      'endDate must be an RFC 3339 date',
    ],
    [
      applicationPassword,
      { applicationId: `/applications/${APP_ID}`, endDate: '2030-01-01T00:00:00Z', endDateRelative: '1h' },
      'endDate cannot be given with endDateRelative',
    ],
    [delegatedPermissionGrant, { claimValues: [] }, 'claimValues needs at least 1 item(s)'],
  ])('%#: refuses it and says why', (type, inputs, message) => {
    expect(failures(type, inputs).join('\n')).toContain(message)
  })

  it('refuses an id or a value that stands for two permissions', () => {
    const role = { id: APP_ID, allowedMemberTypes: ['User'], description: 'd', displayName: 'n', value: 'Do' }
    const other = 'b0000000-0000-4000-8000-000000000002'
    expect(failures(application, { displayName: 'x', appRoles: [role, { ...role, id: other }] })).toEqual([
      'appRoles[1].value "Do" is the value of another permission, too',
    ])
    const api = { oauth2PermissionScopes: [{ id: APP_ID, value: 'Else' }] }
    expect(failures(application, { displayName: 'x', appRoles: [role], api })).toEqual([
      `api.oauth2PermissionScopes[0].id "${APP_ID}" is the id of another permission, too`,
    ])
  })

  it('holds applications for personal accounts to their own limits', () => {
    const personal = { displayName: 'x', signInAudience: 'PersonalMicrosoftAccount' }
    expect(failures(application, personal)).toEqual([
      'api.requestedAccessTokenVersion must be 2 when signInAudience is PersonalMicrosoftAccount',
    ])
    const api = { requestedAccessTokenVersion: 2 }
    expect(failures(application, { ...personal, api })).toEqual([])
    expect(failures(application, { ...personal, api, identifierUris: ['urn:a:b'] })).toEqual([
      'identifierUris[0] may not be a URN when signInAudience is PersonalMicrosoftAccount',
    ])
  })
})
