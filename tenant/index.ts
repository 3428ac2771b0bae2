/**
 * A local Microsoft Entra tenant: login endpoints and Microsoft Graph on loopback HTTPS, for rehearsals and tests.
 * @module
 */

export type { RequestQuery, RequestRecord } from './audit/request-record.ts'
export { clientEnvironment, providerEnvironment } from './client-settings.ts'
export type { ClockControl, NamedSnapshots, TenantControl } from './control/control.ts'
export { ControlError, type ControlErrorCode } from './control/errors.ts'
export { parseScript, type Script } from './control/script.ts'
export { parseSeed, type Seed } from './control/seed-schema.ts'
export type { Snapshot } from './control/snapshot.ts'
export { loadMicrosoftApis, type MicrosoftApi } from './directory/microsoft-apis.ts'
export { TenantError, type TenantErrorCode } from './errors/tenant-error.ts'
export type { Duration } from './faults/duration.ts'
export type { ActiveFault } from './faults/faults.ts'
export type { LagInput } from './faults/lag.ts'
export type { FaultRule } from './faults/rule.ts'
export type { Clock } from './lib/clock.ts'
export { type RunningTenantInfo, readRunningTenant } from './running.ts'
export { LEAST_PRIVILEGE_DEPLOYER_ROLES } from './seed/seed.ts'
export { type RunningTenant, startTenant } from './tenant.ts'
export type { TenantOptions } from './tenant-options.ts'
