import { ClientCertificateCredential } from '@azure/identity'
import { describe, expect, it } from 'vitest'
import { type Properties, Secret } from '../../../plugin/protocol/wire.ts'
import { application } from '../../../plugin/resources/application.ts'
import { applicationCertificate } from '../../../plugin/resources/application-certificate.ts'
import { applicationFederatedIdentityCredential } from '../../../plugin/resources/application-federated-identity-credential.ts'
import { applicationFlexibleFederatedIdentityCredential as flexible } from '../../../plugin/resources/application-flexible-federated-identity-credential.ts'
import { applicationIdentifierUri } from '../../../plugin/resources/application-identifier-uri.ts'
import { applicationPreAuthorized } from '../../../plugin/resources/application-pre-authorized.ts'
import { servicePrincipal } from '../../../plugin/resources/service-principal.ts'
import { createClientCertificate } from '../../support/client-certificate.ts'
import { Bench } from './bench.ts'

const bench = new Bench()

const SCOPES = ['10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002']
const CLIENTS = ['20000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000002']

async function makeApplication(displayName: string, more: Properties = {}) {
  return bench.make(application, bench.owned({ displayName, ...more }))
}

/** The application as a refresh finds it, whatever the outputs say. */
async function applicationNow(made: Awaited<ReturnType<typeof makeApplication>>): Promise<Properties> {
  return (await bench.refresh(application, made))!.state
}

/** The state as the engine gives it back to the provider: in plain text. */
const stored = (state: Properties): Properties =>
  Object.fromEntries(
    Object.entries(state).map(([name, value]) => [name, value instanceof Secret ? value.value : value]),
  )

describe('identifier URIs', () => {
  it('are added side by side and taken away one by one', async () => {
    const app = await makeApplication('Identified')
    const uris = [`api://${String(app.state['clientId'])}`, 'api://identified-a', 'api://identified-b']
    const made = await Promise.all(
      uris.map((identifierUri) =>
        bench.make(applicationIdentifierUri, { applicationId: app.id, identifierUri }),
      ),
    )
    expect((await applicationNow(app))['identifierUris']).toEqual(uris.toSorted())
    for (const each of made) {
      await bench.expectSettled(applicationIdentifierUri, each)
      await bench.expectImportable(applicationIdentifierUri, each)
    }
    await expect(
      bench.make(applicationIdentifierUri, { applicationId: app.id, identifierUri: uris[1]! }),
    ).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
    await bench.remove(applicationIdentifierUri, made[1]!)
    await expect(bench.refresh(applicationIdentifierUri, made[1]!)).resolves.toBeUndefined()
    expect((await applicationNow(app))['identifierUris']).toEqual([uris[0], uris[2]].toSorted())
  })
})

describe('pre-authorised clients', () => {
  it('get scopes, lose some, and leave, while the application itself is changed', async () => {
    const scopes = SCOPES.map((id, index) => ({
      id,
      value: `Scope.${index}`,
      adminConsentDescription: 'd',
      adminConsentDisplayName: 'n',
    }))
    const offered = { api: { oauth2PermissionScopes: scopes } }
    const api = await makeApplication('Offering', offered)
    const authorize = (authorizedClientId: string): Properties => ({
      applicationId: api.id,
      authorizedClientId,
      permissionIds: SCOPES.toReversed(),
    })
    const [first, second] = await Promise.all(
      CLIENTS.map((client) => bench.make(applicationPreAuthorized, authorize(client))),
    )
    expect(first!.state['permissionIds']).toEqual(SCOPES)
    await bench.expectSettled(applicationPreAuthorized, second!)
    await bench.expectImportable(applicationPreAuthorized, second!)
    const fewer = { ...authorize(CLIENTS[0]!), permissionIds: [SCOPES[1]!] }
    const changed = await bench.update(applicationPreAuthorized, first!, fewer)
    await bench.expectSettled(applicationPreAuthorized, changed)
    await bench.update(application, api, bench.owned({ displayName: 'Offering more', ...offered }))
    await bench.expectSettled(applicationPreAuthorized, changed)
    await bench.remove(applicationPreAuthorized, changed)
    await expect(bench.refresh(applicationPreAuthorized, changed)).resolves.toBeUndefined()
    await bench.expectSettled(applicationPreAuthorized, second!)
  })
})

describe('federated credentials', () => {
  const github = {
    displayName: 'github',
    issuer: 'https://token.actions.githubusercontent.com',
    subject: 'repo:contoso/shop:ref:refs/heads/main',
    audiences: ['api://AzureADTokenExchange'],
  }

  it('are made, changed, imported and taken away', async () => {
    const { id: applicationId } = await makeApplication('Trusting')
    const made = await bench.make(applicationFederatedIdentityCredential, {
      applicationId,
      ...github,
      description: 'main',
    })
    await bench.expectSettled(applicationFederatedIdentityCredential, made)
    await bench.expectImportable(applicationFederatedIdentityCredential, made)
    const changed = await bench.update(applicationFederatedIdentityCredential, made, {
      applicationId,
      ...github,
      subject: 'repo:contoso/shop:environment:production',
    })
    expect(changed.state).toMatchObject({ description: '', subject: expect.stringContaining('environment') })
    await bench.expectSettled(applicationFederatedIdentityCredential, changed)
    await bench.remove(applicationFederatedIdentityCredential, changed)
    await expect(bench.refresh(applicationFederatedIdentityCredential, changed)).resolves.toBeUndefined()
  })

  it('with an expression are made, changed, imported and taken away', async () => {
    const { id: applicationId } = await makeApplication('Matching')
    const expression = (of: string) => `claims['sub'] matches 'repo:contoso/*:environment:${of}'`
    const inputs = {
      applicationId,
      displayName: 'any-repository',
      issuer: github.issuer,
      audience: 'api://AzureADTokenExchange',
      claimsMatchingExpression: expression('live'),
    }
    const made = await bench.make(flexible, inputs)
    await bench.expectSettled(flexible, made)
    await bench.expectImportable(flexible, made)
    const next = { ...inputs, claimsMatchingExpression: expression('test') }
    const changed = await bench.update(flexible, made, next)
    expect(changed.state).toMatchObject(next)
    await bench.expectSettled(flexible, changed)
    const refused = { ...inputs, displayName: 'refused', claimsMatchingExpression: "claims['actor'] eq 'x'" }
    await expect(bench.make(flexible, refused)).rejects.toThrow('claimsMatchingExpression')
    await bench.remove(flexible, changed)
    await expect(bench.refresh(flexible, changed)).resolves.toBeUndefined()
  })

  it('twenty at once all get their place, and the next says that there is none', async () => {
    const { id: applicationId } = await makeApplication('Trusting many')
    const one = (index: number) => ({
      applicationId,
      ...github,
      displayName: `ci-${index}`,
      subject: `repo:contoso/shop:environment:e${index}`,
    })
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        bench.make(applicationFederatedIdentityCredential, one(index)),
      ),
    )
    expect(new Set(made.map(({ id }) => id)).size).toBe(20)
    await expect(bench.make(applicationFederatedIdentityCredential, one(20))).rejects.toMatchObject({
      status: 400,
    })
  })
})

describe('certificates', () => {
  it('let the application sign in until they are taken away', async () => {
    const app = await makeApplication('Certified')
    const clientId = String(app.state['clientId'])
    await bench.make(servicePrincipal, bench.owned({ clientId }))
    const [first, second] = [await createClientCertificate(), await createClientCertificate()]
    const given = { applicationId: app.id, type: 'AsymmetricX509Cert' }
    const made = await Promise.all([
      bench.make(applicationCertificate, { ...given, value: first.certificatePem }),
      bench.make(applicationCertificate, { ...given, value: second.der, encoding: 'base64' }),
    ])
    for (const each of made) {
      const inState = { ...each, state: stored(each.state) }
      expect(await bench.refresh(applicationCertificate, inState)).toEqual({
        state: each.state,
        inputs: each.inputs,
      })
      expect(bench.provider.diff(applicationCertificate.token, inState.state, each.inputs).changes).toEqual(
        [],
      )
    }
    const signIn = ({ certificatePem, privateKeyPem }: typeof first) =>
      new ClientCertificateCredential(
        bench.tenant.tenantId,
        clientId,
        { certificate: `${privateKeyPem}\n${certificatePem}` },
        { authorityHost: bench.tenant.url, disableInstanceDiscovery: true },
      ).getToken(`${bench.tenant.graphUrl}/.default`)
    await expect(signIn(first)).resolves.toHaveProperty('token')
    await expect(signIn(second)).resolves.toHaveProperty('token')
    await bench.remove(applicationCertificate, made[0])
    await expect(bench.refresh(applicationCertificate, made[0])).resolves.toBeUndefined()
    await expect(signIn(first)).rejects.toThrow(/AADSTS\d+/)
    await expect(signIn(second)).resolves.toHaveProperty('token')
  })

  it('are imported without what Graph never shows', async () => {
    const app = await makeApplication('Recertified')
    const { certificatePem } = await createClientCertificate()
    const given = { applicationId: app.id, type: 'AsymmetricX509Cert' }
    const made = await bench.make(applicationCertificate, { ...given, value: certificatePem })
    const imported = await bench.provider.read({ type: applicationCertificate.token, id: made.id }, {}, {})
    expect(imported?.state).toEqual({ ...made.state, encoding: null, value: null })
    expect(imported?.inputs).not.toHaveProperty('value')
  })
})

describe('a logo', () => {
  const base64 = (bytes: string) => Buffer.from(bytes, 'latin1').toString('base64')

  it('is uploaded, replaced, and kept through other changes', async () => {
    const png = { logoImage: base64('\x89PNG\r\n\x1a\n....') }
    const made = await makeApplication('Pictured', png)
    expect(made.state['logoUrl']).toMatch(/^https:/)
    await bench.expectSettled(application, made)
    const gif = { logoImage: base64('GIF89a....') }
    const { changes, recomputed } = bench.provider.diff(application.token, made.state, {
      ...made.inputs,
      ...gif,
    })
    expect(changes.map(({ path }) => path)).toEqual(['logoImage'])
    expect([...recomputed]).toEqual(['logoUrl'])
    const changed = await bench.update(
      application,
      made,
      bench.owned({ displayName: 'Pictured again', ...gif }),
    )
    await bench.expectSettled(application, changed)
    expect(changed.state).toMatchObject({ ...gif, logoUrl: expect.stringMatching(/^https:/) })
  })
})
