import type * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import { mapValues } from '../../lib/map-values.ts'
import type { AppOutputs } from '../contract/outputs.ts'
import { currentOf, type Generation } from '../rotation/generation.ts'
import { withFormerNames } from './aliases.ts'
import { assign } from './assignments.ts'
import { addCertificates, issueCertificates } from './certificates.ts'
import { grantConsent, resolveApis } from './consent.ts'
import { type ApplicationContext, type RegistrationState, registrationContext } from './context.ts'
import type { AppInput, Restore } from './declared-outputs.ts'
import { describe } from './describe.ts'
import { createApplication, createServicePrincipal } from './directory-objects.ts'
import { assignDirectoryRoles } from './directory-roles.ts'
import { addIdentifierUris, preAuthorize } from './exposed-api.ts'
import { trustIssuers } from './federation.ts'
import { recordGeneration, valuesByGeneration } from './generations.ts'
import { findOwners } from './owners.ts'
import { consentOf } from './permissions.ts'
import { announceSecondDeployment } from './placeholders.ts'
import { issueSecrets } from './secrets.ts'
import { setUpSingleSignOn } from './single-sign-on.ts'
import { grantSites } from './sites.ts'

export type AppRegistrationArgs = AppInput & RegistrationState

/**
 * A Microsoft Entra application that works: the registration, its service principal, client secrets, API permissions
 * by name, and (with `consent: 'grant'`) the consent of the whole tenant.
 *
 *     const app = new AppRegistration('file-manager', {
 *       displayName: 'FileManager',
 *       permissions: { 'Microsoft Graph': { application: ['Files.Read.All'] } },
 *       consent: 'grant',
 *       secrets: { onedrive: { displayName: 'OneDrive', lifetime: '180d' } },
 *     })
 *
 * Everything about the application is inline in one `azuread.Application`: the provider's split resources (redirect
 * URIs, API access) are wiped by its next update. The deployer becomes owner of both objects, so that
 * `Application.ReadWrite.OwnedBy` is enough to change and delete them later.
 */
export class AppRegistration extends pulumi.ComponentResource {
  readonly clientId: pulumi.Output<string>
  /** Object id of the application. */
  readonly objectId: pulumi.Output<string>
  readonly servicePrincipalId: pulumi.Output<string>
  /** Secret values, and keys with their certificates as PEM, by name of the credential and generation. */
  readonly secretValues: pulumi.Output<Record<string, Record<string, string>>>
  /** The generations as the tenant issued them, key ids included: to be exported, and handed to the next deployment. */
  readonly generations: pulumi.Output<Record<string, Generation[]>>
  /** What scripts and consumers may know, free of secrets. */
  readonly outputs: pulumi.Output<AppOutputs>
  /** The underlying resources, for programs that need more than the outputs. */
  readonly nodes: {
    readonly application: azuread.Application
    readonly servicePrincipal: azuread.ServicePrincipal
  }

  /** @throws DeclarationError with every mistake in `args` that can be seen without the tenant */
  constructor(name: string, args: AppRegistrationArgs, options: pulumi.ComponentResourceOptions = {}) {
    const objects: pulumi.Resource[] = []
    let restore: Restore = (value) => value
    super(
      'entra-apps:index:AppRegistration',
      name,
      {},
      {
        ...withFormerNames(args.formerly, options),
        transformations: [
          ...(options.transformations ?? []),
          ({ resource, props, opts }) => {
            objects.push(resource)
            return { props: restore(props), opts }
          },
        ],
      },
    )
    const base = registrationContext(name, args, this)
    restore = base.restore
    const { app, deployer, stackApps } = base
    const grants = resolveApis(base, app)
    const consented = resolveApis(base, { ...app, permissions: consentOf(app), consent: 'grant' })
    const owners = findOwners(base)

    const application = createApplication(base, grants, owners.application)
    const context: ApplicationContext = { ...base, application }
    const servicePrincipal = createServicePrincipal(context, owners.servicePrincipal)
    // Roles and scopes are in place once the application is as declared, not as soon as its service principal exists.
    const readyServicePrincipal = pulumi
      .all([application.objectId, servicePrincipal.objectId])
      .apply(([, objectId]) => objectId)
    stackApps.announce(name, { clientId: application.clientId, servicePrincipalId: readyServicePrincipal })

    announceSecondDeployment(context)
    const identifierUris = addIdentifierUris(context, servicePrincipal)
    preAuthorize(context)
    const assignments = assign(context, readyServicePrincipal)
    grantConsent(context, consented, servicePrincipal)
    assignDirectoryRoles(context, servicePrincipal.objectId)
    const known = pulumi.all([application.clientId, servicePrincipal.objectId])
    grantSites(context, {
      clientId: known.apply(([clientId]) => clientId),
      displayName: app.displayName,
      tenantId: deployer.tenantId,
    })
    const singleSignOn = setUpSingleSignOn(context, servicePrincipal)
    trustIssuers(context)
    const given = addCertificates(context)
    const secrets = issueSecrets(context)
    const certificates = issueCertificates(context)

    const rotated = { ...certificates, ...secrets }
    this.nodes = { application, servicePrincipal }
    this.clientId = application.clientId
    this.objectId = application.objectId
    this.servicePrincipalId = servicePrincipal.objectId
    this.secretValues = pulumi.secret(pulumi.output(mapValues(rotated, valuesByGeneration)))
    this.generations = pulumi.output(mapValues(rotated, (all) => all.map(recordGeneration)))
    this.outputs = describe(context, {
      tenantId: deployer.tenantId,
      clientId: this.clientId,
      objectId: this.objectId,
      servicePrincipalId: this.servicePrincipalId,
      grants,
      ...(app.consented && { consented }),
      secrets,
      certificates,
      given,
      owners,
      identifierUris,
      assignments,
      singleSignOn,
    })
    // None: the stack's own outputs hold these facts, and every checkpoint writes each output again. Their registration
    // says that all objects are there, which a preview never sees.
    const done = pulumi.all(objects.map(({ urn }) => urn)).apply(() => ({}))
    this.registerOutputs(pulumi.runtime.isDryRun() ? {} : done)
  }

  /**
   * The value that consumers use now, as a Pulumi secret: of a certificate that is made here, key and certificate as PEM.
   *
   * @throws RangeError when no such secret is declared
   */
  currentSecret(secret: string): pulumi.Output<string> {
    return this.currentSecrets().apply((values) => {
      const value = values[secret]
      if (value === undefined) throw new RangeError(`The application declares no secret "${secret}"`)
      return value
    })
  }

  /** The same of each, by name of the credential. */
  currentSecrets(): pulumi.Output<Record<string, string>> {
    return pulumi.all([this.generations, this.secretValues]).apply(([generations, values]) =>
      Object.fromEntries(
        Object.entries(generations).flatMap(([name, all]) => {
          const current = currentOf(all)
          const value = current && values[name]?.[current.generation]
          return value === undefined ? [] : [[name, value]]
        }),
      ),
    )
  }
}
