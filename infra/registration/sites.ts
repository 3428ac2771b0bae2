import * as pulumi from '@pulumi/pulumi'
import type { Cloud } from '../../microsoft/clouds.ts'
import type { SiteRole } from '../../microsoft/sites.ts'
import { resourceName } from './names.ts'

interface SitePermissionArgs {
  readonly siteUrl: string
  readonly clientId: pulumi.Input<string>
  /** Shown on the site. */
  readonly displayName: pulumi.Input<string>
  readonly role: SiteRole
  readonly tenantId: pulumi.Input<string>
  readonly cloud?: Cloud
}

/** A role of an application on one SharePoint site, by the provider of this package (scripts/provider). */
export class SitePermission extends pulumi.CustomResource {
  constructor(name: string, args: SitePermissionArgs, options: pulumi.CustomResourceOptions) {
    super('entra-apps:index:SitePermission', name, { ...args }, options)
  }
}

interface SiteContext {
  readonly name: string
  readonly app: { readonly sites: Readonly<Record<string, SiteRole>> }
  readonly cloud: Cloud
  readonly parent: pulumi.Resource
}

/**
 * Grants roles on chosen sites.
 *
 * @param holder ids known once the service principal exists: SharePoint asks the directory for it
 */
export function grantSites(
  { name, app, cloud, parent }: SiteContext,
  holder: Pick<SitePermissionArgs, 'clientId' | 'displayName' | 'tenantId'>,
): void {
  for (const [siteUrl, role] of Object.entries(app.sites)) {
    const args = { ...holder, siteUrl, role, ...(cloud !== 'public' && { cloud }) }
    new SitePermission(resourceName.site(name, siteUrl), args, { parent })
  }
}
