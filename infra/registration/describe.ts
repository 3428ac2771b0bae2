import * as pulumi from '@pulumi/pulumi'
import { instantAfter } from '../../lib/duration.ts'
import { mapValues } from '../../lib/map-values.ts'
import { isGuid } from '../../microsoft/guid.ts'
import type { AppOutputs, AssignmentOutputs, RotationOutputs } from '../contract/outputs.ts'
import { isSameTrust } from '../declaration/federation.ts'
import type { ApiPermissions } from '../declaration/permission-references.ts'
import { rotatedCredentials } from '../declaration/rotated-credentials.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import type { GivenCertificate, IssuedCertificate } from './certificates.ts'
import type { ApiGrant } from './consent.ts'
import type { RegistrationContext } from './context.ts'
import { roleIdsByName } from './directory-roles.ts'
import { federationFacts } from './federation.ts'
import type { IssuedCredential, IssuedGeneration } from './generations.ts'
import type { Owners } from './owners.ts'
import type { Api } from './permissions.ts'
import { resolvePlaceholders } from './placeholders.ts'
import { declaredSettings } from './settings.ts'
import type { SingleSignOnFacts } from './single-sign-on.ts'

/** What was registered. */
export interface Registered {
  readonly tenantId: pulumi.Input<string>
  readonly clientId: pulumi.Input<string>
  readonly objectId: pulumi.Input<string>
  readonly servicePrincipalId: pulumi.Input<string>
  readonly grants: readonly ApiGrant[]
  /** What was consented to, where that is declared by itself. */
  readonly consented?: readonly ApiGrant[]
  readonly secrets: Readonly<
    Record<
      string,
      readonly IssuedGeneration<IssuedCredential & { readonly displayName: pulumi.Output<string> }>[]
    >
  >
  /** Made here. */
  readonly certificates: Readonly<Record<string, readonly IssuedGeneration<IssuedCertificate>[]>>
  readonly given: Readonly<Record<string, GivenCertificate>>
  readonly owners: Owners
  readonly identifierUris: Readonly<Record<string, pulumi.Input<string>>>
  readonly assignments: readonly pulumi.Input<AssignmentOutputs>[]
  readonly singleSignOn: SingleSignOnFacts
}

/** Permissions by API, for outputs. */
export function permissionsOf(grants: readonly ApiGrant[]) {
  return Object.fromEntries(
    grants.map(({ apiName, api, named }) => [
      apiName,
      {
        appId: api.appId,
        application: named.application,
        delegated: named.delegated,
        roleIds: pulumi.all([api, named]).apply(([found, names]) => roleIds(found, names)),
      },
    ]),
  )
}

/**
 * What scripts, reports and consumers may know of an application: free of secrets. Without a record of the last
 * deployment, everything is taken for new.
 */
export function describe(
  context: RegistrationContext,
  { grants, consented, secrets, certificates, given, owners, singleSignOn, ...rest }: Registered,
  at = new Date(),
): pulumi.Output<AppOutputs> {
  const { app, ids, stackApps, listOrder, former, retirement, restore } = context
  const since = (before: { readonly since?: string | undefined } | undefined) =>
    before?.since ?? instantAfter(at)
  const placeholders = pulumi.output({ clientId: rest.clientId, tenantId: rest.tenantId })
  const outputs = pulumi.output({
    ...rest,
    ...singleSignOn,
    ...(app.template !== undefined && { template: app.template }),
    owners: owners.declared,
    ownerIds: { application: owners.application, servicePrincipal: owners.servicePrincipal },
    displayName: app.displayName,
    settings: resolvePlaceholders(declaredSettings(app, ids), placeholders),
    knownClients: app.knownClients.map((client) => stackApps.clientIdOf(client)),
    preAuthorizedClients: pulumi
      .all(
        Object.entries(app.preAuthorizedClients).map(([client, scopes]) =>
          stackApps
            .clientIdOf(client)
            .apply((clientId) => [clientId, scopes.map((scope) => ids.scopes[scope] ?? '').sort()] as const),
        ),
      )
      .apply(Object.fromEntries),
    consent: app.consent,
    redirectUris: resolvePlaceholders(app.redirectUris, placeholders),
    permissions: permissionsOf(grants),
    ...(consented && { consented: permissionsOf(consented) }),
    ...(Object.keys(app.sites).length > 0 && { sites: app.sites }),
    ...(app.directoryRoles.length > 0 && { directoryRoles: roleIdsByName(app.directoryRoles) }),
    secrets: mapValues(secrets, (all) =>
      all.flatMap(({ generation: { generation, phase }, credential }) => {
        if (!credential) return []
        const { keyId, displayName, endDate } = credential
        return [{ generation, phase, keyId, displayName, endDate }]
      }),
    ),
    certificates: {
      ...mapValues(given, ({ keyId, thumbprint, subject, endDate }, name) => {
        const before = former?.certificates?.[name]?.find((each) => each.thumbprint === thumbprint)
        return [{ keyId, thumbprint, subject, endDate, since: since(before) }]
      }),
      ...mapValues(certificates, (all) =>
        all.flatMap(({ generation: { generation, phase }, credential }) => {
          if (!credential) return []
          const { keyId, thumbprint, subject, endDate } = credential
          return [{ generation, phase, keyId, thumbprint, subject, endDate }]
        }),
      ),
    },
    federatedCredentials: federationFacts(context, (name, now) => {
      const before = former?.federatedCredentials?.[name]
      return since(isSameTrust(before, now) && before?.audience === now.audience ? before : undefined)
    }),
    probes: [...app.verify, ...app.verifyWrites],
    ...(app.tokens.length > 0 && { tokens: app.tokens }),
    ...(retirement && { retirement }),
    ...((app.retire || Object.keys(rotatedCredentials(app)).length > 0) && { rotation: rotationOf(app) }),
    ...(Object.keys(listOrder).length > 0 && { listOrder }),
  }) as pulumi.Output<AppOutputs>
  return restore(outputs)
}

/** A given certificate is nobody's to rotate. */
function rotationOf({ signInAudience, secrets, certificates, retire }: AppDeclaration): RotationOutputs {
  const made = Object.entries(certificates).filter(([, { generate }]) => generate)
  return { signInAudience, secrets, certificates: Object.fromEntries(made), ...(retire && { retire }) }
}

function roleIds({ appRoleIds }: Api, { application }: ApiPermissions): Record<string, string> {
  return Object.fromEntries(application.map((name) => [name, appRoleIds[name] ?? (isGuid(name) ? name : '')]))
}
