import { X509Certificate } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Properties, Secret } from '../../../plugin/protocol/wire.ts'
import { application } from '../../../plugin/resources/application.ts'
import { applicationFromTemplate } from '../../../plugin/resources/application-from-template.ts'
import { claimsMappingPolicy } from '../../../plugin/resources/claims-mapping-policy.ts'
import { servicePrincipal } from '../../../plugin/resources/service-principal.ts'
import { servicePrincipalClaimsMappingPolicyAssignment as policyAssignment } from '../../../plugin/resources/service-principal-claims-mapping-policy-assignment.ts'
import { servicePrincipalTokenSigningCertificate as signingCertificate } from '../../../plugin/resources/service-principal-token-signing-certificate.ts'
import { deployerGraph } from '../../support/rehearsal.ts'
import { Bench, type Made } from './bench.ts'

const MARKETO = '4601ed45-8ff3-4599-8377-b6649007e876'
const bench = new Bench(
  'Policy.ReadWrite.ApplicationConfiguration',
  'Policy.Read.All',
  'Application.Read.All',
)

let principal: Made
beforeAll(async () => {
  const app = await bench.make(application, bench.owned({ displayName: 'Payroll' }))
  const inputs: Properties = { clientId: app.state['clientId'], preferredSingleSignOnMode: 'saml' }
  principal = await bench.make(servicePrincipal, bench.owned(inputs))
})

/** The state as the engine gives it back to the provider: in plain text. */
const stored = (made: Made): Made => ({
  ...made,
  state: Object.fromEntries(
    Object.entries(made.state).map(([name, value]) => [name, value instanceof Secret ? value.value : value]),
  ),
})

describe('azuread.ServicePrincipalTokenSigningCertificate', () => {
  const make = (more: Properties = {}) =>
    bench.make(signingCertificate, { servicePrincipalId: principal.id, ...more })

  it('is made with the name and the end that are asked for, its value a secret', async () => {
    const made = await make({ displayName: 'CN=Payroll', endDate: '2099-01-01T00:00:00Z' })
    expect(made.state).toMatchObject({
      displayName: 'CN=Payroll',
      endDate: '2099-01-01T00:00:00Z',
      value: expect.any(Secret),
    })
    const { state } = stored(made)
    const { fingerprint } = new X509Certificate(Buffer.from(String(state['value']), 'base64'))
    expect(state['thumbprint']).toBe(fingerprint.replaceAll(':', ''))
    expect(made.id).toBe(
      `${String(principal.state['objectId'])}/tokenSigningCertificate/${String(state['keyId'])}`,
    )
    const live = (await bench.refresh(signingCertificate, stored(made)))!
    expect(stored({ ...made, state: live.state }).state).toEqual(state)
    expect(live.inputs).toEqual(made.inputs)
    expect(bench.provider.diff(signingCertificate.token, state, made.inputs).changes).toEqual([])
  })

  it('goes with both its keys and its password, and leaves the others', async () => {
    const [old, kept] = [await make(), await make()]
    await bench.remove(signingCertificate, stored(old))
    expect(await bench.refresh(signingCertificate, stored(old))).toBeUndefined()
    expect((await bench.refresh(signingCertificate, stored(kept)))?.state['keyId']).toBe(kept.state['keyId'])
    const graph = await deployerGraph(bench.tenant)
    const { keyCredentials, passwordCredentials } = await graph('GET', principal.id)
    const all = [...(keyCredentials as Properties[]), ...(passwordCredentials as Properties[])]
    const each = Map.groupBy(all, (credential) => credential['customKeyIdentifier'])
    expect([...each.values()].map((parts) => parts.length)).toEqual([3, 3])
  })

  it('names its subject', () => {
    const { failures } = bench.provider.check(signingCertificate.token, {
      servicePrincipalId: principal.id,
      displayName: 'Payroll',
    })
    expect(failures).toEqual([{ property: 'displayName', reason: 'must begin with "CN=", is "Payroll"' }])
  })
})

describe('azuread.ClaimsMappingPolicy and its assignment', () => {
  const definition = (version: number) =>
    JSON.stringify({
      ClaimsMappingPolicy: { Version: version, IncludeBasicClaimSet: 'true', ClaimsSchema: [] },
    })

  it('are made, changed, imported, and removed', async () => {
    const made = await bench.make(claimsMappingPolicy, {
      displayName: 'Claims',
      definitions: [definition(1)],
    })
    await bench.expectSettled(claimsMappingPolicy, made)
    await bench.expectImportable(claimsMappingPolicy, made)
    const changed = await bench.update(claimsMappingPolicy, made, {
      displayName: 'Claims of payroll',
      definitions: [definition(1).replace('true', 'false')],
    })
    await bench.expectSettled(claimsMappingPolicy, changed)
    const assigned = await bench.make(policyAssignment, {
      claimsMappingPolicyId: made.id,
      servicePrincipalId: principal.id,
    })
    expect(assigned.id).toBe(`${principal.id}/claimsMappingPolicies/${made.id.split('/').at(-1)}`)
    await bench.expectSettled(policyAssignment, assigned)
    await bench.expectImportable(policyAssignment, assigned)
    await bench.remove(policyAssignment, assigned)
    expect(await bench.refresh(policyAssignment, assigned)).toBeUndefined()
    await bench.remove(claimsMappingPolicy, made)
    expect(await bench.refresh(claimsMappingPolicy, made)).toBeUndefined()
  })
})

describe('an application of the gallery', () => {
  it('is found by name and by id', async () => {
    const { result } = await bench.invoke('getApplicationTemplate', { displayName: 'Marketo' })
    expect(result).toMatchObject({
      templateId: MARKETO,
      supportedSingleSignOnModes: expect.arrayContaining(['saml']),
    })
    expect((await bench.invoke('getApplicationTemplate', { templateId: MARKETO })).result).toEqual(result)
  })

  it('is made by azuread.ApplicationFromTemplate, which manages its name', async () => {
    const made = await bench.make(applicationFromTemplate, { displayName: 'Leads', templateId: MARKETO })
    expect(made.id).toBe(
      `/applicationTemplates/${MARKETO}/instantiate/${String(made.state['applicationObjectId'])}/${String(made.state['servicePrincipalObjectId'])}`,
    )
    await bench.expectSettled(applicationFromTemplate, made)
    await bench.expectImportable(applicationFromTemplate, made)
    const renamed = await bench.update(applicationFromTemplate, made, {
      displayName: 'Led',
      templateId: MARKETO,
    })
    await bench.expectSettled(applicationFromTemplate, renamed)
    await bench.remove(applicationFromTemplate, renamed)
    expect(await bench.refresh(applicationFromTemplate, renamed)).toBeUndefined()
  })

  it('is made by azuread.Application with all that is given, and the roles of the template', async () => {
    const made = await bench.make(
      application,
      bench.owned({
        displayName: 'Leads',
        templateId: MARKETO,
        web: { redirectUris: ['https://leads.example.com/saml'] },
      }),
    )
    expect(made.state).toMatchObject({
      displayName: 'Leads',
      templateId: MARKETO,
      appRoles: [{ displayName: 'msiam_access' }],
      web: { redirectUris: ['https://leads.example.com/saml'] },
    })
    const adopted = await bench.make(
      servicePrincipal,
      bench.owned({
        clientId: made.state['clientId'],
        useExisting: true,
        preferredSingleSignOnMode: 'saml',
      }),
    )
    await bench.expectSettled(servicePrincipal, adopted)
  })
})
