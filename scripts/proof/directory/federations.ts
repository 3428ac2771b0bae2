import type { DirectoryReader, Entity, Read } from './reader.ts'

/**
 * Reads the federated credentials of applications, those with an expression in full. Only beta shows expressions, and it
 * lags more than v1.0: it is asked where v1.0 shows a credential without a subject.
 *
 * @param objectIds of the applications
 */
export async function readFederations(
  objectIds: readonly string[],
  reader: Pick<DirectoryReader, 'lists'>,
): Promise<Read<readonly Entity[]>[]> {
  const path = (id: string) => `/applications/${id}/federatedIdentityCredentials`
  const found = await reader.lists(objectIds.map(path))
  const flexible = objectIds.filter((_, i) => {
    const read = found[i]!
    return read.ok && read.value.some(({ subject }) => !subject)
  })
  if (flexible.length === 0) return found
  const full = await reader.lists(flexible.map(path), 'beta')
  return found.map((read, i) => {
    const at = flexible.indexOf(objectIds[i]!)
    return at < 0 ? read : full[at]!
  })
}

/** The claims matching expression of a flexible credential; empty for any other one. */
export function expressionOf(credential: Entity): string {
  const { value } = (credential['claimsMatchingExpression'] ?? {}) as Entity
  return typeof value === 'string' ? value : ''
}
