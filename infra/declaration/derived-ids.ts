import { v5 } from 'uuid'
import { mapValues } from '../../lib/map-values.ts'
import type { AppDeclaration } from './schema.ts'

/** Name space of the ids made here: fixed for ever, since another one would give every scope and role another id. */
const NAMESPACE = 'd9a5f3b0-8c1e-4f57-9a44-6d2f0c7b1e38'

/** Ids of what an application offers, by value. */
export interface ExposedIds {
  readonly scopes: Readonly<Record<string, string>>
  readonly appRoles: Readonly<Record<string, string>>
}

/**
 * The ids of scopes and app roles: the given one, else one derived from the application's first name and the value.
 *
 * Derived rather than random, so that environments agree and a state that was lost comes back the same.
 */
export function exposedIds(name: string, { formerly, scopes, appRoles }: AppDeclaration): ExposedIds {
  const seed = formerly[0] ?? name
  return {
    scopes: mapValues(scopes, ({ id }, value) => id ?? derivedId(`${seed}/scope/${value}`)),
    appRoles: mapValues(appRoles, ({ id }, value) => id ?? derivedId(`${seed}/app-role/${value}`)),
  }
}

/** A name-based UUID of version 5 (RFC 9562, section 5.5). */
export function derivedId(name: string): string {
  return v5(name, NAMESPACE)
}
