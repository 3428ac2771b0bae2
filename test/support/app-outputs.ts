import type { AppOutputs } from '../../infra/contract/outputs.ts'

/** What a stack records of an application that declares nothing but its name. */
export const PLAIN_APP: AppOutputs = {
  displayName: 'Files',
  tenantId: 't',
  clientId: 'c',
  objectId: 'o',
  servicePrincipalId: 's',
  consent: 'grant',
  redirectUris: { web: [], spa: [], publicClient: [] },
  permissions: {},
  secrets: {},
  certificates: {},
  federatedCredentials: {},
  probes: [],
  owners: {},
  ownerIds: { application: [], servicePrincipal: [] },
  settings: {},
  knownClients: [],
  preAuthorizedClients: {},
  identifierUris: {},
  assignments: [],
}
