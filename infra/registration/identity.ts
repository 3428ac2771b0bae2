import * as pulumi from '@pulumi/pulumi'
import type { IdentityOutputs } from '../contract/outputs.ts'
import type { DeclaredIdentity } from '../declaration/identity.ts'
import { withFormerNames } from './aliases.ts'
import { grantConsent, resolveApis } from './consent.ts'
import type { StackContext } from './context.ts'
import { permissionsOf } from './describe.ts'
import { assignDirectoryRoles, roleIdsByName } from './directory-roles.ts'
import type { FormerFacts } from './former-names.ts'
import { grantSites } from './sites.ts'

export interface IdentityArgs extends Pick<DeclaredIdentity, 'reference' | 'app'> {
  readonly stack: Pick<StackContext, 'apis' | 'principals' | 'stackApps' | 'cloud'>
  /** What the last deployment recorded. */
  readonly former?: FormerFacts | undefined
}

/**
 * What an identity without a registration is granted, such as the managed identity of an Azure resource. The identity
 * itself belongs to whoever made it: only its grants are resources, and removing it removes those alone.
 */
export class Identity extends pulumi.ComponentResource {
  readonly outputs: pulumi.Output<IdentityOutputs>

  constructor(name: string, args: IdentityArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { reference, app, stack, former } = args
    super('entra-apps:index:Identity', name, {}, withFormerNames(app.formerly, options))
    const context = { ...stack, name, app, former, parent: this }
    const found = pulumi.output(stack.principals.identity(reference))
    const grants = resolveApis(context, app)
    grantConsent(context, grants, found)
    assignDirectoryRoles(context, found.objectId)
    const { tenantId } = stack.principals.deployer
    grantSites(context, { clientId: found.clientId, displayName: found.displayName, tenantId })
    this.outputs = pulumi.output({
      displayName: found.displayName,
      tenantId,
      clientId: found.clientId,
      servicePrincipalId: found.objectId,
      isUserAssigned: found.isUserAssigned,
      consent: app.consent,
      permissions: permissionsOf(grants),
      ...(app.directoryRoles.length > 0 && { directoryRoles: roleIdsByName(app.directoryRoles) }),
      ...(Object.keys(app.sites).length > 0 && { sites: app.sites }),
      probes: app.verify,
    }) as pulumi.Output<IdentityOutputs>
    // By it `up` knows from which side to look for grants that exist already.
    this.registerOutputs({ objectId: found.objectId })
  }
}
