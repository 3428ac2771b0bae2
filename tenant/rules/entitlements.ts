import { isDeepStrictEqual } from 'node:util'
import { badRequest, GraphError } from '../errors/graph-error.ts'
import { type Data, type Json, strings } from '../store/entity.ts'

/**
 * App roles and delegated scopes have to be disabled, in a request of its own, before they are changed or removed.
 *
 * @throws GraphError 400 `CannotDeleteOrUpdateEnabledEntitlement`
 */
export function checkEntitlements(before: readonly Data[], after: readonly Data[]): void {
  const remaining = new Map(after.map((entry) => [idOf(entry), entry]))
  for (const entry of before) {
    if (entry['isEnabled'] !== true) continue
    const now = remaining.get(idOf(entry))
    if (now !== undefined && isDeepStrictEqual(essence(now), essence(entry))) continue
    throw new GraphError(
      400,
      'CannotDeleteOrUpdateEnabledEntitlement',
      'Permission (scope or role) cannot be deleted or updated unless disabled first.',
    )
  }
}

/**
 * The values of app roles and scopes of one application share a name space; only enabled ones count.
 *
 * @throws GraphError 400 when two have the same value
 */
export function checkEntitlementValues(roles: readonly Data[], scopes: readonly Data[]): void {
  const seen = new Map<string, string>()
  for (const entry of [...roles, ...scopes]) {
    const value = entry['value']
    if (typeof value !== 'string' || value === '' || entry['isEnabled'] !== true) continue
    // One permission may exist as a role and as a scope, under one id.
    const holder = seen.get(value)
    if (holder !== undefined && holder !== idOf(entry)) {
      throw badRequest('Request contains a property with duplicate values.', [
        {
          code: 'DuplicateValue',
          message: `The permission value '${value}' is used twice.`,
          target: 'value',
        },
      ])
    }
    seen.set(value, idOf(entry))
  }
}

function idOf(entry: Data): string {
  return String(entry['id']).toLowerCase()
}

/** What counts as a change: all but the switch itself; null and "" are the same, member types have no order. */
function essence(entry: Data): { readonly [name: string]: Json } {
  const { isEnabled: _switch, id: _id, ...rest } = entry
  const members = Object.entries(rest).filter(([, value]) => value !== null && value !== '')
  const types = strings(entry['allowedMemberTypes'])
  return {
    ...Object.fromEntries(members),
    ...(types.length === 0 ? {} : { allowedMemberTypes: [...types].sort() }),
  }
}
