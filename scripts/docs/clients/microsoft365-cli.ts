import type { Client, Step } from './client.ts'

const GRAPH = 'https://graph.microsoft.com'

const SIGN_IN: readonly Step[] = [
  { run: 'm365 cli config set --key disableTelemetry --value true' },
  { run: 'm365 cli config set --key prompt --value false' },
  {
    run: 'm365 login --authType secret --appId $DEPLOYER --tenant $TENANT --secret $SECRET',
    answer: { connectedAs: 'Deployer', authType: 'secret', appTenant: '$TENANT' },
  },
  { run: 'm365 status', answer: { appId: '$DEPLOYER', cloudType: 'Public' } },
]

const APPLICATIONS: readonly Step[] = [
  {
    run: `m365 entra app add --name Files --redirectUris https://files.example.com/cb --platform web --implicitFlow --withSecret --apisDelegated ${GRAPH}/User.Read --apisApplication ${GRAPH}/User.Read.All --grantAdminConsent --uri api://_appId_ --scopeName Files.Access --scopeConsentBy adminsAndUsers --scopeAdminConsentDisplayName Files --scopeAdminConsentDescription 'Access files'`,
    answer: { tenantId: '$TENANT', secrets: [{ displayName: 'Default' }] },
    keep: { APP: 'appId', OBJECT: 'objectId' },
  },
  {
    run: 'm365 entra app get --appId $APP',
    answer: {
      id: '$OBJECT',
      identifierUris: ['api://$APP'],
      api: { oauth2PermissionScopes: [{ value: 'Files.Access', type: 'User' }] },
      web: { implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: true } },
    },
  },
  { run: 'm365 entra app get --name Files', answer: { appId: '$APP' } },
  {
    run: `m365 entra app list --query '[].displayName'`,
    answer: ['Deployer', 'Files'],
  },
  {
    run: 'm365 entra app set --appId $APP --redirectUris https://docs.example.com/cb --platform spa --redirectUrisToRemove https://files.example.com/cb --allowPublicClientFlows true',
  },
  {
    run: 'm365 entra app get --objectId $OBJECT',
    answer: {
      isFallbackPublicClient: true,
      web: { redirectUris: [] },
      spa: { redirectUris: ['https://docs.example.com/cb'] },
    },
  },
  {
    run: `m365 entra app role add --appId $APP --name Readers --description 'Reads files' --allowedMembers both --claim Files.Read`,
  },
  {
    run: 'm365 entra app role list --appId $APP',
    answer: [{ displayName: 'Readers', value: 'Files.Read' }],
  },
  { run: 'm365 entra app role remove --appId $APP --claim Files.Read --force' },
  { run: 'm365 entra app role list --appId $APP', answer: [] },
  { run: 'm365 entra app get --name nobody', refused: "'nobody' not found" },
]

const PERMISSIONS: readonly Step[] = [
  {
    run: 'm365 entra app permission list --appId $APP',
    answer: [
      { resource: 'Microsoft Graph', permission: 'User.Read', type: 'Delegated' },
      { resource: 'Microsoft Graph', permission: 'User.Read.All', type: 'Application' },
    ],
  },
  {
    run: `m365 entra app permission add --appId $APP --applicationPermissions ${GRAPH}/Files.Read.All --grantAdminConsent`,
  },
  {
    run: `m365 entra app permission add --appId $APP --delegatedPermissions ${GRAPH}/Files.Read --grantAdminConsent`,
    refused: 'Permission entry already exists',
    note: 'by the real service too: it adds a second grant for the API instead of changing the one that is there',
  },
  {
    run: `m365 entra app permission list --appId $APP --type application --query 'sort([].permission)'`,
    answer: ['Files.Read.All', 'User.Read.All'],
  },
  {
    run: `m365 entra app permission remove --appId $APP --applicationPermissions ${GRAPH}/Files.Read.All --revokeAdminConsent --force`,
  },
  {
    run: 'm365 entra enterpriseapp get --displayName Files',
    answer: { appId: '$APP' },
    keep: { PRINCIPAL: 'id' },
  },
  {
    run: 'm365 entra approleassignment list --appId $APP',
    answer: [{ resourceDisplayName: 'Microsoft Graph', roleName: 'User.Read.All' }],
  },
  {
    run: 'm365 entra oauth2grant list --spObjectId $PRINCIPAL',
    answer: [{ scope: 'User.Read', clientId: '$PRINCIPAL' }],
  },
]

const DIRECTORY: readonly Step[] = [
  {
    run: `m365 entra user list --query 'sort([].displayName)'`,
    answer: ['Ada Lovelace', 'Grace Hopper', 'Linus Pauling'],
  },
  {
    run: 'm365 entra group add --displayName Admins --type security',
    refused: "Property 'mailNickName' does not exist",
    note: 'here only: the CLI writes it so, and this tenant knows properties as the reference spells them, `mailNickname`',
  },
  { run: `m365 request --url ${GRAPH}/v1.0/organization`, answer: { value: [{ id: '$TENANT' }] } },
  { run: 'm365 entra app remove --appId $APP --force' },
  { run: 'm365 entra app get --appId $APP', refused: 'not found' },
  { run: 'm365 logout' },
  { run: 'm365 entra app list', refused: 'Log in to Microsoft 365 first' },
]

/**
 * Every command of a session in this order. It knows the addresses of Microsoft's clouds only, so that a module that is loaded
 * into its Node leads it to the tenant. With a certificate it cannot sign in so: its assertion is for the public cloud.
 */
export const MICROSOFT_365_CLI: Client = {
  name: 'CLI for Microsoft 365',
  version: '11.11.0',
  steps: [...SIGN_IN, ...APPLICATIONS, ...PERMISSIONS, ...DIRECTORY],
}
