/** The tag of service principals that the portal lists among the enterprise applications (Microsoft Graph: servicePrincipal, `tags`). */
export const ENTERPRISE_APPLICATION_TAG = 'WindowsAzureActiveDirectoryIntegratedApp'
