/** Clouds with a directory and a Graph of their own, by the azuread provider's names ("National cloud deployments"). */
export type Cloud = 'public' | 'usgovernment' | 'usgovernmentl5' | 'china'

const NAMES: Readonly<Record<string, Cloud>> = {
  public: 'public',
  global: 'public',
  usgovernment: 'usgovernment',
  usgovernmentl4: 'usgovernment',
  dod: 'usgovernmentl5',
  usgovernmentl5: 'usgovernmentl5',
  china: 'china',
}

/**
 * The cloud that the provider talks to: the stack's `azuread:environment`, else `ARM_ENVIRONMENT`, else the public one.
 * A name the provider does not know is left for it to refuse.
 */
export function cloudOf(configured: unknown, env: NodeJS.ProcessEnv): Cloud {
  return NAMES[String(configured ?? env['ARM_ENVIRONMENT'] ?? 'public').toLowerCase()] ?? 'public'
}
