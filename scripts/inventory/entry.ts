import type { Apis } from './apis.ts'
import { defined } from './graph-objects.ts'
import type { ObjectRecord } from './object-record.ts'
import { permissionsOf } from './permissions.ts'
import type { HeldRole, HeldScope } from './read-grants.ts'
import type { Entry } from './report.ts'

/** What the tenant's lists say of its principals: by object id of the service principal, unless it says otherwise. */
export interface Facts {
  readonly apis: Apis
  readonly roles: ReadonlyMap<string, readonly HeldRole[]>
  readonly scopes: ReadonlyMap<string, readonly HeldScope[]>
  /** Display names. */
  readonly directoryRoles: ReadonlyMap<string, string[]>
  /** By key id. */
  readonly uses: ReadonlyMap<string, Date>
  /** By app id; RFC 3339. */
  readonly signIns: ReadonlyMap<string, string>
}

/** A registration with its service principal, or one of the two. */
export function toEntry(
  registration: ObjectRecord | undefined,
  principal: ObjectRecord | undefined,
  facts: Facts,
): Entry {
  const both = [registration, principal].filter((each) => each !== undefined)
  const [main] = both
  if (!main) throw new TypeError('an entry needs a registration or a service principal')
  const { appId, displayName, kind, createdAt, signInAudience, publisherVerified } = main
  return {
    appId,
    displayName,
    kind,
    ...defined({
      objectId: registration?.id,
      servicePrincipalId: principal?.id,
      enabled: principal?.enabled,
      createdAt,
      signInAudience,
      lastSignInAt: facts.signIns.get(appId),
    }),
    publisherVerified,
    owners: both.flatMap(({ owners }) => owners),
    credentials: both
      .flatMap(({ credentials }) => credentials)
      .map((each) => {
        const used = facts.uses.get(each.keyId)
        return used ? { ...each, lastUsedAt: used.toISOString() } : each
      }),
    permissions: permissionsOf({
      requested: registration?.requested ?? [],
      roles: facts.roles.get(principal?.id ?? '') ?? [],
      scopes: facts.scopes.get(principal?.id ?? '') ?? [],
      apis: facts.apis,
    }),
    directoryRoles: facts.directoryRoles.get(principal?.id ?? '') ?? [],
    redirectUris: main.redirectUris,
    implicitGrant: main.implicitGrant,
  }
}
