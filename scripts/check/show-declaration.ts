import type { Place } from '../../infra/declaration/app-files.ts'
import type { IdentityDeclaration } from '../../infra/declaration/identity.ts'
import { renderPath } from '../../infra/declaration/problems.ts'
import type { AppDeclaration } from '../../infra/declaration/schema.ts'
import type { StackDeclaration } from '../../infra/declaration/stack-declaration.ts'

/** One setting of an application as it is deployed. */
export interface Setting {
  readonly path: readonly (string | number)[]
  readonly value: unknown
  /** Left out for a default. */
  readonly origin?: Place
}

/**
 * Every setting of the stack's applications and identities with the place where it is written.
 *
 * @param apps as checked, defaults filled in
 * @param declared where they were read from
 * @param identities as checked; default: none
 */
export function settingsOf(
  apps: Readonly<Record<string, AppDeclaration>>,
  declared: Pick<StackDeclaration, 'origin'>,
  identities: Readonly<Record<string, IdentityDeclaration>> = {},
): Setting[] {
  const all = [...leaves(['apps'], apps), ...leaves(['identities'], identities)]
  return all.map(({ path, value }) => {
    const origin = declared.origin(path)
    return { path, value, ...(origin && { origin }) }
  })
}

/** Lines for people: setting, value, and after `#` where it is written. */
export function renderSettings(settings: readonly Setting[]): string {
  const rows = settings.map(({ path, value, origin }) => ({
    left: `${renderPath(path)}: ${JSON.stringify(value)}`,
    right: origin ? `${origin.file}:${origin.line}` : 'default',
  }))
  const width = Math.min(90, Math.max(0, ...rows.map(({ left }) => left.length)))
  return rows.map(({ left, right }) => `${left.padEnd(width)}  # ${right}`).join('\n')
}

/** Scalars and lists with their paths; an empty mapping is a value too. Lists are whole, as they are merged. */
function leaves(path: readonly (string | number)[], value: unknown): Omit<Setting, 'origin'>[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ path, value }]
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  if (entries.length === 0) return [{ path, value }]
  return entries.flatMap(([key, each]) => leaves([...path, key], each))
}
