import type { AppDeclaration } from './schema.ts'

/** What placeholders stand for. */
export interface PlaceholderIds {
  readonly clientId: string
  readonly tenantId: string
}

/**
 * Settings of the application object whose texts may hold `{clientId}` and `{tenantId}`. The object cannot name its own
 * client id before it exists, so that texts with `{clientId}` are added by the deployment after the first one.
 */
export const APPLICATION_PLACEHOLDERS: readonly string[] = [
  'redirectUris.web',
  'redirectUris.spa',
  'redirectUris.publicClient',
  'web.homepage',
  'web.logoutUrl',
  'info.marketing',
  'info.privacyStatement',
  'info.support',
  'info.termsOfService',
  'tags',
]

/** The same settings of objects that are made after the application. */
export const LATER_PLACEHOLDERS: readonly string[] = [
  'identifierUris',
  'servicePrincipal.loginUrl',
  'servicePrincipal.singleSignOn.relayState',
  'servicePrincipal.tags',
]

const CLIENT_ID = '{clientId}'

/** An id of the right form, for what judges a text without knowing the ids. */
const ANY_ID = '00000000-0000-4000-8000-000000000000'

/** A text as it is declared, with the ids in place of `{clientId}` and `{tenantId}`. */
export function resolvePattern(pattern: string, { clientId, tenantId }: PlaceholderIds): string {
  return pattern.replaceAll(CLIENT_ID, clientId).replaceAll('{tenantId}', tenantId)
}

export function hasPlaceholder(text: string): boolean {
  return /\{(clientId|tenantId)\}/.test(text)
}

/** The text with any ids in the place of placeholders: of the form and length that it will have. */
export function withAnyIds(text: string): string {
  return resolvePattern(text, { clientId: ANY_ID, tenantId: ANY_ID })
}

/** Paths of settings of the application object that hold `{clientId}`, such as `redirectUris.web`. */
export function needingClientId(app: AppDeclaration): string[] {
  return APPLICATION_PLACEHOLDERS.filter((path) =>
    [at(app, path)].flat().some((text) => typeof text === 'string' && text.includes(CLIENT_ID)),
  )
}

/** The application without the texts that need its client id. */
export function withoutClientId(app: AppDeclaration): AppDeclaration {
  return needingClientId(app).reduce((reduced, path) => replaced(reduced, path.split('.')), app)
}

function replaced<T>(node: T, [step = '', ...rest]: readonly string[]): T {
  const { [step]: value, ...others } = node as Record<string, unknown>
  if (rest.length > 0) return { ...others, [step]: replaced(value, rest) } as T
  if (!Array.isArray(value)) return others as T
  return { ...others, [step]: value.filter((text) => !String(text).includes(CLIENT_ID)) } as T
}

function at(root: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce((node, step) => (node as Readonly<Record<string, unknown>> | undefined)?.[step], root)
}
