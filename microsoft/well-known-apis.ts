/**
 * App ids of the Microsoft APIs people name most ("Application IDs of commonly used Microsoft applications").
 * Any other API is found by its display name in the tenant, or given by its app id.
 */
export const WELL_KNOWN_APP_IDS: Readonly<Record<string, string>> = {
  'Microsoft Graph': '00000003-0000-0000-c000-000000000000',
  'Azure Key Vault': 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093',
  'Azure Service Management': '797f4846-ba00-4fd7-ba43-dac1f8f63013',
  'Azure SQL Database': '022907d3-0f1b-48f7-badc-1ba6abab6d66',
  'Azure Storage': 'e406a681-f3d4-42a8-90b6-c2b029497af1',
  'Log Analytics API': 'ca7f3f0b-7d91-482c-8e09-c5d840d0eac5',
  'Microsoft Intune API': 'c161e42e-d4df-4a3d-9b42-e7a3c31f59d4',
  'Office 365 Exchange Online': '00000002-0000-0ff1-ce00-000000000000',
  'Office 365 Management APIs': 'c5393580-f805-4401-95e8-94b7a6ef2fc2',
  'Office 365 SharePoint Online': '00000003-0000-0ff1-ce00-000000000000',
  'Power BI Service': '00000009-0000-0000-c000-000000000000',
}
