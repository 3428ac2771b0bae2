import type { EntitySet } from './entity-set.ts'
import { complex, guid, listOf, moment, text } from './property.ts'

const shown = text({ access: 'read' })

const signInActivity = complex(
  { lastSignInDateTime: moment({ access: 'read' }), lastSignInRequestId: shown },
  { access: 'read' },
)

/** Microsoft Graph v1.0: directoryAudit resource type. */
export const directoryAudits: EntitySet = {
  name: 'directoryAudits',
  address: 'auditLogs/directoryAudits',
  typeName: 'directoryAudit',
  resourceName: 'DirectoryAudit',
  isNewestFirst: true,
  directoryObject: false,
  indexes: ['activityDisplayName'],
  navigation: {},
  properties: {
    id: text({ access: 'read' }),
    category: shown,
    correlationId: shown,
    result: shown,
    resultReason: shown,
    activityDisplayName: shown,
    activityDateTime: moment({ access: 'read' }),
    loggedByService: shown,
    operationType: shown,
    initiatedBy: complex(
      {
        app: complex({
          appId: shown,
          displayName: shown,
          servicePrincipalId: shown,
          servicePrincipalName: shown,
        }),
        user: complex({ id: shown, displayName: shown, ipAddress: shown, userPrincipalName: shown }),
      },
      { access: 'read' },
    ),
    targetResources: listOf(
      complex({
        id: shown,
        displayName: shown,
        type: shown,
        userPrincipalName: shown,
        groupType: shown,
        modifiedProperties: listOf(complex({ displayName: shown, oldValue: shown, newValue: shown })),
      }),
      { access: 'read' },
    ),
    additionalDetails: listOf(complex({ key: shown, value: shown }), { access: 'read' }),
  },
}

/** Microsoft Graph beta: appCredentialSignInActivity resource type. */
export const appCredentialSignInActivities: EntitySet = {
  name: 'appCredentialSignInActivities',
  address: 'reports/appCredentialSignInActivities',
  typeName: 'appCredentialSignInActivity',
  resourceName: 'AppCredentialSignInActivity',
  directoryObject: false,
  indexes: ['keyId', 'appId'],
  navigation: {},
  properties: {
    id: text({ access: 'read' }),
    appId: guid({ access: 'read' }),
    appObjectId: guid({ access: 'read' }),
    createdDateTime: moment({ access: 'read' }),
    credentialOrigin: shown,
    expirationDateTime: moment({ access: 'read' }),
    keyId: guid({ access: 'read' }),
    keyType: shown,
    keyUsage: shown,
    resourceId: guid({ access: 'read' }),
    servicePrincipalObjectId: guid({ access: 'read' }),
    signInActivity,
  },
}

/** Microsoft Graph beta: servicePrincipalSignInActivity resource type. */
export const servicePrincipalSignInActivities: EntitySet = {
  name: 'servicePrincipalSignInActivities',
  address: 'reports/servicePrincipalSignInActivities',
  typeName: 'servicePrincipalSignInActivity',
  resourceName: 'ServicePrincipalSignInActivity',
  directoryObject: false,
  indexes: ['appId'],
  navigation: {},
  properties: {
    id: text({ access: 'read' }),
    appId: guid({ access: 'read' }),
    applicationAuthenticationClientSignInActivity: signInActivity,
    applicationAuthenticationResourceSignInActivity: signInActivity,
    delegatedClientSignInActivity: signInActivity,
    delegatedResourceSignInActivity: signInActivity,
    lastSignInActivity: signInActivity,
  },
}
