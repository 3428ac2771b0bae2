import type { Client, Step } from './client.ts'

const TOKEN = { token_type: 'Bearer' }
const REDIRECT_URI = 'https://files.example.com/cb'

const SIGN_IN: readonly Step[] = [
  { run: 'ClientSecretCredential.get_token', answer: TOKEN },
  { run: 'ClientSecretCredential.get_token, a wrong secret', refused: 'AADSTS7000215' },
  { run: 'CertificateCredential.get_token', answer: TOKEN },
  { run: 'ClientAssertionCredential.get_token', answer: TOKEN },
  { run: 'DefaultAzureCredential.get_token, from AZURE_* in the environment', answer: TOKEN },
]

const APPLICATIONS: readonly Step[] = [
  {
    run: 'applications.post',
    answer: {
      display_name: 'From Python',
      sign_in_audience: 'AzureADMyOrg',
      web: { redirect_uris: [REDIRECT_URI] },
      app_roles: [{ value: 'Files.Read', allowed_member_types: ['Application'] }],
    },
    keep: { OBJECT: 'id', APP: 'app_id' },
  },
  { run: 'applications.by_application_id.get', answer: { app_id: '$APP' } },
  { run: 'applications_with_app_id.get', answer: { id: '$OBJECT' } },
  { run: 'applications.by_application_id.patch', answer: null },
  {
    run: 'applications.get with $filter, $select, $count, $orderby',
    answer: { odata_count: 1, value: [{ id: '$OBJECT', notes: 'hello' }] },
  },
  {
    run: 'applications.by_application_id.add_password.post',
    answer: { display_name: 'rotated', end_date_time: '2027-06-01T00:00:00+00:00', has_secret: true },
  },
  { run: 'applications.by_application_id.remove_password.post', answer: null },
  {
    run: 'federated_identity_credentials.post',
    answer: { name: 'github', audiences: ['api://AzureADTokenExchange'] },
    keep: { FEDERATED: 'id' },
  },
  { run: 'federated_identity_credentials.get', answer: { value: [{ id: '$FEDERATED', name: 'github' }] } },
  { run: 'federated_identity_credentials.by_federated_identity_credential_id.delete', answer: null },
]

const GRANTS: readonly Step[] = [
  {
    run: 'service_principals.post',
    answer: { app_id: '$APP', display_name: 'From Python', account_enabled: true },
    keep: { PRINCIPAL: 'id' },
  },
  { run: 'service_principals_with_app_id.get', answer: { display_name: 'Microsoft Graph' } },
  {
    run: 'service_principals.by_service_principal_id.app_role_assigned_to.post',
    answer: { principal_id: '$PRINCIPAL', resource_display_name: 'Microsoft Graph' },
  },
  { run: 'app_role_assignments.by_app_role_assignment_id.delete', answer: null },
  {
    run: 'oauth2_permission_grants.post',
    answer: { client_id: '$PRINCIPAL', consent_type: 'AllPrincipals', scope: 'User.Read' },
  },
  { run: 'oauth2_permission_grants.by_o_auth2_permission_grant_id.delete', answer: null },
]

const DIRECTORY: readonly Step[] = [
  { run: 'users.get', answer: { names: ['Ada Lovelace', 'Grace Hopper', 'Linus Pauling'] } },
  { run: 'applications.by_application_id.owners.ref.post', answer: null },
  { run: 'applications.by_application_id.owners.get', answer: { count: 2 } },
  {
    run: 'applications.by_application_id.owners.graph_user.get',
    answer: { value: [{ odata_type: '#microsoft.graph.user' }] },
  },
  { run: 'PageIterator over service_principals', answer: { more_than_a_page: true, distinct: true } },
  { run: 'applications.delta.get', answer: { link: true } },
  { run: 'applications.by_application_id.delete', answer: null },
  { run: 'applications.by_application_id.get, deleted', refused: 'does not exist' },
  {
    run: 'directory.deleted_items.by_directory_object_id.restore.post',
    answer: { id: '$OBJECT', notes: 'hello' },
  },
]

/** The calls of test/conformance/clients/programs/sdk.py, in its order. */
export const PYTHON_SDK: Client = {
  name: 'Azure Identity and Microsoft Graph SDK for Python',
  version: 'azure-identity 1.27.0, msgraph-sdk 1.65.0',
  steps: [...SIGN_IN, ...APPLICATIONS, ...GRANTS, ...DIRECTORY],
}
