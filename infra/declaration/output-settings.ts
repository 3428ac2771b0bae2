/** What stands for an output while the rest of a declaration is judged: it breaks no rule, and nobody writes it. */
const SUBSTITUTES = {
  text: (index: number) => `output-${index}-of-a-resource`,
  url: (index: number) => `https://output-${index}.of-a-resource.invalid/value`,
  id: (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
}

/**
 * Settings whose value may be the output of another resource, such as the address of a site of the same program: values
 * that decide nothing but themselves. Names, keys and choices decide which resources there are, and must be known before.
 * `*` is any key or index.
 */
export const OUTPUT_SETTINGS: Readonly<Record<string, keyof typeof SUBSTITUTES>> = {
  displayName: 'text',
  description: 'text',
  notes: 'text',
  serviceManagementReference: 'text',
  'redirectUris.web.*': 'url',
  'redirectUris.spa.*': 'url',
  'redirectUris.publicClient.*': 'url',
  'web.homepage': 'url',
  'web.logoutUrl': 'url',
  'info.marketing': 'url',
  'info.privacyStatement': 'url',
  'info.support': 'url',
  'info.termsOfService': 'url',
  'servicePrincipal.description': 'text',
  'servicePrincipal.notes': 'text',
  'servicePrincipal.loginUrl': 'url',
  'federatedCredentials.*.kubernetes.issuer': 'url',
  'federatedCredentials.*.azurePipelines.issuer': 'url',
  'federatedCredentials.*.azurePipelines.subject': 'text',
  'federatedCredentials.*.managedIdentity.objectId': 'id',
  'federatedCredentials.*.other.issuer': 'url',
  'federatedCredentials.*.other.subject': 'text',
}

const KINDS = Object.entries(OUTPUT_SETTINGS).map(([pattern, kind]) => ({ steps: pattern.split('.'), kind }))

/**
 * What stands for the output at a path from the application down.
 *
 * @param index tells it from others of the same declaration
 * @returns undefined where no output can be
 */
export function substituteAt(path: readonly (string | number)[], index: number): string | undefined {
  const found = KINDS.find(
    ({ steps }) => steps.length === path.length && steps.every((step, i) => step === '*' || step === path[i]),
  )
  return found && SUBSTITUTES[found.kind](index)
}
