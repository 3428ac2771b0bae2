import type { AppDeclaration } from '../declaration/schema.ts'

/**
 * The order of lists that the directory keeps in an order of its own, by list. The provider compares these lists in
 * order though it means nothing, so an adopted application keeps the order it was found in; all others are sorted.
 */
export type ListOrder = Readonly<Record<string, readonly string[]>>

export type ClaimKind = 'accessToken' | 'idToken' | 'saml2Token'
type Claim = Pick<AppDeclaration['claims'][ClaimKind][number], 'name' | 'source'>

/** Name of the list of one API's permissions. */
export const accessList = (appId: string): string => `requiredResourceAccess/${appId}`

/** Name of a list of optional claims. */
export const claimsList = (kind: ClaimKind): string => `optionalClaims/${kind}`

/** Name of the list of a claim's additional properties. */
export const propertiesList = (kind: ClaimKind, claim: Claim): string =>
  `${claimsList(kind)}/${claimKey(claim)}`

/** What a permission is known by in its list. */
export const accessKey = ({ type, id }: { readonly type: string; readonly id: string }): string =>
  `${type} ${id}`

/** What a claim is known by in its list: one of the same name may come from a directory extension. */
export const claimKey = ({ name, source }: Claim): string => (source ? `${name} (${source})` : name)

/**
 * The entries of a list in the order given, and after them, sorted, those that it does not name.
 *
 * @param keyOf what an entry is known by
 * @param order default: all are sorted by their keys
 */
export function arranged<T>(
  entries: readonly T[],
  keyOf: (entry: T) => string,
  order: readonly string[] = [],
): T[] {
  const place = (key: string) => {
    const found = order.indexOf(key)
    return found < 0 ? order.length : found
  }
  return entries
    .map((entry) => ({ entry, key: keyOf(entry) }))
    .sort((a, b) => place(a.key) - place(b.key) || a.key.localeCompare(b.key))
    .map(({ entry }) => entry)
}
