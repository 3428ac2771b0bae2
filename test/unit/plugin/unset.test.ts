import { describe, expect, it } from 'vitest'
import { APPLICATION_FIELDS } from '../../../plugin/resources/application-fields.ts'
import { SERVICE_PRINCIPAL_FIELDS } from '../../../plugin/resources/service-principal-fields.ts'
import { withoutUnset } from '../../../plugin/schema/unset.ts'

describe('the state of what was created or updated', () => {
  it('has null for empty collections that the program does not give', () => {
    const outputs = { displayName: 'x', identifierUris: [], groupMembershipClaims: [], owners: ['o'] }
    expect(withoutUnset(APPLICATION_FIELDS, { displayName: 'x' }, outputs)).toEqual({
      displayName: 'x',
      identifierUris: null,
      groupMembershipClaims: null,
      owners: ['o'],
    })
    const principal = { alternativeNames: [], notificationEmailAddresses: [], notes: '' }
    expect(withoutUnset(SERVICE_PRINCIPAL_FIELDS, {}, principal)).toEqual({
      alternativeNames: null,
      notificationEmailAddresses: null,
      notes: '',
    })
  })

  it('keeps those that it gives, that the directory sets, and that hold blocks', () => {
    const outputs = { identifierUris: [], tags: [], appRoles: [], requiredResourceAccesses: [] }
    expect(withoutUnset(APPLICATION_FIELDS, { identifierUris: [] }, outputs)).toEqual(outputs)
    const computed = { servicePrincipalNames: [], redirectUris: [] }
    expect(withoutUnset(SERVICE_PRINCIPAL_FIELDS, {}, computed)).toEqual(computed)
  })

  it('looks into blocks that the program gives', () => {
    const web = { homepageUrl: 'https://h', redirectUris: [] }
    expect(withoutUnset(APPLICATION_FIELDS, { web: { homepageUrl: 'https://h' } }, { web })).toEqual({
      web: { homepageUrl: 'https://h', redirectUris: null },
    })
    expect(withoutUnset(APPLICATION_FIELDS, {}, { web })).toEqual({ web })
    const claim = { name: 'email', additionalProperties: [] }
    const given = { optionalClaims: { idTokens: [{ name: 'email' }] } }
    expect(withoutUnset(APPLICATION_FIELDS, given, { optionalClaims: { idTokens: [claim] } })).toEqual({
      optionalClaims: { idTokens: [{ name: 'email', additionalProperties: null }] },
    })
  })
})
