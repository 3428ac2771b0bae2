import { list, off, on, type Setting, text, words } from './setting.ts'

const always = { codec: text, default: null, always: true } as const
const enabled = { azuread: 'enabled', graph: 'isEnabled', codec: on, default: true, always: true } as const
const same = (name: string, rest: Omit<Setting, 'yaml' | 'azuread' | 'graph'>): Setting => ({
  yaml: name,
  azuread: name,
  graph: name,
  ...rest,
})

/** Settings of one scope. */
export const SCOPE_SETTINGS: readonly Setting[] = [
  same('id', always),
  {
    yaml: 'consentBy',
    azuread: 'type',
    graph: 'type',
    codec: words({ users: 'User', admins: 'Admin' }),
    default: 'users',
    always: true,
  },
  ...(['admin', 'user'] as const).flatMap((whose) =>
    (['displayName', 'description'] as const).map((member) => {
      const name = `${whose}Consent${member === 'displayName' ? 'DisplayName' : 'Description'}`
      return { yaml: `${whose}.${member}`, azuread: name, graph: name, codec: text, default: null }
    }),
  ),
  { yaml: 'enabled', ...enabled },
  same('value', always),
]

/** Settings of one app role. */
export const APP_ROLE_SETTINGS: readonly Setting[] = [
  same('id', always),
  same('displayName', always),
  same('description', always),
  {
    yaml: 'for',
    azuread: 'allowedMemberTypes',
    graph: 'allowedMemberTypes',
    codec: words({ users: 'User', applications: 'Application' }),
    default: ['users'],
    always: true,
  },
  // Left out where it is empty: the provider takes an empty text for a mistake.
  same('value', { codec: text, default: null }),
  { yaml: 'enabled', ...enabled },
]

/** Settings of one optional claim. */
export const CLAIM_SETTINGS: readonly Setting[] = [
  same('name', always),
  same('source', { codec: text, default: null }),
  same('essential', { codec: off, default: false }),
  same('additionalProperties', { codec: list, default: [] }),
]

/** Lists whose entries have settings of their own. */
export interface EntryTable {
  /** Path in the declaration: a mapping by name, or a list. */
  readonly yaml: 'scopes' | 'appRoles' | `claims.${'accessToken' | 'idToken' | 'saml2Token'}`
  readonly azuread: string
  readonly graph: string
  readonly settings: readonly Setting[]
}

const claims = (kind: 'accessToken' | 'idToken' | 'saml2Token'): EntryTable => ({
  yaml: `claims.${kind}`,
  azuread: `optionalClaims.${kind}s`,
  graph: `optionalClaims.${kind}`,
  settings: CLAIM_SETTINGS,
})

export const ENTRY_TABLES: readonly EntryTable[] = [
  {
    yaml: 'scopes',
    azuread: 'api.oauth2PermissionScopes',
    graph: 'api.oauth2PermissionScopes',
    settings: SCOPE_SETTINGS,
  },
  { yaml: 'appRoles', azuread: 'appRoles', graph: 'appRoles', settings: APP_ROLE_SETTINGS },
  claims('accessToken'),
  claims('idToken'),
  claims('saml2Token'),
]
