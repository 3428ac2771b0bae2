/**
 * `entra-apps/tenant`: a Microsoft Entra tenant on this computer for the tests of your own application. Nothing else of
 * `tenant/` is public.
 * @module
 */

export type { RequestQuery, RequestRecord } from './audit/request-record.ts'
export type { ClientSettings } from './client-settings.ts'
export type { ClockControl, NamedSnapshots, TenantControl } from './control/control.ts'
export { ControlError, type ControlErrorCode } from './control/errors.ts'
export { parseScript, type Script } from './control/script.ts'
export { parseSeed, type Seed } from './control/seed-schema.ts'
export type { Snapshot } from './control/snapshot.ts'
export { TenantError, type TenantErrorCode } from './errors/tenant-error.ts'
export type { Duration } from './faults/duration.ts'
export type { ActiveFault } from './faults/faults.ts'
export type { LagInput } from './faults/lag.ts'
export type { FaultRule } from './faults/rule.ts'
export { type LocalTenant, type LocalTenantOptions, startTenant } from './local-tenant.ts'
