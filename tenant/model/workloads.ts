import type { EntitySet } from './entity-set.ts'
import { plainSet } from './plain-set.ts'
import { flag, guid, type Property, type PropertyTable, text } from './property.ts'

const shown = (): Property => text({ access: 'read' })

/** A set that nothing is ever added to: reading it works, and finds nothing. */
function unused(name: string, address: string, typeName: string, properties: PropertyTable): EntitySet {
  return plainSet(name, typeName, properties, { address })
}

/**
 * What a tenant has besides applications and people, as far as a first look at it: enough for a permission to be tried
 * out. Of each resource type only what names its objects is here.
 */
export const workloads: readonly EntitySet[] = [
  unused('devices', 'devices', 'device', {
    accountEnabled: flag({ access: 'read' }),
    deviceId: guid({ access: 'read' }),
    displayName: shown(),
    operatingSystem: shown(),
  }),
  unused('teams', 'teams', 'team', { description: shown(), displayName: shown(), visibility: shown() }),
  unused('managedDevices', 'deviceManagement/managedDevices', 'managedDevice', {
    deviceName: shown(),
    operatingSystem: shown(),
    userPrincipalName: shown(),
  }),
  unused('riskyUsers', 'identityProtection/riskyUsers', 'riskyUser', {
    riskLevel: shown(),
    riskState: shown(),
    userPrincipalName: shown(),
  }),
  unused('alerts_v2', 'security/alerts_v2', 'security.alert', {
    severity: shown(),
    status: shown(),
    title: shown(),
  }),
  unused(
    'accessReviewDefinitions',
    'identityGovernance/accessReviews/definitions',
    'accessReviewScheduleDefinition',
    { displayName: shown(), status: shown() },
  ),
  unused('catalogs', 'identityGovernance/entitlementManagement/catalogs', 'accessPackageCatalog', {
    description: shown(),
    displayName: shown(),
    state: shown(),
  }),
  unused('healthOverviews', 'admin/serviceAnnouncement/healthOverviews', 'serviceHealth', {
    service: shown(),
    status: shown(),
  }),
  unused('serviceMessages', 'admin/serviceAnnouncement/messages', 'serviceUpdateMessage', {
    severity: shown(),
    title: shown(),
  }),
]
