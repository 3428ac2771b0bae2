import * as pulumi from '@pulumi/pulumi'
import type { AppDeclaration } from '../declaration.ts'
import { describeFederation } from '../federation.ts'
import type { AppOutputs, AssignmentOutputs } from '../outputs.ts'
import type { Api, ApiPermissions } from '../permissions.ts'
import { mapValues } from '../records.ts'
import type { GivenCertificate, IssuedCertificate } from './certificates.ts'
import type { ApiGrant } from './consent.ts'
import type { IssuedCredential, IssuedGeneration } from './generations.ts'
import type { Orders } from './orders.ts'

/** What was registered. */
export interface Registered {
  readonly tenantId: pulumi.Input<string>
  readonly clientId: pulumi.Input<string>
  readonly objectId: pulumi.Input<string>
  readonly servicePrincipalId: pulumi.Input<string>
  readonly grants: readonly ApiGrant[]
  readonly secrets: Readonly<
    Record<
      string,
      readonly IssuedGeneration<IssuedCredential & { readonly displayName: pulumi.Output<string> }>[]
    >
  >
  /** Made here. */
  readonly certificates: Readonly<Record<string, readonly IssuedGeneration<IssuedCertificate>[]>>
  readonly given: Readonly<Record<string, GivenCertificate>>
  /** Object ids by declared name. */
  readonly owners: Readonly<Record<string, pulumi.Input<string>>>
  readonly identifierUris: Readonly<Record<string, pulumi.Input<string>>>
  readonly assignments: readonly pulumi.Input<AssignmentOutputs>[]
  readonly orders: Orders
}

/** What scripts, reports and consumers may know of an application: free of secrets. */
export function describe(
  app: AppDeclaration,
  { grants, secrets, certificates, given, orders, ...rest }: Registered,
): pulumi.Output<AppOutputs> {
  return pulumi.output({
    ...rest,
    displayName: app.displayName,
    consent: app.consent,
    redirectUris: app.redirectUris,
    permissions: Object.fromEntries(
      grants.map(({ apiName, api, permissions }) => [
        apiName,
        { appId: api.appId, ...permissions, roleIds: api.apply((found) => roleIds(found, permissions)) },
      ]),
    ),
    secrets: mapValues(secrets, (all) =>
      all.flatMap(({ generation: { generation, phase }, credential }) => {
        if (!credential) return []
        const { keyId, displayName, endDate } = credential
        return [{ generation, phase, keyId, displayName, endDate }]
      }),
    ),
    certificates: {
      ...mapValues(given, ({ keyId, thumbprint, subject, endDate }) => [
        { keyId, thumbprint, subject, endDate },
      ]),
      ...mapValues(certificates, (all) =>
        all.flatMap(({ generation: { generation, phase }, credential }) => {
          if (!credential) return []
          const { keyId, thumbprint, subject, endDate } = credential
          return [{ generation, phase, keyId, thumbprint, subject, endDate }]
        }),
      ),
    },
    federatedCredentials: mapValues(app.federatedCredentials, (declared) => {
      const { issuer, subject, audience } = describeFederation(declared)
      return { issuer, subject, audience }
    }),
    probes: [...app.verify, ...app.verifyWrites],
    ...(Object.keys(orders).length > 0 && { orders }),
  }) as pulumi.Output<AppOutputs>
}

function roleIds({ appRoleIds }: Api, { application }: ApiPermissions): Record<string, string> {
  return Object.fromEntries(application.map((name) => [name, appRoleIds[name] ?? '']))
}
