import type { Entry } from '../../scripts/inventory/report.ts'

/** An application of an inventory that nothing is wrong with, while it signs in. */
export function plainEntry(change: Partial<Entry> = {}): Entry {
  return {
    appId: '11111111-1111-1111-1111-111111111111',
    displayName: 'app',
    kind: 'application',
    servicePrincipalId: 'sp',
    signInAudience: 'AzureADMyOrg',
    publisherVerified: false,
    createdAt: '2020-01-01T00:00:00Z',
    owners: [{ id: 'ada', on: 'application', enabled: true }],
    credentials: [],
    permissions: [],
    directoryRoles: [],
    redirectUris: [],
    implicitGrant: { accessToken: false, idToken: false },
    ...change,
  }
}
