import { isGuid } from './guid.ts'

/** App id of SharePoint's own API. */
export const SHAREPOINT_APP_ID = '00000003-0000-0ff1-ce00-000000000000'

/** Tenants that Microsoft registers its own applications in ("Verify first-party Microsoft applications in sign-in reports"). */
export const MICROSOFT_TENANT_IDS: readonly string[] = [
  'f8cdef31-a31e-4b4a-93e4-5f571e91255a',
  '72f988bf-86f1-41af-91ab-2d7cd011db47',
]

/**
 * App ids of the Microsoft APIs people name most ("Application IDs of commonly used Microsoft applications").
 * Any other API is found by its display name in the tenant, or given by its app id.
 */
export const WELL_KNOWN_APP_IDS: Readonly<Record<string, string>> = {
  'Microsoft Graph': '00000003-0000-0000-c000-000000000000',
  'Azure DevOps': '499b84ac-1321-427f-aa17-267ca6975798',
  'Azure Key Vault': 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093',
  'Azure Service Management': '797f4846-ba00-4fd7-ba43-dac1f8f63013',
  'Azure SQL Database': '022907d3-0f1b-48f7-badc-1ba6abab6d66',
  'Azure Storage': 'e406a681-f3d4-42a8-90b6-c2b029497af1',
  'Dynamics 365 Business Central': '996def3d-b36c-4153-8607-a6fd3c01b89f',
  'Dynamics CRM': '00000007-0000-0000-c000-000000000000',
  'Log Analytics API': 'ca7f3f0b-7d91-482c-8e09-c5d840d0eac5',
  'Microsoft Intune API': 'c161e42e-d4df-4a3d-9b42-e7a3c31f59d4',
  'Office 365 Exchange Online': '00000002-0000-0ff1-ce00-000000000000',
  'Office 365 Management APIs': 'c5393580-f805-4401-95e8-94b7a6ef2fc2',
  'Office 365 SharePoint Online': SHAREPOINT_APP_ID,
  'Power BI Service': '00000009-0000-0000-c000-000000000000',
}

/** Other names of the same: what the portal, scripts and set-up pages call them, and their identifier URIs. */
const ALIASES: Readonly<Record<string, string>> = {
  graph: 'Microsoft Graph',
  'graph api': 'Microsoft Graph',
  'microsoft graph api': 'Microsoft Graph',
  'https://graph.microsoft.com': 'Microsoft Graph',
  'azure devops services': 'Azure DevOps',
  'key vault': 'Azure Key Vault',
  'https://vault.azure.net': 'Azure Key Vault',
  'azure resource manager': 'Azure Service Management',
  'windows azure service management api': 'Azure Service Management',
  'https://management.azure.com': 'Azure Service Management',
  'https://management.core.windows.net': 'Azure Service Management',
  'https://database.windows.net': 'Azure SQL Database',
  'https://storage.azure.com': 'Azure Storage',
  'business central': 'Dynamics 365 Business Central',
  'https://api.businesscentral.dynamics.com': 'Dynamics 365 Business Central',
  'common data service': 'Dynamics CRM',
  dataverse: 'Dynamics CRM',
  exchange: 'Office 365 Exchange Online',
  'exchange online': 'Office 365 Exchange Online',
  'https://outlook.office365.com': 'Office 365 Exchange Online',
  'https://outlook.office.com': 'Office 365 Exchange Online',
  'https://manage.office.com': 'Office 365 Management APIs',
  sharepoint: 'Office 365 SharePoint Online',
  'sharepoint online': 'Office 365 SharePoint Online',
  'power bi': 'Power BI Service',
  'https://analysis.windows.net/powerbi/api': 'Power BI Service',
}

const BY_LOWER_CASE = new Map(
  Object.entries(WELL_KNOWN_APP_IDS).flatMap(([name, appId]) => [
    [name.toLowerCase(), name],
    [appId, name],
  ]),
)

/**
 * The one name of an API, whatever it is called: a well-known one by its display name, for any of its names, its
 * identifier URIs or its app id; another app id in lower case; any other name as it is.
 */
export function canonicalApiName(name: string): string {
  const key = name.trim().toLowerCase().replace(/\/$/, '')
  return BY_LOWER_CASE.get(key) ?? ALIASES[key] ?? (isGuid(key) ? key : name)
}

/** App id of an API, by any of the names of a well-known one or by itself; `undefined` for other names. */
export function appIdOf(name: string): string | undefined {
  const canonical = canonicalApiName(name)
  return isGuid(canonical) ? canonical : WELL_KNOWN_APP_IDS[canonical]
}
