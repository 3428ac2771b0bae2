/** Clouds with a directory and a Graph of their own, by the azuread provider's names ("National cloud deployments"). */
export type Cloud = 'public' | 'usgovernment' | 'usgovernmentl5' | 'china'

/** Audience of tokens that Entra exchanges, in each cloud ("Workload identity federation", "Configure an application to trust a managed identity"). */
export const TOKEN_EXCHANGE_AUDIENCES: Readonly<Record<Cloud, string>> = {
  public: 'api://AzureADTokenExchange',
  usgovernment: 'api://AzureADTokenExchangeUSGov',
  usgovernmentl5: 'api://AzureADTokenExchangeUSGov',
  china: 'api://AzureADTokenExchangeChina',
}

/** Where applications of each cloud log in, and who issues their tokens ("National cloud deployments"). */
export const LOGIN_HOSTS: Readonly<Record<Cloud, string>> = {
  public: 'login.microsoftonline.com',
  usgovernment: 'login.microsoftonline.us',
  usgovernmentl5: 'login.microsoftonline.us',
  china: 'login.partner.microsoftonline.cn',
}

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
