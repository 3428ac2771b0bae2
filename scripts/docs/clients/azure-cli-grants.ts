import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import type { Step } from './client.ts'

export const GRAPH = MICROSOFT_GRAPH_APP_ID
const FILES_READ_ALL = '01d4889c-1287-42c6-ac1f-5d1e02578ef6'
export const USER_READ = 'e1fe6dd8-ba31-4d61-89e7-88639da4683d'
export const NOT_AS_AN_APPLICATION = 'as an application, which has no `/me` in the real service either'

export const SERVICE_PRINCIPALS: readonly Step[] = [
  {
    run: 'az ad sp create --id $APP',
    answer: { appId: '$APP', displayName: 'Files' },
    keep: { PRINCIPAL: 'id' },
  },
  { run: 'az ad sp create --id $APP', refused: 'is already in use' },
  {
    run: 'az ad sp show --id api://$APP',
    answer: { id: '$PRINCIPAL', oauth2PermissionScopes: [{ value: 'Files.Access' }] },
  },
  { run: 'az ad sp list --spn $APP', answer: [{ id: '$PRINCIPAL' }] },
  { run: 'az ad sp list --display-name Files', answer: [{ id: '$PRINCIPAL' }] },
  { run: `az ad sp list --filter "appId eq '$APP'"`, answer: [{ id: '$PRINCIPAL' }] },
  { run: `az ad sp update --id $APP --set tags='["HideApp"]' appRoleAssignmentRequired=true` },
  { run: 'az ad sp show --id $APP', answer: { tags: ['HideApp'], appRoleAssignmentRequired: true } },
  { run: 'az ad sp owner list --id $APP', answer: [] },
  { run: 'az ad sp credential reset --id $APP --display-name enterprise', answer: { appId: '$APP' } },
  {
    run: 'az ad sp credential list --id $APP',
    answer: [{ displayName: 'enterprise' }],
    keep: { KEY: '0.keyId' },
  },
  { run: 'az ad sp credential delete --id $APP --key-id $KEY' },
  {
    run: 'az ad sp create-for-rbac --name pipeline --years 2',
    answer: { displayName: 'pipeline', tenant: '$TENANT' },
    keep: { PIPELINE: 'appId' },
  },
  {
    run: 'az ad sp create-for-rbac --name pipeline',
    answer: { appId: '$PIPELINE' },
    note: 'gives the same application another secret',
  },
  { run: 'az ad sp create-for-rbac --name with-certificate --create-cert', answer: { password: null } },
]

export const PERMISSIONS: readonly Step[] = [
  { run: `az ad app permission add --id $APP --api ${GRAPH} --api-permissions ${FILES_READ_ALL}=Role` },
  {
    run: 'az ad app permission list --id $APP',
    answer: [
      {
        resourceAppId: GRAPH,
        resourceAccess: [
          { id: USER_READ, type: 'Scope' },
          { id: FILES_READ_ALL, type: 'Role' },
        ],
      },
    ],
  },
  {
    run: `az ad app permission grant --id $APP --api ${GRAPH} --scope User.Read Files.Read`,
    answer: { clientId: '$PRINCIPAL', consentType: 'AllPrincipals', scope: 'User.Read Files.Read' },
    keep: { GRAPH_PRINCIPAL: 'resourceId' },
  },
  {
    run: `az ad app permission grant --id $APP --api ${GRAPH} --scope User.Read`,
    answer: { scope: 'User.Read' },
    note: 'replaces the grant',
  },
  {
    run: 'az ad app permission list-grants --id $APP --show-resource-name',
    answer: [{ scope: 'User.Read', resourceDisplayName: 'Microsoft Graph' }],
  },
  {
    run: 'az ad app permission admin-consent --id $APP',
    refused: 'not yet supported on sovereign clouds',
    note: 'by the Azure CLI itself: it asks the portal, in the public cloud only. Grant scopes with `permission grant`, app roles as below',
  },
  {
    run: `az rest --method post --url $URL/v1.0/servicePrincipals/$GRAPH_PRINCIPAL/appRoleAssignedTo --body '{"principalId":"$PRINCIPAL","resourceId":"$GRAPH_PRINCIPAL","appRoleId":"${FILES_READ_ALL}"}'`,
    answer: { principalDisplayName: 'Files', resourceDisplayName: 'Microsoft Graph' },
  },
  { run: `az ad app permission delete --id $APP --api ${GRAPH} --api-permissions ${USER_READ}` },
  { run: `az ad app permission delete --id $APP --api ${GRAPH}` },
  { run: 'az ad app permission list --id $APP', answer: [] },
]

export const REST: readonly Step[] = [
  { run: `az rest --url '$URL/v1.0/applications/$count' --headers ConsistencyLevel=eventual`, answer: 4 },
  {
    run: `az rest --url '$URL/v1.0/applications?$filter=displayName eq %27Files%27&$count=true&$select=id' --headers ConsistencyLevel=eventual`,
    answer: { '@odata.count': 1, value: [{ id: '$OBJECT' }] },
  },
  {
    run: `az rest --url $URL/v1.0/applications --uri-parameters '$search="displayName:Files"' --headers ConsistencyLevel=eventual`,
    answer: { value: [{ id: '$OBJECT' }] },
  },
  {
    run: `az rest --method patch --url "$URL/v1.0/applications(appId='$APP')" --body '{"notes":"from az rest"}'`,
  },
  { run: 'az rest --url $URL/beta/applications/$OBJECT', answer: { notes: 'from az rest' } },
  { run: `az rest --url '/tenants?api-version=2022-12-01'`, answer: { value: [{ tenantId: '$TENANT' }] } },
  {
    run: 'az role assignment list --all',
    refused: 'Not Found',
    note: 'there are no subscriptions, nor roles on them',
  },
]

export const PEOPLE: readonly Step[] = [
  {
    run: 'az ad user create --display-name Mary --password Sommer-2026!x --user-principal-name mary@contoso.onmicrosoft.com',
    answer: { displayName: 'Mary' },
    keep: { MARY: 'id' },
  },
  { run: `az ad user update --id mary@contoso.onmicrosoft.com --display-name 'Mary Somerville'` },
  { run: 'az ad user show --id mary@contoso.onmicrosoft.com', answer: { displayName: 'Mary Somerville' } },
  {
    run: 'az ad group create --display-name Admins --mail-nickname admins',
    answer: { securityEnabled: true },
  },
  { run: 'az ad group member add --group Admins --member-id $MARY' },
  { run: 'az ad group member check --group Admins --member-id $MARY', answer: { value: true } },
  { run: 'az ad group member list --group Admins', answer: [{ id: '$MARY' }] },
  { run: 'az ad user get-member-groups --id $MARY', answer: [{ displayName: 'Admins' }] },
  { run: 'az ad group owner add --group Admins --owner-object-id $MARY' },
  { run: 'az ad group owner list --group Admins', answer: [{ id: '$MARY' }] },
  { run: 'az ad group owner remove --group Admins --owner-object-id $MARY' },
  { run: 'az ad group member remove --group Admins --member-id $MARY' },
  { run: 'az ad group list --display-name Admins', answer: [{ mailNickname: 'admins' }] },
  { run: 'az ad group delete --group Admins' },
  { run: 'az ad user delete --id $MARY' },
  { run: 'az ad signed-in-user show', refused: '/me request is only valid', note: NOT_AS_AN_APPLICATION },
]
