import { isObject } from '../../lib/is-object.ts'
import { CommandError } from '../lib/errors.ts'
import { MANIFEST } from '../lib/manifest.ts'
import { type InventoryReport, inventoryReport } from './report.ts'

/** Where a report comes from, as messages call it. */
export interface ReportSource {
  /** Such as `--since`. */
  readonly option: string
  readonly file: string
}

/**
 * Reads what `inventory --json` printed.
 *
 * @throws CommandError BAD_OPTIONS for what is not an inventory, or is one of another format
 */
export function parseReport(text: string, source: ReportSource): InventoryReport {
  const value = parsed(text)
  const read = inventoryReport.safeParse(value)
  if (read.success) return read.data
  const version = isObject(value) && 'entries' in value ? value['schemaVersion'] : undefined
  const current = inventoryReport.shape.schemaVersion.value
  const is =
    typeof version === 'number' && version !== current
      ? `is an inventory of format ${version}, and ${MANIFEST.name} ${MANIFEST.version} reads format ${current}`
      : 'is not an inventory'
  throw refused(source, `${is}. Write one with: npm run -s inventory -- --json > ${source.file}`)
}

/** @throws CommandError BAD_OPTIONS for an inventory of another tenant */
export function requireTenant(report: InventoryReport, source: ReportSource, tenantId: string): void {
  if (report.tenantId === tenantId) return
  throw refused(source, `is of the tenant ${report.tenantId}, and this one is ${tenantId}.`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function refused({ option, file }: ReportSource, is: string): CommandError {
  return new CommandError('BAD_OPTIONS', `${option}: ${file} ${is}`)
}
