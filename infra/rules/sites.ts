import { MICROSOFT_GRAPH_APP_ID } from '../../microsoft/apis.ts'
import { SELECTED_PERMISSION, WHOLE_SITES } from '../../microsoft/sites.ts'
import { appIdOf, SHAREPOINT_APP_ID } from '../../microsoft/well-known-apis.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import type { Rule } from './rule.ts'

const SELECTED = 'Overview of Selected permissions in OneDrive and SharePoint'

/** Names of application permissions of Graph and of SharePoint's own API, which have the same ones for sites. */
function permissionsForSites({ permissions, consented = {} }: AppDeclaration): string[] {
  return [permissions, consented].flatMap((apis) =>
    Object.entries(apis).flatMap(([api, { application }]) =>
      [MICROSOFT_GRAPH_APP_ID, SHAREPOINT_APP_ID].includes(appIdOf(api) ?? '') ? application : [],
    ),
  )
}

/** Rules about roles on chosen sites. */
export const siteRules: readonly Rule[] = [
  {
    code: 'EA617',
    name: 'sites-selected',
    severity: 'error',
    needsWhole: 'application',
    summary: `Roles on sites come with the application permission ${SELECTED_PERMISSION}.`,
    fix: `ask for it: permissions: { Microsoft Graph: { application: [${SELECTED_PERMISSION}] } }`,
    source: SELECTED,
    check: (app) =>
      Object.keys(app.sites).length > 0 && !permissionsForSites(app).some((name) => /Selected/.test(name))
        ? [{ path: ['sites'], message: `without ${SELECTED_PERMISSION} no token reaches the sites` }]
        : [],
  },
  {
    code: 'EA618',
    name: 'sites-bounded',
    severity: 'warning',
    summary: 'An application with roles on chosen sites has no permission that reaches every site.',
    fix: 'remove the permission; the roles on the sites are enough',
    source: SELECTED,
    check: (app) => {
      const wide = permissionsForSites(app).filter((name) => WHOLE_SITES.includes(name))
      if (Object.keys(app.sites).length === 0 || wide.length === 0) return []
      return [{ path: ['sites'], message: `with ${wide.join(', ')} it reaches every site already` }]
    },
  },
]
