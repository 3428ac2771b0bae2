/** An identifier URI as it is declared, with the ids in place of `{clientId}` and `{tenantId}`. */
export function resolvePattern(
  pattern: string,
  { clientId, tenantId }: { readonly clientId: string; readonly tenantId: string },
): string {
  return pattern.replaceAll('{clientId}', clientId).replaceAll('{tenantId}', tenantId)
}
