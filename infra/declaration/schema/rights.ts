import { z } from 'zod'
import { SITE_ROLES } from '../../../microsoft/sites.ts'

const names = z.array(z.string().min(1)).default([])

const permissions = z.strictObject({
  application: names.describe(
    'App roles, granted to the application itself; an id stands for one without a name',
  ),
  delegated: names.describe(
    'Scopes, used on behalf of a signed-in user; an id stands for one without a name',
  ),
})

/** What is asked of each API, or granted. */
export const permissionsByApi = z
  .record(z.string().min(1), permissions)
  .describe(
    'Permissions by API: its display name, its app id, or the name of another application of this stack',
  )

/** Directory roles that are assigned over the whole directory. */
export const directoryRoles = z
  .array(z.string().min(1))
  .describe(
    'Directory roles that the deployer assigns over the whole directory: the display name of a built-in role, or an id',
  )

/** Address of a SharePoint site. */
export const siteUrl = z
  .string()
  .regex(
    /^https:\/\/[a-z0-9.-]+(\/[^/?#\s]+)*$/i,
    'a site is its address without a slash in the end, such as "https://contoso.sharepoint.com/sites/finance"',
  )

/** Roles on chosen SharePoint sites. */
export const sites = z
  .record(siteUrl, z.enum(SITE_ROLES))
  .describe(
    'Roles that the deployer grants on SharePoint sites, by address; they count with Sites.Selected among the permissions',
  )

/** A Graph call that reads. */
export const probe = z
  .string()
  .regex(/^GET \/\S+$/, 'a probe is a read such as "GET /users?$top=1", with a path below /v1.0')

/** A Graph call that writes. */
export const writingProbe = z
  .string()
  .regex(
    /^(POST|PATCH|PUT|DELETE) \/\S*( .+)?$/s,
    'a probe that writes is a method, a path below /v1.0, and perhaps a JSON body: "POST /groups {…}"',
  )
  .refine(hasJsonBody, 'what follows the path must be JSON')

function hasJsonBody(probe: string): boolean {
  const body = /^\S+ \S+ (.+)$/s.exec(probe)?.[1]
  if (body === undefined) return true
  try {
    JSON.parse(body)
    return true
  } catch {
    return false
  }
}
