/** Who may sign in to an application ("signInAudience", application resource type). */
export const SIGN_IN_AUDIENCES = [
  'AzureADMyOrg',
  'AzureADMultipleOrgs',
  'AzureADandPersonalMicrosoftAccount',
  'PersonalMicrosoftAccount',
] as const

export type SignInAudience = (typeof SIGN_IN_AUDIENCES)[number]

/** Audiences that include personal Microsoft accounts, for which Microsoft has tighter limits. */
export const PERSONAL_AUDIENCES: ReadonlySet<string> = new Set<SignInAudience>([
  'AzureADandPersonalMicrosoftAccount',
  'PersonalMicrosoftAccount',
])

/** "Validation differences by supported account types": client secrets of an application with personal accounts. */
export const PERSONAL_SECRET_LIMIT = 2

/** Whether personal Microsoft accounts may sign in. */
export function includesPersonalAccounts({ signInAudience }: { readonly signInAudience: string }): boolean {
  return PERSONAL_AUDIENCES.has(signInAudience)
}
