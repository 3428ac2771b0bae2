import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Properties } from '../../../plugin/protocol/wire.ts'
import { Provider } from '../../../plugin/provider.ts'
import { application } from '../../../plugin/resources/application.ts'
import { applicationCertificate } from '../../../plugin/resources/application-certificate.ts'
import { applicationFederatedIdentityCredential } from '../../../plugin/resources/application-federated-identity-credential.ts'
import { applicationIdentifierUri } from '../../../plugin/resources/application-identifier-uri.ts'
import { applicationPreAuthorized } from '../../../plugin/resources/application-pre-authorized.ts'
import type { ResourceType } from '../../../plugin/resources/type.ts'
import { createClientCertificate } from '../../support/client-certificate.ts'
import { Bench } from './bench.ts'

const bench = new Bench()
const SCOPE = '10000000-0000-4000-8000-000000000001'

/** Replication takes as long as this, and waits move the tenant's clock instead of taking time. */
const LAG = '20s'
let patient: Provider

beforeEach(async () => {
  const sleep = async (milliseconds: number) => bench.tenant.control.clock.advance(milliseconds)
  patient = new Provider({ env: bench.environment(), sleep })
  await patient.configure({})
  bench.tenant.control.setLag(LAG)
})
afterEach(() => bench.tenant.control.setLag(0))

const make = async (type: ResourceType, news: Properties) =>
  patient.create(type.token, bench.check(type, news), false)

describe('while replicas lag behind', () => {
  it('no part of an application is lost, added or taken away', async () => {
    const scope = {
      id: SCOPE,
      value: 'Read',
      adminConsentDescription: 'd',
      adminConsentDisplayName: 'n',
    }
    const app = await make(
      application,
      bench.owned({ displayName: 'Lagging', api: { oauth2PermissionScopes: [scope] } }),
    )
    const applicationId = app.id
    const { certificatePem } = await createClientCertificate()
    const uris = ['api://lagging-a', 'api://lagging-b', 'api://lagging-c']
    const clients = ['20000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000002']
    const wanted: [ResourceType, Properties][] = [
      ...uris.map((identifierUri): [ResourceType, Properties] => [
        applicationIdentifierUri,
        { applicationId, identifierUri },
      ]),
      ...clients.map((authorizedClientId): [ResourceType, Properties] => [
        applicationPreAuthorized,
        { applicationId, authorizedClientId, permissionIds: [SCOPE] },
      ]),
      ...['build', 'deploy'].map((displayName): [ResourceType, Properties] => [
        applicationFederatedIdentityCredential,
        {
          applicationId,
          displayName,
          issuer: 'https://issuer.example',
          subject: displayName,
          audiences: ['a'],
        },
      ]),
      ...[1, 2].map((): [ResourceType, Properties] => [
        applicationCertificate,
        { applicationId, type: 'AsymmetricX509Cert', value: certificatePem },
      ]),
    ]
    const made = await Promise.all(wanted.map(([type, news]) => make(type, news)))
    bench.tenant.control.setLag(0)
    const isThere = async (index: number) => {
      const [{ token }] = wanted[index]!
      return (await patient.read({ type: token, id: made[index]!.id }, { applicationId }, {})) !== undefined
    }
    const all = [...wanted.keys()]
    expect(await Promise.all(all.map(isThere))).toEqual(all.map(() => true))

    bench.tenant.control.setLag(LAG)
    const gone = all.filter((index) => index % 2 === 0)
    await Promise.all(
      gone.map((index) => {
        const [{ token }] = wanted[index]!
        return patient.remove({ type: token, id: made[index]!.id }, made[index]!.state)
      }),
    )
    bench.tenant.control.setLag(0)
    expect(await Promise.all(all.map(isThere))).toEqual(all.map((index) => index % 2 === 1))
  })
})
