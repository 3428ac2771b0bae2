import * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import { exposedIds } from '../declaration/derived-ids.ts'
import { type ApiPermissions, namedPermissions } from '../declaration/permission-references.ts'
import { DeclarationError } from '../declaration/problems.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { nameWithAliases } from './aliases.ts'
import type { RegistrationContext } from './context.ts'
import { formerApi, formerRole } from './former-names.ts'
import { accessList, type ListOrder } from './list-order.ts'
import { resourceName } from './names.ts'
import {
  type Api,
  appRoleId,
  type ConsentSettings,
  checkPermissions,
  consentOf,
  publishedBy,
  resourceAccess,
} from './permissions.ts'

/** What one API is asked for, with the API itself still being looked up. */
export interface ApiGrant {
  readonly apiName: string
  readonly api: pulumi.Output<Api>
  /** As declared, by which the resources are named. */
  readonly permissions: ApiPermissions
  /** The same by the names that the API publishes, as grants and tokens have them. */
  readonly named: pulumi.Output<ApiPermissions>
  /** Names under which the declaration had the API before. */
  readonly formerNames: readonly pulumi.Input<string>[]
  /** Values that its app roles had before, by the present one. */
  readonly formerRoles: Readonly<Record<string, string>>
}

type ApiContext = Pick<RegistrationContext, 'apis' | 'stackApps' | 'former'>

type Asking = ConsentSettings & Pick<AppDeclaration, 'displayName'>

/**
 * Finds the APIs of an application's permissions: in the stack, else in the tenant.
 *
 * @param asking the application, or what it is granted, said as if that were all it asks for
 */
export function resolveApis(context: ApiContext, asking: Asking): ApiGrant[] {
  return Object.entries(asking.permissions).flatMap(([apiName, permissions]) => {
    if (permissions.application.length + permissions.delegated.length === 0) return []
    return context.stackApps.has(apiName)
      ? [ownApi(apiName, permissions, context)]
      : [foreignApi(apiName, asking, context)]
  })
}

function ownApi(
  apiName: string,
  permissions: ApiPermissions,
  { stackApps, former: facts }: ApiContext,
): ApiGrant {
  const formerNames = stackApps.formerNamesOf(apiName)
  const { appRoles } = exposedIds(apiName, stackApps.apps[apiName] as AppDeclaration)
  const roles = permissions.application.flatMap((value) => {
    const former = formerRole([apiName, ...formerNames], appRoles[value], facts)
    return former === undefined || permissions.application.includes(former) ? [] : [[value, former] as const]
  })
  const api = stackApps.api(apiName)
  return {
    apiName,
    api,
    permissions,
    named: api.apply((found) => namedPermissions(permissions, publishedBy(found))),
    formerNames,
    formerRoles: Object.fromEntries(roles),
  }
}

function foreignApi(apiName: string, app: Asking, { apis, former: facts }: ApiContext): ApiGrant {
  const permissions = app.permissions[apiName] as ApiPermissions
  const api = pulumi.output(apis.findFor(apiName, app)).apply((found) => {
    const problems = checkPermissions(found, permissions, consentOf(app)[apiName] !== undefined)
    if (problems.length > 0) throw new DeclarationError(problems, `the permissions of "${app.displayName}"`)
    return found
  })
  const formerName = api.apply(({ appId }) => formerApi(app, appId, facts) ?? apiName)
  const named = api.apply((found) => namedPermissions(permissions, publishedBy(found)))
  return { apiName, api, permissions, named, formerNames: facts ? [formerName] : [], formerRoles: {} }
}

/** The permissions as the application object declares them, in an order of their own or the one they were adopted in. */
export function requiredResourceAccesses(grants: readonly ApiGrant[], listOrder: ListOrder = {}) {
  const accesses = grants.map(({ api, permissions }) =>
    api.apply((found) => ({
      resourceAppId: found.appId,
      resourceAccesses: resourceAccess(found, permissions, listOrder[accessList(found.appId)]),
    })),
  )
  return pulumi
    .output(accesses)
    .apply((all) => [...all].sort((a, b) => a.resourceAppId.localeCompare(b.resourceAppId)))
}

/** Consent is an app role assignment for each application permission, and one delegated grant for each API. */
export function grantConsent(
  { name, parent }: Pick<RegistrationContext, 'name' | 'parent'>,
  grants: readonly ApiGrant[],
  servicePrincipal: { readonly objectId: pulumi.Input<string> },
): void {
  for (const { apiName, api, permissions, named, formerNames, formerRoles } of grants) {
    for (const permission of permissions.application) {
      const former = formerRoles[permission]
      const names = [...(former === undefined ? [] : [apiName]), ...formerNames].map((each) =>
        pulumi.output(each).apply((known) => [known, former ?? permission] as const),
      )
      const [assignment, aliases] = nameWithAliases<readonly [api: string, role: string]>(
        [apiName, permission],
        names,
        ([known, role]) => resourceName.appRole(name, known, role),
      )
      new azuread.AppRoleAssignment(
        assignment,
        {
          appRoleId: api.apply((found) => appRoleId(found, permission)),
          principalObjectId: servicePrincipal.objectId,
          resourceObjectId: api.servicePrincipalId,
        },
        { parent, ...aliases },
      )
    }
    if (permissions.delegated.length === 0) continue
    const [grant, aliases] = nameWithAliases(apiName, formerNames, (each) =>
      resourceName.delegated(name, each),
    )
    new azuread.ServicePrincipalDelegatedPermissionGrant(
      grant,
      {
        servicePrincipalObjectId: servicePrincipal.objectId,
        resourceServicePrincipalObjectId: api.servicePrincipalId,
        claimValues: named.apply(({ delegated }) => [...delegated].sort()),
      },
      { parent, ...aliases },
    )
  }
}
