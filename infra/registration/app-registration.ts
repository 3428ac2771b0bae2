import * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import { mapValues } from '../../lib/map-values.ts'
import type { AppOutputs } from '../contract/outputs.ts'
import { DeclarationError, renderProblem } from '../declaration/problems.ts'
import type { AppDeclaration, AppDeclarationInput } from '../declaration/schema.ts'
import { projectReader } from '../declaration/stack-declaration.ts'
import { currentOf, type Generation } from '../rotation/generation.ts'
import { advanceLedger } from '../rotation/ledger.ts'
import { policiesOf } from '../rotation/policy.ts'
import { readAppDeclaration } from '../rules/validate.ts'
import { ApiDirectory } from './apis.ts'
import { given, planApi, planApplication } from './application-plan.ts'
import { assign } from './assignments.ts'
import { addCertificates, issueCertificates } from './certificates.ts'
import { type ApiGrant, grantConsent, requiredResourceAccesses, resolveApis } from './consent.ts'
import { type ExposedIds, exposedIds } from './derived-ids.ts'
import { describe } from './describe.ts'
import { addIdentifierUris, preAuthorize } from './exposed-api.ts'
import { trustIssuers } from './federation.ts'
import type { FormerFacts } from './former-names.ts'
import { recordGeneration, valuesByGeneration } from './generations.ts'
import type { ListOrder } from './list-order.ts'
import { findOwners } from './owners.ts'
import { consentOf } from './permissions.ts'
import { PrincipalDirectory } from './principals.ts'
import { issueSecrets } from './secrets.ts'
import { planServicePrincipal } from './service-principal-plan.ts'
import { StackApps } from './stack-apps.ts'

/** What the applications of one stack share. */
export interface StackContext {
  /** Look-up of APIs, so that many applications ask the tenant once. */
  readonly apis: ApiDirectory
  /** Look-up of users, groups and service principals. */
  readonly principals: PrincipalDirectory
  /** The applications by name, already checked together. */
  readonly stackApps: StackApps
  /** Reads files that declarations name. */
  readonly read: (file: string) => Uint8Array | undefined
  /** Holds the passphrases that declarations name variables for. */
  readonly env: NodeJS.ProcessEnv
}

export interface AppRegistrationArgs extends AppDeclarationInput {
  /**
   * Generations of each secret and of each certificate that is made here, by name. Default: a first generation for
   * each, issued now. Pass what {@link advanceLedger} makes of the last deployment's
   * {@link AppRegistration.generations} to rotate.
   */
  readonly generations?: Readonly<Record<string, readonly Generation[]>>
  /**
   * The last deployment's {@link AppRegistration.secretValues}. Default: none; each deployment then makes keys for its
   * certificates that it throws away, because the state keeps the first ones.
   */
  readonly knownValues?: pulumi.Input<Readonly<Record<string, Readonly<Record<string, string>>>>>
  /** ListOrder of lists that were adopted in an order of their own, as in {@link AppRegistration.outputs}. Default: none. */
  readonly listOrder?: ListOrder
  /**
   * The last deployment's {@link AppRegistration.outputs}, by which what is only called otherwise now keeps its object.
   * Default: none; what Entra allows once is then refused under a new name until the old one is gone.
   */
  readonly former?: FormerFacts
  /** For applications that refer to each other, as `registerApps` makes them. Default: this one stands alone. */
  readonly stack?: StackContext
}

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
    super('entra-apps:index:AppRegistration', name, {}, withFormerNames(args.formerly, options))
    const { generations, knownValues = {}, former, stack, listOrder = {}, ...input } = args
    const { read = projectReader(process.cwd()), env = process.env } = stack ?? {}
    const app = stack?.stackApps.apps[name] ?? checked(name, input, { read, env }, this)
    const {
      apis = new ApiDirectory({ parent: this }),
      principals = new PrincipalDirectory({ parent: this }),
      stackApps = new StackApps({ [name]: app }),
    } = stack ?? {}
    const ids = exposedIds(name, app)
    const grants = resolveApis(app, apis, stackApps, former)
    const consented = resolveApis(
      { ...app, permissions: consentOf(app), consent: 'grant' },
      apis,
      stackApps,
      former,
    )
    const deployer = azuread.getClientConfigOutput({ parent: this })
    const issued =
      generations ?? advanceLedger({}, policiesOf({ [name]: app }), [], new Date()).ledger[name] ?? {}

    const owners = findOwners(app, deployer.objectId, principals, stackApps)
    const parts = { ids, grants, owners: owners.application, listOrder }
    const application = this.#createApplication(name, app, parts, { stackApps, read })
    const servicePrincipal = this.#createServicePrincipal(name, app, application, owners.servicePrincipal)
    // Roles and scopes are in place once the application is as declared, not as soon as its service principal exists.
    const readyServicePrincipal = pulumi
      .all([application.objectId, servicePrincipal.objectId])
      .apply(([, objectId]) => objectId)
    stackApps.announce(name, { clientId: application.clientId, servicePrincipalId: readyServicePrincipal })

    const identifierUris = addIdentifierUris(name, app, application, deployer.tenantId, former, this)
    preAuthorize(name, app, application, ids, stackApps, this)
    const assignments = assign(name, app, ids, readyServicePrincipal, principals, former, this)
    grantConsent(name, consented, servicePrincipal, this)
    trustIssuers(name, app, application, former, this)
    const given = addCertificates(name, app, application, { read, env }, this)
    const secrets = issueSecrets(name, app, issued, application, this)
    const issuing = { name, app, application, parent: this }
    const certificates = issueCertificates({
      ...issuing,
      generations: issued,
      known: pulumi.output(knownValues),
    })
    const rotated = { ...certificates, ...secrets }

    this.nodes = { application, servicePrincipal }
    this.clientId = application.clientId
    this.objectId = application.objectId
    this.servicePrincipalId = servicePrincipal.objectId
    this.secretValues = pulumi.secret(pulumi.output(mapValues(rotated, valuesByGeneration)))
    this.generations = pulumi.output(mapValues(rotated, (all) => all.map(recordGeneration)))
    const { clientId, objectId, servicePrincipalId } = this
    const objects = { tenantId: deployer.tenantId, clientId, objectId, servicePrincipalId }
    this.outputs = describe(
      app,
      {
        ...objects,
        grants,
        ...(app.consented && { consented }),
        secrets,
        certificates,
        given,
        ids,
        stackApps,
        owners: owners.declared,
        ownerIds: pulumi.output({
          application: owners.application,
          servicePrincipal: owners.servicePrincipal,
        }),
        identifierUris,
        assignments,
        listOrder,
      },
      former,
    )
    this.registerOutputs({ clientId: this.clientId, objectId: this.objectId, outputs: this.outputs })
  }

  /**
   * The value that consumers use now, as a Pulumi secret: of a certificate that is made here, key and certificate as PEM.
   *
   * @throws RangeError when no such secret is declared
   */
  currentSecret(secret: string): pulumi.Output<string> {
    return pulumi.all([this.generations, this.secretValues]).apply(([generations, values]) => {
      const current = currentOf(generations[secret] ?? [])
      const value = current && values[secret]?.[current.generation]
      if (value === undefined) throw new RangeError(`The application declares no secret "${secret}"`)
      return value
    })
  }

  #createApplication(
    name: string,
    app: AppDeclaration,
    { ids, grants, owners, listOrder }: ApplicationParts,
    { stackApps, read }: Pick<StackContext, 'stackApps' | 'read'>,
  ) {
    const api = planApi(app, ids)
    const knownClients = app.knownClients.map((client) => stackApps.clientIdOf(client))
    return new azuread.Application(
      name,
      {
        ...planApplication(app, ids, listOrder),
        ...((api || knownClients.length > 0) && {
          api: { ...api, ...(knownClients.length > 0 && { knownClientApplications: knownClients }) },
        }),
        ...given('logoImage', logoOf(app, read)),
        owners,
        requiredResourceAccesses: requiredResourceAccesses(grants, listOrder),
      },
      // Each identifier URI is a resource of its own, since `api://{clientId}` needs this one first.
      { parent: this, ignoreChanges: ['identifierUris'] },
    )
  }

  #createServicePrincipal(
    name: string,
    app: AppDeclaration,
    application: azuread.Application,
    owners: pulumi.Input<string[]>,
  ) {
    return new azuread.ServicePrincipal(
      name,
      { ...planServicePrincipal(app), clientId: application.clientId, owners },
      { parent: this },
    )
  }
}

/** What the application object is made of beside the declaration itself. */
interface ApplicationParts {
  readonly ids: ExposedIds
  readonly grants: readonly ApiGrant[]
  readonly owners: pulumi.Input<string[]>
  readonly listOrder: ListOrder
}

/** An application keeps its resources when it is renamed: they are found under each former name. */
function withFormerNames(
  formerly: readonly string[] = [],
  options: pulumi.ComponentResourceOptions,
): pulumi.ComponentResourceOptions {
  if (formerly.length === 0) return options
  return { ...options, aliases: [...(options.aliases ?? []), ...formerly.map((name) => ({ name }))] }
}

function logoOf({ logo }: AppDeclaration, read: StackContext['read']): string | undefined {
  const image = logo === undefined ? undefined : read(logo)
  return image && Buffer.from(image).toString('base64')
}

function checked(
  name: string,
  input: AppDeclarationInput,
  sources: Pick<StackContext, 'read' | 'env'>,
  resource: pulumi.Resource,
): AppDeclaration {
  const result = readAppDeclaration(name, input, sources)
  for (const warning of result.warnings) void pulumi.log.warn(renderProblem(warning).trimStart(), resource)
  if (!result.ok) throw new DeclarationError(result.problems, `the arguments of AppRegistration "${name}"`)
  return result.value
}
