import { describe, expect, it } from 'vitest'
import type { Properties } from '../../../plugin/protocol/wire.ts'
import { application } from '../../../plugin/resources/application.ts'
import { inputsAfterRefresh, inputsOfImport } from '../../../plugin/schema/inputs.ts'

const LIVE: Properties = {
  api: { knownClientApplications: [], oauth2PermissionScopes: [], requestedAccessTokenVersion: 2 },
  clientId: 'c0000000-0000-4000-8000-000000000003',
  description: '',
  displayName: 'demo',
  featureTags: [{ hide: false }],
  identifierUris: ['api://a', 'api://b'],
  signInAudience: 'AzureADMyOrg',
  tags: ['t'],
  web: {
    homepageUrl: '',
    implicitGrant: { idTokenIssuanceEnabled: false },
    redirectUris: ['https://a.example.com/'],
  },
}

describe('inputs of an import', () => {
  it('are what differs from the defaults, without what the directory sets', () => {
    expect(inputsOfImport(application.fields, LIVE)).toEqual({
      __defaults: [],
      api: { __defaults: [], requestedAccessTokenVersion: 2 },
      displayName: 'demo',
      identifierUris: ['api://a', 'api://b'],
      tags: ['t'],
      web: { __defaults: [], redirectUris: ['https://a.example.com/'] },
    })
  })
})

describe('inputs after a refresh', () => {
  it("keep the program's spelling where nothing changed, and gain nothing that it did not say", () => {
    const inputs = {
      __defaults: ['signInAudience'],
      displayName: 'demo',
      signInAudience: 'AzureADMyOrg',
      identifierUris: ['api://b', 'api://a'],
      web: { __defaults: [], redirectUris: ['https://a.example.com/'] },
    }
    expect(inputsAfterRefresh(application.fields, inputs, LIVE)).toEqual(inputs)
  })

  it('take over drift, and forget that a drifted value was a default', () => {
    const inputs = {
      __defaults: ['signInAudience'],
      displayName: 'old',
      description: 'gone',
      signInAudience: 'AzureADMultipleOrgs',
      web: {
        __defaults: [],
        homepageUrl: 'https://gone.example.com',
        redirectUris: ['https://b.example.com/'],
      },
    }
    expect(inputsAfterRefresh(application.fields, inputs, LIVE)).toEqual({
      __defaults: [],
      displayName: 'demo',
      description: '',
      signInAudience: 'AzureADMyOrg',
      web: { __defaults: [], homepageUrl: '', redirectUris: ['https://a.example.com/'] },
    })
  })
})
