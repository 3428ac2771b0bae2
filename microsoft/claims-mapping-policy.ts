/** One claim as the policy maps it ("claimsMappingPolicy resource type"). */
export interface MappedClaim {
  readonly source?: string | undefined
  readonly id?: string | undefined
  readonly value?: string | undefined
  readonly samlType?: string | undefined
  readonly jwtType?: string | undefined
}

/** The definition of a claims mapping policy, the JSON text that Microsoft Graph keeps. */
export function claimsMappingDefinition(claims: readonly MappedClaim[], includeBasicClaims: boolean): string {
  return JSON.stringify({
    ClaimsMappingPolicy: {
      Version: 1,
      // Entra takes a text here.
      IncludeBasicClaimSet: String(includeBasicClaims),
      ClaimsSchema: claims.map(({ source, id, value, samlType, jwtType }) => ({
        ...(source !== undefined && { Source: source }),
        ...(id !== undefined && { ID: id }),
        ...(value !== undefined && { Value: value }),
        ...(samlType !== undefined && { SamlClaimType: samlType }),
        ...(jwtType !== undefined && { JwtClaimType: jwtType }),
      })),
    },
  })
}
