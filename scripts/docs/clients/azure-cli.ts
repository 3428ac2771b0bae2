import {
  GRAPH,
  NOT_AS_AN_APPLICATION,
  PEOPLE,
  PERMISSIONS,
  REST,
  SERVICE_PRINCIPALS,
  USER_READ,
} from './azure-cli-grants.ts'
import type { Client, Step } from './client.ts'

const SIGN_IN: readonly Step[] = [
  { run: 'az cloud register --name Local --endpoint-resource-manager $ARM' },
  { run: 'az cloud set --name Local' },
  {
    run: 'az login --service-principal --tenant $TENANT --username $DEPLOYER --password @$SECRET_FILE --allow-no-subscriptions',
    answer: [{ tenantId: '$TENANT' }],
  },
  {
    run: 'az login --service-principal --tenant $TENANT --username $DEPLOYER --federated-token $TOKEN --allow-no-subscriptions',
    answer: [{ tenantId: '$TENANT' }],
  },
  {
    run: 'az login --service-principal --tenant $TENANT --username $DEPLOYER --certificate $CERTIFICATE_FILE --allow-no-subscriptions',
    answer: [{ tenantId: '$TENANT', user: { name: '$DEPLOYER', type: 'servicePrincipal' } }],
  },
  { run: 'az account show', answer: { environmentName: 'Local', tenantId: '$TENANT' } },
  { run: 'az account get-access-token --resource-type ms-graph', answer: { tokenType: 'Bearer' } },
]

const APPLICATIONS: readonly Step[] = [
  {
    run: `az ad app create --display-name Files --web-redirect-uris https://files.example.com/cb --enable-id-token-issuance true --public-client-redirect-uris http://localhost --app-roles '[{"allowedMemberTypes":["User"],"description":"Reads files","displayName":"Reader","isEnabled":"true","value":"Files.Read"}]' --required-resource-accesses '[{"resourceAppId":"${GRAPH}","resourceAccess":[{"id":"${USER_READ}","type":"Scope"}]}]' --optional-claims '{"idToken":[{"name":"auth_time","essential":false}]}'`,
    answer: {
      signInAudience: 'AzureADMyOrg',
      web: {
        redirectUris: ['https://files.example.com/cb'],
        implicitGrantSettings: { enableIdTokenIssuance: true },
      },
      publicClient: { redirectUris: ['http://localhost'] },
      appRoles: [{ value: 'Files.Read', isEnabled: true }],
      requiredResourceAccess: [{ resourceAppId: GRAPH, resourceAccess: [{ id: USER_READ, type: 'Scope' }] }],
      optionalClaims: { idToken: [{ name: 'auth_time', essential: false }] },
    },
    keep: { APP: 'appId', OBJECT: 'id' },
  },
  {
    run: 'az ad app create --display-name Files --sign-in-audience AzureADMultipleOrgs',
    answer: { appId: '$APP', signInAudience: 'AzureADMultipleOrgs' },
    note: 'updates the one application of that name',
  },
  { run: 'az ad app list --display-name Files', answer: [{ appId: '$APP', id: '$OBJECT' }] },
  { run: 'az ad app list --app-id $APP', answer: [{ id: '$OBJECT' }] },
  { run: `az ad app list --filter "startswith(displayName,'Fi')"`, answer: [{ id: '$OBJECT' }] },
  { run: `az ad app list --all --query '[].displayName'`, answer: ['Deployer', 'Files'] },
  { run: 'az ad app list --show-mine', refused: '/me request is only valid', note: NOT_AS_AN_APPLICATION },
  {
    run: 'az ad app update --id $APP --identifier-uris api://$APP --requested-access-token-version 2 --is-fallback-public-client true --web-home-page-url https://files.example.com',
  },
  { run: 'az ad app update --id $OBJECT --set notes=hello' },
  {
    run: `az ad app update --id $APP --set api='{"oauth2PermissionScopes":[{"adminConsentDescription":"Access files","adminConsentDisplayName":"Access files","id":"6ef4e3a5-2a4b-4f1f-9b3e-d7ad9dd7f4a1","isEnabled":true,"type":"User","value":"Files.Access"}]}'`,
  },
  {
    run: 'az ad app show --id api://$APP',
    answer: {
      id: '$OBJECT',
      notes: 'hello',
      isFallbackPublicClient: true,
      identifierUris: ['api://$APP'],
      api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [{ value: 'Files.Access' }] },
      web: { homePageUrl: 'https://files.example.com', redirectUris: ['https://files.example.com/cb'] },
    },
  },
  { run: 'az ad app list --identifier-uri api://$APP', answer: [{ id: '$OBJECT' }] },
  { run: 'az ad app show --id 11111111-1111-1111-1111-111111111111', refused: 'does not exist' },
  { run: `az ad app owner list --id $APP --query '[].displayName'`, answer: ['Deployer'] },
  {
    run: `az ad user list --display-name Ada`,
    answer: [{ displayName: 'Ada Lovelace' }],
    keep: { ADA: '0.id' },
  },
  { run: 'az ad app owner add --id $APP --owner-object-id $ADA' },
  {
    run: `az ad app owner list --id $APP --query 'sort([].displayName)'`,
    answer: ['Ada Lovelace', 'Deployer'],
  },
  { run: 'az ad app owner remove --id $APP --owner-object-id $ADA' },
]

const CREDENTIALS: readonly Step[] = [
  {
    run: 'az ad app credential reset --id $APP --append --display-name rotated --years 1',
    answer: { appId: '$APP', tenant: '$TENANT' },
  },
  {
    run: 'az ad app credential reset --id $APP --append --create-cert',
    answer: { appId: '$APP', password: null },
  },
  {
    run: 'az ad app credential list --id $APP',
    answer: [{ displayName: 'rotated' }],
    keep: { KEY: '0.keyId' },
  },
  {
    run: 'az ad app credential list --id $APP --cert',
    answer: [{ displayName: 'CN=CLI-Login', type: 'AsymmetricX509Cert', usage: 'Verify' }],
    keep: { CERTIFICATE: '0.keyId' },
  },
  { run: 'az ad app credential delete --id $APP --key-id $KEY' },
  { run: 'az ad app credential delete --id $APP --key-id $CERTIFICATE --cert' },
  { run: 'az ad app credential list --id $APP --cert', answer: [] },
  {
    run: `az ad app federated-credential create --id $APP --parameters '{"name":"github","issuer":"https://token.actions.githubusercontent.com","subject":"repo:contoso/files:ref:refs/heads/main","audiences":["api://AzureADTokenExchange"]}'`,
    answer: { name: 'github', subject: 'repo:contoso/files:ref:refs/heads/main' },
  },
  {
    run: `az ad app federated-credential update --id $APP --federated-credential-id github --parameters '{"issuer":"https://token.actions.githubusercontent.com","subject":"repo:contoso/files:ref:refs/heads/release","audiences":["api://AzureADTokenExchange"]}'`,
  },
  {
    run: 'az ad app federated-credential show --id $APP --federated-credential-id github',
    answer: { subject: 'repo:contoso/files:ref:refs/heads/release' },
  },
  { run: 'az ad app federated-credential list --id $APP', answer: [{ name: 'github' }] },
  { run: 'az ad app federated-credential delete --id $APP --federated-credential-id github' },
]

const END: readonly Step[] = [
  { run: 'az ad sp delete --id $PIPELINE' },
  { run: 'az ad app delete --id $APP' },
  {
    run: 'az ad sp list --display-name Files',
    answer: [],
    note: 'the service principal goes with its application',
  },
  {
    run: `az rest --url '$URL/v1.0/directory/deletedItems/microsoft.graph.application?$select=id'`,
    answer: { value: [{ id: '$OBJECT' }] },
  },
  {
    run: 'az rest --method post --url $URL/v1.0/directory/deletedItems/$OBJECT/restore',
    answer: { id: '$OBJECT' },
  },
  { run: 'az ad sp show --id $APP', answer: { id: '$PRINCIPAL' } },
  { run: 'az logout' },
  { run: 'az ad app list', refused: 'az login' },
]

/** Every command of a session in this order: later ones use what earlier ones kept. */
export const AZURE_CLI: Client = {
  name: 'Azure CLI',
  version: '2.91.0',
  steps: [
    ...SIGN_IN,
    ...APPLICATIONS,
    ...CREDENTIALS,
    ...SERVICE_PRINCIPALS,
    ...PERMISSIONS,
    ...REST,
    ...PEOPLE,
    ...END,
  ],
}
