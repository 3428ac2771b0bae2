import type { Credential, Entry, InventoryReport, Severity } from '../report.ts'
import { nextExpiry, summaryOf, unmanagedIn } from '../rows.ts'

/** A permission of an API, once for the whole page. */
export interface PagePermission {
  readonly api: string
  readonly kind: 'application' | 'delegated'
  readonly name: string
  readonly reach?: string
}

/** A rule that found something, once for the whole page. */
export interface PageRule {
  readonly id: string
  readonly name: string
  readonly severity: Severity
  readonly fix: string
}

/** An application with numbers in place of what many of them share. */
export interface PageApp {
  readonly appId: string
  readonly name: string
  readonly kind: Entry['kind']
  readonly owners: readonly string[]
  readonly credentials: readonly Credential[]
  /** Index of the permission; 1 requested, 2 granted, 3 both. */
  readonly permissions: readonly (readonly [index: number, flags: number])[]
  readonly roles: readonly string[]
  readonly uris: readonly string[]
  /** Index of the rule, what it found, and the reason of a suppression. */
  readonly findings: readonly (readonly [rule: number, message: string, suppressed?: string])[]
  /** The day on which the first live credential expires. */
  readonly expires?: string
  readonly signIn?: string
  readonly managedBy?: string
  readonly enabled?: boolean
}

/** What the page is made from; the browser reads it as JSON. */
export interface PageData {
  readonly tenantId: string
  /** RFC 3339. */
  readonly at: string
  readonly summary: string
  readonly missing: readonly string[]
  /** The word for what no stack manages, as far as that is known. */
  readonly unmanaged: string
  readonly permissions: readonly PagePermission[]
  readonly rules: readonly PageRule[]
  readonly apps: readonly PageApp[]
}

/** The inventory as the page needs it. Pure. */
export function toPageData(report: InventoryReport): PageData {
  const permissions = new Numbered<PagePermission>()
  const rules = new Numbered<PageRule>()
  const findings = Map.groupBy(report.findings, ({ appId }) => appId)
  const apps = report.entries.map((entry): PageApp => {
    const expires = nextExpiry(entry, report.at)
    return {
      appId: entry.appId,
      name: entry.displayName,
      kind: entry.kind,
      owners: [...new Set(entry.owners.map(({ name, id }) => name ?? id))],
      credentials: entry.credentials,
      permissions: entry.permissions.map(({ api, kind, name, reach, requested, granted, users }) => {
        const index = permissions.add(`${api} ${kind} ${name}`, { api, kind, name, ...(reach && { reach }) })
        return [index, (requested ? 1 : 0) + (granted || users ? 2 : 0)]
      }),
      roles: entry.directoryRoles,
      uris: entry.redirectUris.map(({ uri }) => uri),
      findings: (findings.get(entry.appId) ?? []).map(
        ({ ruleId, rule, severity, fix, message, suppressed }) => {
          const index = rules.add(ruleId, { id: ruleId, name: rule, severity, fix })
          return suppressed === undefined ? [index, message] : [index, message, suppressed]
        },
      ),
      ...(expires !== undefined && { expires }),
      ...(entry.lastSignInAt !== undefined && { signIn: entry.lastSignInAt.slice(0, 10) }),
      ...(entry.managedBy !== undefined && { managedBy: entry.managedBy }),
      ...(entry.enabled !== undefined && { enabled: entry.enabled }),
    }
  })
  const { tenantId, at } = report
  const missing = report.missing.map(({ message }) => message)
  return {
    tenantId,
    at,
    summary: summaryOf(report),
    missing,
    unmanaged: unmanagedIn(report),
    permissions: permissions.all,
    rules: rules.all,
    apps,
  }
}

/** Things by the number under which they were first seen. */
class Numbered<T> {
  readonly all: T[] = []
  readonly #numbers = new Map<string, number>()

  add(key: string, value: T): number {
    const number = this.#numbers.get(key) ?? this.all.push(value) - 1
    this.#numbers.set(key, number)
    return number
  }
}
