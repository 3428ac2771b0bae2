import { exposedIds } from '../../../../infra/declaration/derived-ids.ts'
import { describeFederation } from '../../../../infra/declaration/federation.ts'
import type { AppDeclaration } from '../../../../infra/declaration/schema.ts'
import { planApplication } from '../../../../infra/registration/application-plan.ts'
import { planServicePrincipal } from '../../../../infra/registration/service-principal-plan.ts'
import type { Properties } from '../../../../plugin/protocol/wire.ts'
import { APPLICATION_FIELDS } from '../../../../plugin/resources/application-fields.ts'
import { SERVICE_PRINCIPAL_FIELDS } from '../../../../plugin/resources/service-principal-fields.ts'
import { toGraph } from '../../../../plugin/schema/entity.ts'
import type { ExistingRegistration, NamedApi, Names } from '../../../../scripts/adopt/registration.ts'
import { API } from './arbitrary.ts'

export const IDS = {
  objectId: '0b000000-0000-4000-8000-000000000001',
  clientId: '0b000000-0000-4000-8000-000000000002',
  principalId: '0b000000-0000-4000-8000-000000000003',
  tenantId: '0b000000-0000-4000-8000-000000000004',
  deployerId: '0b000000-0000-4000-8000-000000000005',
}

const api: NamedApi = {
  ...API,
  displayName: API.name,
  roles: new Map(Object.entries(API.roles).map(([value, id]) => [id, value])),
  scopes: new Map(Object.entries(API.scopes).map(([value, id]) => [id, value])),
}

/** Everything has the name of its id, apart from the one API. */
export const NAMES: Names = {
  tenantId: IDS.tenantId,
  deployerId: IDS.deployerId,
  apis: new Map([
    [api.appId, api],
    [api.servicePrincipalId, api],
  ]),
  principals: new Map(),
  clients: new Map(),
}

/** The registration that a declaration comes to, as Graph shows it. */
export function registered(name: string, app: AppDeclaration): ExistingRegistration {
  const ids = exposedIds(name, app)
  const uri = (pattern: string) =>
    pattern.replaceAll('{clientId}', IDS.clientId).replaceAll('{tenantId}', IDS.tenantId)
  const plan = planApplication(app, ids)
  const inputs = {
    ...plan,
    api: { ...plan.api, knownClientApplications: app.knownClients },
    identifierUris: app.identifierUris.map(uri),
    requiredResourceAccesses: Object.values(app.permissions).map(({ application, delegated }) => ({
      resourceAppId: API.appId,
      resourceAccesses: [
        ...delegated.map((value) => ({ id: idOf(API.scopes, value), type: 'Scope' })),
        ...application.map((value) => ({ id: idOf(API.roles, value), type: 'Role' })),
      ],
    })),
  }
  const owners = [...app.owners, ...(app.deployerIsOwner ? [IDS.deployerId] : [])].map((id) => ({ id }))
  return {
    application: {
      ...toGraph(APPLICATION_FIELDS, inputs as unknown as Properties),
      id: IDS.objectId,
      appId: IDS.clientId,
      tags: app.tags,
    },
    postResponseRequired: app.postResponseRequired,
    owners,
    federatedCredentials: Object.entries(app.federatedCredentials).map(([credential, declared], i) => {
      const { issuer, subject, expression, audience, description } = describeFederation(declared, {
        cloud: 'public',
        tenantId: IDS.tenantId,
      })
      const id = `0c000000-0000-4000-8000-00000000000${i}`
      return {
        id,
        name: credential,
        issuer,
        subject: subject ?? null,
        ...(expression && { claimsMatchingExpression: { languageVersion: 1, value: expression } }),
        audiences: [audience],
        description: description ?? null,
      }
    }),
    servicePrincipal: {
      ...toGraph(SERVICE_PRINCIPAL_FIELDS, planServicePrincipal(app) as unknown as Properties),
      id: IDS.principalId,
      appId: IDS.clientId,
      tags: planServicePrincipal(app).tags as string[],
    },
    servicePrincipalOwners: owners,
    assignedTo: [],
    assignments: [],
    grants: [],
  }
}

function idOf(ids: Readonly<Record<string, string>>, value: string): string {
  return ids[value] ?? ''
}
