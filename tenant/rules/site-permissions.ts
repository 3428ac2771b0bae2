import type { Directory } from '../directory/directory.ts'
import { badRequest } from '../errors/graph-error.ts'
import type { Draft } from '../model/body.ts'
import { sitePermissions } from '../model/site-permissions.ts'
import type { GraphRequest } from '../request/graph-request.ts'
import { isObject, objects } from '../store/entity.ts'
import { plainRules } from './plain.ts'
import type { Made, Rules } from './rules.ts'

/**
 * Microsoft Graph: Create permission on a site. The id follows from the application, so that granting again replaces
 * what was granted before.
 */
export const sitePermissionRules: Rules = {
  ...plainRules(sitePermissions),
  create(draft: Draft, { directory }: GraphRequest): Made {
    const { grantedToIdentities, grantedToIdentitiesV2, siteId } = draft.data
    const identities = [...objects(grantedToIdentities), ...objects(grantedToIdentitiesV2)]
    const [application, ...others] = identities.map((each) => each['application'])
    if (!isObject(application) || others.length > 0) {
      throw badRequest("'grantedToIdentities' must name exactly one application.")
    }
    const granted = [{ application }]
    const applicationId = String(application['id']).toLowerCase()
    return {
      id: permissionId(directory, applicationId, String(siteId)),
      data: { ...draft.data, applicationId, grantedToIdentities: granted, grantedToIdentitiesV2: granted },
    }
  },
}

/** SharePoint's name for an application of the tenant, in base64url; the site makes it unlike the same on others. */
function permissionId(directory: Directory, applicationId: string, siteId: string): string {
  return Buffer.from(`i:0i.t|ms.sp.ext|${applicationId}@${directory.tenantId}|${siteId}`).toString(
    'base64url',
  )
}
