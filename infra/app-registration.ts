import * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import { ApiDirectory } from './apis.ts'
import type { AppDeclaration, AppDeclarationInput } from './declaration.ts'
import { currentOf, type Generation, hasConsumers, isLive } from './generation.ts'
import type { AppOutputs, GenerationOutputs } from './outputs.ts'
import { type Api, type ApiPermissions, appRoleId, checkPermissions, resourceAccess } from './permissions.ts'
import { DeclarationError } from './problems.ts'
import { readAppDeclaration } from './reading.ts'
import { mapValues } from './records.ts'
import { advanceLedger } from './rotation.ts'
import { policiesOf } from './rotation-policy.ts'

export interface AppRegistrationArgs extends AppDeclarationInput {
  /**
   * Generations of each secret, by secret name. Default: a first generation for each declared secret, issued now.
   * Pass what {@link advanceLedger} makes of the last deployment's {@link AppRegistration.generations} to rotate.
   */
  readonly generations?: Readonly<Record<string, readonly Generation[]>>
  /** Shared look-up of APIs, so that many applications ask the tenant once. Default: one of its own. */
  readonly apis?: ApiDirectory
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
  /** Secret values by secret name and generation. */
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
  constructor(name: string, args: AppRegistrationArgs, options?: pulumi.ComponentResourceOptions) {
    super('entra-apps:index:AppRegistration', name, {}, options)
    const { generations, apis = new ApiDirectory({ parent: this }), ...input } = args
    const app = checked(name, input)
    const grants = resolveApis(app, apis)
    const deployer = azuread.getClientConfigOutput({ parent: this })
    const issued =
      generations ?? advanceLedger({}, policiesOf({ [name]: app }), [], new Date()).ledger[name] ?? {}

    const application = this.#createApplication(name, app, grants, deployer.objectId)
    const servicePrincipal = this.#createServicePrincipal(name, application, deployer.objectId)
    if (app.consent === 'grant') this.#grantConsent(name, grants, servicePrincipal)
    const secrets = this.#issueSecrets(name, app, issued, application)

    this.nodes = { application, servicePrincipal }
    this.clientId = application.clientId
    this.objectId = application.objectId
    this.servicePrincipalId = servicePrincipal.objectId
    this.secretValues = pulumi.secret(pulumi.output(mapValues(secrets, valuesByGeneration)))
    this.generations = pulumi.output(mapValues(secrets, (all) => all.map(recordGeneration)))
    this.outputs = describe(app, this, deployer.tenantId, grants, secrets)
    this.registerOutputs({ clientId: this.clientId, objectId: this.objectId, outputs: this.outputs })
  }

  /**
   * The value that consumers use now, as a Pulumi secret.
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
    grants: readonly ApiGrant[],
    deployer: pulumi.Input<string>,
  ) {
    const { web, spa, publicClient } = app.redirectUris
    return new azuread.Application(
      name,
      {
        displayName: app.displayName,
        signInAudience: app.signInAudience,
        owners: [deployer],
        ...(web.length > 0 && { web: { redirectUris: [...web] } }),
        ...(spa.length > 0 && { singlePageApplication: { redirectUris: [...spa] } }),
        ...(publicClient.length > 0 && { publicClient: { redirectUris: [...publicClient] } }),
        requiredResourceAccesses: pulumi.output(grants.map(requiredAccess)).apply(sortByAppId),
        ...(PERSONAL_AUDIENCES.has(app.signInAudience) && { api: { requestedAccessTokenVersion: 2 } }),
      },
      { parent: this },
    )
  }

  #createServicePrincipal(name: string, application: azuread.Application, deployer: pulumi.Input<string>) {
    return new azuread.ServicePrincipal(
      name,
      { clientId: application.clientId, owners: [deployer] },
      { parent: this },
    )
  }

  /** Consent is an app role assignment for each application permission, and one delegated grant for each API. */
  #grantConsent(name: string, grants: readonly ApiGrant[], servicePrincipal: azuread.ServicePrincipal) {
    for (const { apiName, api, permissions } of grants) {
      for (const permission of permissions.application) {
        new azuread.AppRoleAssignment(
          `${name}-${slug(apiName)}-${permission}`,
          {
            appRoleId: api.apply((found) => appRoleId(found, permission)),
            principalObjectId: servicePrincipal.objectId,
            resourceObjectId: api.servicePrincipalId,
          },
          { parent: this },
        )
      }
      if (permissions.delegated.length === 0) continue
      new azuread.ServicePrincipalDelegatedPermissionGrant(
        `${name}-${slug(apiName)}-delegated`,
        {
          servicePrincipalObjectId: servicePrincipal.objectId,
          resourceServicePrincipalObjectId: api.servicePrincipalId,
          claimValues: [...permissions.delegated].sort(),
        },
        { parent: this },
      )
    }
  }

  /** Each live generation is a resource of its own, so that issuing one never replaces another. */
  #issueSecrets(
    name: string,
    app: AppDeclaration,
    generations: Readonly<Record<string, readonly Generation[]>>,
    application: azuread.Application,
  ): Record<string, SecretGeneration[]> {
    return mapValues(app.secrets, (secret, secretName) =>
      (generations[secretName] ?? []).map((generation) => {
        if (!isLive(generation)) return { generation }
        const password = new azuread.ApplicationPassword(
          `${name}-${secretName}-g${generation.generation}`,
          {
            applicationId: application.id,
            displayName: `${secret.displayName} g${generation.generation}`,
            // Always computed here: the provider accepts `endDateRelative` and silently ignores it.
            endDate: generation.endDate,
          },
          {
            parent: this,
            // A date that differs from the issued one must never replace a secret that consumers hold.
            ignoreChanges: ['endDate', 'displayName'],
            protect: hasConsumers(generation),
          },
        )
        return { generation, password }
      }),
    )
  }
}

/** What one API is asked for, with the API itself still being looked up. */
interface ApiGrant {
  readonly apiName: string
  readonly api: pulumi.Output<Api>
  readonly permissions: ApiPermissions
}

interface SecretGeneration {
  readonly generation: Generation
  /** Left out once it is retired. */
  readonly password?: azuread.ApplicationPassword
}

/** Personal accounts are served by v2.0 tokens only ("Validation differences by supported account types"). */
const PERSONAL_AUDIENCES = new Set(['AzureADandPersonalMicrosoftAccount', 'PersonalMicrosoftAccount'])

function checked(name: string, input: AppDeclarationInput): AppDeclaration {
  const result = readAppDeclaration(name, input)
  if (!result.ok) throw new DeclarationError(result.problems, `the arguments of AppRegistration "${name}"`)
  return result.value
}

function resolveApis(app: AppDeclaration, apis: ApiDirectory): ApiGrant[] {
  return Object.entries(app.permissions).map(([apiName, permissions]) => {
    const api = pulumi.output(apis.find(apiName)).apply((found) => {
      const problems = checkPermissions(found, permissions)
      if (problems.length > 0) throw new DeclarationError(problems, `the permissions of "${app.displayName}"`)
      return found
    })
    return { apiName, api, permissions }
  })
}

function requiredAccess({ api, permissions }: ApiGrant) {
  return api.apply((found) => ({
    resourceAppId: found.appId,
    resourceAccesses: resourceAccess(found, permissions),
  }))
}

function sortByAppId<T extends { resourceAppId: string }>(accesses: T[]): T[] {
  return [...accesses].sort((a, b) => a.resourceAppId.localeCompare(b.resourceAppId))
}

function describe(
  app: AppDeclaration,
  registration: AppRegistration,
  tenantId: pulumi.Input<string>,
  grants: readonly ApiGrant[],
  secrets: Record<string, SecretGeneration[]>,
): pulumi.Output<AppOutputs> {
  return pulumi.output({
    displayName: app.displayName,
    tenantId,
    clientId: registration.clientId,
    objectId: registration.objectId,
    servicePrincipalId: registration.servicePrincipalId,
    consent: app.consent,
    redirectUris: app.redirectUris,
    permissions: Object.fromEntries(
      grants.map(({ apiName, api, permissions }) => [apiName, { appId: api.appId, ...permissions }]),
    ),
    secrets: mapValues(secrets, (generations) => generations.flatMap(describeGeneration)),
    probes: [...app.verify, ...app.verifyWrites],
  }) as pulumi.Output<AppOutputs>
}

function describeGeneration({ generation, password }: SecretGeneration): pulumi.Output<GenerationOutputs>[] {
  if (!password) return []
  const { keyId, displayName, endDate } = password
  return [
    pulumi.output({
      generation: generation.generation,
      phase: generation.phase,
      keyId,
      displayName,
      endDate,
    }) as pulumi.Output<GenerationOutputs>,
  ]
}

/** What the ledger keeps: the key id and the end that the tenant gave it, rather than what was asked for. */
function recordGeneration({ generation, password }: SecretGeneration): pulumi.Output<Generation> {
  if (!password) return pulumi.output(generation)
  const { keyId, endDate } = password
  return pulumi.output({ ...generation, keyId, endDate })
}

function valuesByGeneration(generations: readonly SecretGeneration[]): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    generations.flatMap(({ generation, password }) =>
      password ? [[generation.generation, password.value]] : [],
    ),
  )
}

/** `Microsoft Graph` → `microsoft-graph`, for resource names. */
function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-')
}
