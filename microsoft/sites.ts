/** What an application may be granted on one site, each with all before it ("Create permission on a site"). */
export const SITE_ROLES = ['read', 'write', 'manage', 'fullcontrol'] as const

export type SiteRole = (typeof SITE_ROLES)[number]

/** Application permissions that reach nothing but what a site grants ("Overview of Selected permissions in OneDrive and SharePoint"). */
export const SELECTED_PERMISSION = 'Sites.Selected'

/** Application permissions that reach every site, whatever it grants. */
export const WHOLE_SITES: readonly string[] = [
  'Sites.Read.All',
  'Sites.ReadWrite.All',
  'Sites.Manage.All',
  'Sites.FullControl.All',
]

/** The address of a site in Graph, below `/sites/`: `contoso.sharepoint.com:/sites/finance` ("Get a site resource"). */
export function siteAddress(url: string): string {
  const { hostname, pathname } = new URL(url)
  const path = pathname.replace(/\/+$/, '')
  return path === '' ? hostname : `${hostname}:${path}`
}
