import { describe, expect, it } from 'vitest'
import { PartiallyCreatedError } from '../../../plugin/protocol/errors.ts'
import { type Properties, Secret, UNKNOWN } from '../../../plugin/protocol/wire.ts'
import { Provider } from '../../../plugin/provider.ts'
import { applicationCertificate } from '../../../plugin/resources/application-certificate.ts'
import { applicationFederatedIdentityCredential } from '../../../plugin/resources/application-federated-identity-credential.ts'
import { applicationIdentifierUri } from '../../../plugin/resources/application-identifier-uri.ts'
import { applicationPreAuthorized } from '../../../plugin/resources/application-pre-authorized.ts'
import type { ResourceType } from '../../../plugin/resources/type.ts'
import { type Answer, refused, ScriptedDirectory } from './directory.ts'

const APP = 'a0000000-0000-4000-8000-000000000001'
const PATH = `/applications/${APP}`
const KEY = 'b0000000-0000-4000-8000-000000000002'
const OTHER = 'c0000000-0000-4000-8000-000000000003'
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'

async function connect(...answers: Answer[]) {
  const directory = new ScriptedDirectory(...answers)
  const now = () => Date.parse('2030-01-01T00:00:00Z')
  const provider = new Provider({ ...directory.options, now, newId: () => KEY })
  await provider.configure({})
  return { provider, directory }
}

async function create(type: ResourceType, news: Properties, ...answers: Answer[]) {
  const { provider, directory } = await connect(...answers)
  const { inputs, failures } = provider.check(type.token, news)
  expect(failures).toEqual([])
  return { directory, made: provider.create(type.token, inputs, false) }
}

function failuresOf(type: ResourceType, news: Properties): string[] {
  return new Provider()
    .check(type.token, news)
    .failures.map(({ property, reason }) => `${property} ${reason}`)
}

describe('an application certificate', () => {
  const kept = { keyId: OTHER, type: 'AsymmetricX509Cert', usage: 'Verify', key: null }
  const added = {
    keyId: KEY,
    type: 'AsymmetricX509Cert',
    startDateTime: '2029-01-01T00:00:00Z',
    endDateTime: '2031-01-01T00:00:00Z',
  }
  const news = { applicationId: PATH, type: 'AsymmetricX509Cert', value: CERTIFICATE }
  const shown = { json: { keyCredentials: [kept, added] } }

  it('goes to those that are there, as base64 of PEM, and its value is a secret', async () => {
    const { made, directory } = await create(
      applicationCertificate,
      { ...news, endDate: '2031-01-01T00:00:00.000Z' },
      { json: { keyCredentials: [kept] } },
      { status: 204 },
      shown,
      shown,
    )
    const { id, state } = await made
    expect(id).toBe(`${APP}/certificate/${KEY}`)
    expect(directory.bodies[1]).toEqual({
      keyCredentials: [
        kept,
        {
          keyId: KEY,
          type: 'AsymmetricX509Cert',
          usage: 'Verify',
          key: Buffer.from(CERTIFICATE).toString('base64'),
          endDateTime: '2031-01-01T00:00:00Z',
        },
      ],
    })
    expect(state).toMatchObject({
      encoding: 'pem',
      keyId: KEY,
      startDate: '2029-01-01T00:00:00Z',
      endDate: '2031-01-01T00:00:00Z',
      endDateRelative: null,
    })
    expect(state['value']).toEqual(new Secret(CERTIFICATE))
    expect(String(state['__meta'])).not.toContain('schema_version')
  })

  it('counts a relative end from now', async () => {
    const { made, directory } = await create(
      applicationCertificate,
      { ...news, endDateRelative: '24h30m' },
      { json: {} },
      { status: 204 },
      shown,
      shown,
    )
    await made
    expect(directory.bodies[1]).toMatchObject({ keyCredentials: [{ endDateTime: '2030-01-02T00:30:00Z' }] })
  })

  it('is refused where its key id is taken, before anything is sent', async () => {
    const { made, directory } = await create(
      applicationCertificate,
      { ...news, keyId: OTHER.toUpperCase() },
      { json: { keyCredentials: [kept] } },
    )
    await expect(made).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
    expect(directory.requests).toEqual([`GET /v1.0${PATH}`])
  })

  it('is remembered once Graph has taken it, though it does not show', async () => {
    const { made } = await create(
      applicationCertificate,
      news,
      { json: {} },
      { status: 204 },
      ...Array<Answer>(8).fill({ json: {} }),
    )
    const error = await made.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(PartiallyCreatedError)
    expect(error).toMatchObject({
      id: `${APP}/certificate/${KEY}`,
      properties: { keyId: KEY, value: new Secret(CERTIFICATE) },
      message: `The change of ${PATH} does not show in Graph. Run \`pulumi refresh\` and try again.`,
    })
  })

  it('says what is wrong with it, and never what it is', () => {
    const wrong = { value: 'not-hex', encoding: 'hex' }
    expect(failuresOf(applicationCertificate, { ...news, ...wrong })).toEqual([
      'value is not a certificate in the encoding "hex"',
    ])
    expect(failuresOf(applicationCertificate, { ...news, ...wrong, encoding: 'der' })).toEqual([
      'encoding must be one of base64, hex, pem, is "der"',
    ])
    expect(
      failuresOf(applicationCertificate, {
        ...news,
        endDateRelative: '1y',
        startDate: '2030-01-01T00:00:00Z',
      }),
    ).toEqual([
      'endDateRelative must be a length of time such as 4380h, is "1y"',
      'endDateRelative cannot be given with startDate',
    ])
    expect(failuresOf(applicationCertificate, { ...news, value: UNKNOWN, encoding: UNKNOWN })).toEqual([])
  })
})

describe('a federated credential', () => {
  const news = { applicationId: PATH, displayName: 'ci', issuer: 'https://i', subject: 's', audiences: ['a'] }

  it('waits for an application that is not known everywhere yet', async () => {
    const credential = { id: KEY, name: 'ci', issuer: 'https://i', subject: 's', audiences: ['a'] }
    const { made, directory } = await create(
      applicationFederatedIdentityCredential,
      news,
      refused(404, 'Request_ResourceNotFound'),
      { status: 201, json: credential },
      refused(404, 'Request_ResourceNotFound'),
      { json: { ...credential, description: null } },
    )
    expect(await made).toMatchObject({
      id: `${APP}/federatedIdentityCredential/${KEY}`,
      state: { applicationId: PATH, credentialId: KEY, description: '', displayName: 'ci' },
    })
    expect(directory.waits).toEqual([1000, 1000])
    expect(directory.bodies[1]).toEqual({
      name: 'ci',
      issuer: 'https://i',
      subject: 's',
      audiences: ['a'],
      description: '',
    })
  })

  it('takes one audience, and a name of 1 to 120 characters that never changes', () => {
    const odd = { audiences: ['a', 'b'], displayName: 'x'.repeat(121) }
    expect(failuresOf(applicationFederatedIdentityCredential, { ...news, ...odd })).toEqual([
      'displayName must have 1 to 120 characters, has 121',
      'audiences may hold at most 1 item(s), has 2',
    ])
    const { token } = applicationFederatedIdentityCredential
    const renamed = { ...news, displayName: 'x'.repeat(120), subject: 't' }
    expect(failuresOf(applicationFederatedIdentityCredential, renamed)).toEqual([])
    const { changes } = new Provider().diff(token, { ...news, credentialId: KEY }, renamed)
    expect(changes.map(({ path, replace }) => [path, replace])).toEqual([
      ['displayName', true],
      ['subject', false],
    ])
  })
})

describe('parts of one application', () => {
  it('are added one after another, each to what the last one left', async () => {
    const { provider, directory } = await connect(
      { json: { identifierUris: [] } },
      { status: 204 },
      { json: { identifierUris: ['api://one'] } },
      { json: { identifierUris: ['api://one'] } },
      { status: 204 },
      { json: { identifierUris: ['api://one', 'api://two'] } },
    )
    const add = (identifierUri: string) =>
      provider.create(applicationIdentifierUri.token, { applicationId: PATH, identifierUri }, false)
    const [one, two] = await Promise.all([add('api://one'), add('api://two')])
    expect(directory.bodies.filter((body) => body !== undefined)).toEqual([
      { identifierUris: ['api://one'] },
      { identifierUris: ['api://one', 'api://two'] },
    ])
    expect([one.id, two.id]).toEqual([
      `${PATH}/identifierUris/YXBpOi8vb25l`,
      `${PATH}/identifierUris/YXBpOi8vdHdv`,
    ])
  })

  it('name the application by its resource id', () => {
    expect(
      failuresOf(applicationPreAuthorized, {
        applicationId: APP,
        authorizedClientId: KEY,
        permissionIds: ['x'],
      }),
    ).toEqual([
      `applicationId must have the form /applications/{object id} (the \`id\` of an azuread.Application), is "${APP}"`,
      'permissionIds[0] must be a UUID, is "x"',
    ])
  })

  it('are gone with what they are part of', async () => {
    const ids = [
      [applicationCertificate, `${APP}/certificate/${KEY}`],
      [applicationFederatedIdentityCredential, `${APP}/federatedIdentityCredential/${KEY}`],
      [applicationIdentifierUri, `${PATH}/identifierUris/YXBpOi8vb25l`],
      [applicationPreAuthorized, `${APP}/preAuthorizedApplication/${KEY}`],
    ] as const
    const { provider } = await connect(
      ...Array<Answer>(ids.length).fill(refused(404, 'Request_ResourceNotFound')),
    )
    for (const [{ token }, id] of ids) {
      await expect(provider.read({ type: token, id }, { applicationId: PATH }, {})).resolves.toBeUndefined()
    }
  })

  it('that another client holds already are named for an import', async () => {
    const { made } = await create(
      applicationPreAuthorized,
      { applicationId: PATH, authorizedClientId: KEY, permissionIds: [OTHER] },
      { json: { api: { preAuthorizedApplications: [{ appId: KEY, delegatedPermissionIds: [] }] } } },
    )
    await expect(made).rejects.toThrow(`Import it with id ${APP}/preAuthorizedApplication/${KEY}`)
  })
})
