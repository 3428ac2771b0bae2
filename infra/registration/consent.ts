import * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import type { ApiDirectory } from '../apis.ts'
import type { AppDeclaration } from '../declaration.ts'
import { type Api, type ApiPermissions, appRoleId, checkPermissions, resourceAccess } from '../permissions.ts'
import { DeclarationError } from '../problems.ts'
import { nameWithAliases, resourceName } from './names.ts'
import { accessList, type Orders } from './orders.ts'
import type { Peers } from './peers.ts'

/** What one API is asked for, with the API itself still being looked up. */
export interface ApiGrant {
  readonly apiName: string
  readonly api: pulumi.Output<Api>
  readonly permissions: ApiPermissions
  /** Names under which the declaration had the API before. */
  readonly formerNames: readonly string[]
}

/** Finds the APIs of an application's permissions: in the stack, else in the tenant. */
export function resolveApis(app: AppDeclaration, apis: ApiDirectory, peers: Peers): ApiGrant[] {
  return Object.entries(app.permissions).flatMap(([apiName, permissions]) => {
    if (permissions.application.length + permissions.delegated.length === 0) return []
    const [, ...formerNames] = peers.namesOf(apiName)
    if (peers.has(apiName)) return [{ apiName, api: peers.api(apiName), permissions, formerNames }]
    const api = pulumi.output(apis.findFor(apiName, app)).apply((found) => {
      const problems = checkPermissions(found, permissions)
      if (problems.length > 0) throw new DeclarationError(problems, `the permissions of "${app.displayName}"`)
      return found
    })
    return [{ apiName, api, permissions, formerNames }]
  })
}

/** The permissions as the application object declares them, in an order of their own or the one they were adopted in. */
export function requiredResourceAccesses(grants: readonly ApiGrant[], orders: Orders = {}) {
  const accesses = grants.map(({ api, permissions }) =>
    api.apply((found) => ({
      resourceAppId: found.appId,
      resourceAccesses: resourceAccess(found, permissions, orders[accessList(found.appId)]),
    })),
  )
  return pulumi
    .output(accesses)
    .apply((all) => [...all].sort((a, b) => a.resourceAppId.localeCompare(b.resourceAppId)))
}

/** Consent is an app role assignment for each application permission, and one delegated grant for each API. */
export function grantConsent(
  name: string,
  grants: readonly ApiGrant[],
  servicePrincipal: azuread.ServicePrincipal,
  parent: pulumi.Resource,
): void {
  for (const { apiName, api, permissions, formerNames } of grants) {
    const named = (nameFor: (api: string) => string) => nameWithAliases([apiName, ...formerNames], nameFor)
    for (const permission of permissions.application) {
      const [assignment, aliases] = named((each) => resourceName.appRole(name, each, permission))
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
    const [grant, aliases] = named((each) => resourceName.delegated(name, each))
    new azuread.ServicePrincipalDelegatedPermissionGrant(
      grant,
      {
        servicePrincipalObjectId: servicePrincipal.objectId,
        resourceServicePrincipalObjectId: api.servicePrincipalId,
        claimValues: [...permissions.delegated].sort(),
      },
      { parent, ...aliases },
    )
  }
}
