import { isProperties, type Properties, text, texts, UNKNOWN } from '../protocol/wire.ts'
import { members } from '../schema/normal.ts'
import type { InputFailure } from '../schema/property.ts'

interface Permission {
  readonly property: string
  readonly id: string
  readonly value: string
  readonly displayName: string
  readonly description: string
  readonly enabled: boolean
}

/** App roles and scopes share one space of ids and values: each may stand for one permission only. */
export function checkPermissions(inputs: Properties): InputFailure[] {
  const api = block(inputs['api'])
  const permissions = [
    ...named(members(inputs['appRoles']), 'appRoles'),
    ...named(members(api['oauth2PermissionScopes']), 'api.oauth2PermissionScopes'),
  ]
  return permissions.flatMap(({ property, id, value, displayName, description, enabled }, index) => {
    const earlier = permissions.slice(0, index)
    if (earlier.some((other) => other.value === value && other.id !== id)) {
      return [{ property: `${property}.value`, reason: `"${value}" is the value of another permission, too` }]
    }
    if (earlier.some((other) => other.id === id && other.value !== value)) {
      return [{ property: `${property}.id`, reason: `"${id}" is the id of another permission, too` }]
    }
    const differs = (other: Permission) =>
      other.id === id &&
      (other.displayName !== displayName || other.description !== description || other.enabled !== enabled)
    if (earlier.some(differs)) {
      const reason = `"${id}" is the id of another permission, too, with other texts or another state`
      return [{ property: `${property}.id`, reason }]
    }
    return []
  })
}

/** Limits of applications that personal accounts can sign in to (Microsoft: "Validation differences by supported account types"). */
export function checkPersonalAccounts(inputs: Properties): InputFailure[] {
  const audience = text(inputs['signInAudience'])
  if (audience !== 'AzureADandPersonalMicrosoftAccount' && audience !== 'PersonalMicrosoftAccount') return []
  const api = block(inputs['api'])
  const version = api['requestedAccessTokenVersion']
  const failures: InputFailure[] = []
  const fail = (property: string, reason: string) =>
    failures.push({ property, reason: `${reason} when signInAudience is ${audience}` })

  if (version !== 2 && version !== UNKNOWN) fail('api.requestedAccessTokenVersion', 'must be 2')
  if (members(api['oauth2PermissionScopes']).length > 100)
    fail('api.oauth2PermissionScopes', 'may hold at most 100')
  for (const [index, scope] of members(api['oauth2PermissionScopes']).entries()) {
    if (text(block(scope)['value']).length > 40) {
      fail(`api.oauth2PermissionScopes[${index}].value`, 'may have at most 40 characters')
    }
  }
  if (members(inputs['identifierUris']).length > 50) fail('identifierUris', 'may hold at most 50')
  for (const [index, uri] of texts(inputs['identifierUris']).entries()) {
    if (!/^(https?|api|ms-appx):\/\//.test(uri)) fail(`identifierUris[${index}]`, 'may not be a URN')
  }
  for (const platform of ['publicClient', 'singlePageApplication', 'web']) {
    const uris = texts(block(inputs[platform])['redirectUris'])
    if (uris.length > 100) fail(`${platform}.redirectUris`, 'may hold at most 100')
    for (const [index, uri] of uris.entries()) {
      if (/^[^:]+:\/\/[^/]*\*/.test(uri))
        fail(`${platform}.redirectUris[${index}]`, 'may not have a wildcard host')
    }
  }
  return [...failures, ...checkRequiredAccess(inputs, audience)]
}

function checkRequiredAccess(inputs: Properties, audience: string): InputFailure[] {
  const resources = members(inputs['requiredResourceAccesses']).map(block)
  const counts = resources.map((resource) => members(resource['resourceAccesses']).length)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const problems = [
    resources.length > 50 && 'may name at most 50 APIs',
    counts.some((count) => count > 30) && 'may hold at most 30 permissions of one API',
    total > 200 && 'may hold at most 200 permissions',
  ]
  return problems
    .filter((problem) => problem !== false)
    .map((reason) => ({
      property: 'requiredResourceAccesses',
      reason: `${reason} when signInAudience is ${audience}`,
    }))
}

function named(items: readonly unknown[], list: string): Permission[] {
  return items.flatMap((item, index) => {
    const permission = block(item)
    const { id, value } = permission
    const displayName = text(permission['displayName'] ?? permission['adminConsentDisplayName'])
    const description = text(permission['description'] ?? permission['adminConsentDescription'])
    const enabled = permission['enabled'] !== false
    return text(id) === '' || text(value) === '' || typeof id !== 'string' || typeof value !== 'string'
      ? []
      : [{ property: `${list}[${index}]`, id, value, displayName, description, enabled }]
  })
}

function block(value: unknown): Properties {
  return isProperties(value as Properties) ? (value as Properties) : {}
}
