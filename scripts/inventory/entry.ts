import { MICROSOFT_TENANT_IDS } from '../../microsoft/well-known-apis.ts'
import { object, optionalText, text, texts } from '../proof/directory/members.ts'
import type { Entity } from '../proof/directory/reader.ts'
import type { Apis } from './apis.ts'
import { credentialsOf, defined } from './graph-objects.ts'
import { permissionsOf } from './permissions.ts'
import type { HeldRole, HeldScope } from './read-grants.ts'
import { ownersOf } from './read-objects.ts'
import type { Entry } from './report.ts'

/** What the tenant's lists say of its principals: by object id of the service principal, unless it says otherwise. */
export interface Facts {
  readonly apis: Apis
  readonly roles: ReadonlyMap<string, readonly HeldRole[]>
  readonly scopes: ReadonlyMap<string, readonly HeldScope[]>
  /** Display names. */
  readonly directoryRoles: ReadonlyMap<string, readonly string[]>
  /** By key id. */
  readonly uses: ReadonlyMap<string, Date>
  /** By app id; RFC 3339. */
  readonly signIns: ReadonlyMap<string, string>
}

/** A registration with its service principal, or one of the two. */
export function toEntry(application: Entity | undefined, principal: Entity | undefined, facts: Facts): Entry {
  const main = application ?? principal ?? {}
  const appId = text(main, 'appId')
  const principalId = principal && optionalText(principal, 'id')
  const enabled = principal?.['accountEnabled']
  const granting = { roles: facts.roles.get(principalId ?? ''), scopes: facts.scopes.get(principalId ?? '') }
  return {
    appId,
    displayName: optionalText(main, 'displayName') ?? appId,
    kind: application ? 'application' : kindOf(principal ?? {}),
    ...defined({
      objectId: application && optionalText(application, 'id'),
      servicePrincipalId: principalId,
      enabled: typeof enabled === 'boolean' ? enabled : undefined,
      createdAt: optionalText(main, 'createdDateTime'),
      signInAudience: optionalText(main, 'signInAudience'),
      lastSignInAt: facts.signIns.get(appId),
    }),
    publisherVerified: optionalText(object(main, 'verifiedPublisher'), 'verifiedPublisherId') !== undefined,
    owners: [...ownersOf(application, 'application'), ...ownersOf(principal, 'servicePrincipal')],
    credentials: [
      ...credentialsOf(application ?? {}, 'application'),
      ...credentialsOf(principal ?? {}, 'servicePrincipal'),
    ].map((each) => {
      const used = facts.uses.get(each.keyId)
      return used ? { ...each, lastUsedAt: used.toISOString() } : each
    }),
    permissions: permissionsOf({
      application,
      roles: granting.roles ?? [],
      scopes: granting.scopes ?? [],
      apis: facts.apis,
    }),
    directoryRoles: [...(facts.directoryRoles.get(principalId ?? '') ?? [])],
    redirectUris: application ? redirectUrisOf(application) : replyUrlsOf(principal ?? {}),
    implicitGrant: implicitGrantOf(application ?? {}),
  }
}

function kindOf(principal: Entity): Entry['kind'] {
  if (optionalText(principal, 'servicePrincipalType') === 'ManagedIdentity') return 'managedIdentity'
  const home = optionalText(principal, 'appOwnerOrganizationId')
  return home !== undefined && MICROSOFT_TENANT_IDS.includes(home) ? 'microsoft' : 'elsewhere'
}

function redirectUrisOf(application: Entity): Entry['redirectUris'] {
  return ['web', 'spa', 'publicClient'].flatMap((platform) =>
    texts(object(application, platform), 'redirectUris').map((uri) => ({ platform, uri })),
  )
}

function replyUrlsOf(principal: Entity): Entry['redirectUris'] {
  return texts(principal, 'replyUrls').map((uri) => ({ platform: 'servicePrincipal', uri }))
}

function implicitGrantOf(application: Entity): Entry['implicitGrant'] {
  const settings = object(object(application, 'web'), 'implicitGrantSettings')
  return {
    accessToken: settings['enableAccessTokenIssuance'] === true,
    idToken: settings['enableIdTokenIssuance'] === true,
  }
}
