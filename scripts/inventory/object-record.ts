import { MICROSOFT_TENANT_IDS } from '../../microsoft/well-known-apis.ts'
import { object, objects, optionalText, text, texts } from '../proof/directory/members.ts'
import type { Entity } from '../proof/directory/reader.ts'
import { credentialsOf, defined, toOwner } from './graph-objects.ts'
import type { Entry, Owner } from './report.ts'

/** A permission that a registration asks for, by ids. */
export interface RequestedPermission {
  readonly apiAppId: string
  readonly kind: 'application' | 'delegated'
  readonly id: string
}

/** What is kept of a registration or a service principal once its page has been read. Plain data. */
export interface ObjectRecord
  extends Pick<
    Entry,
    | 'appId'
    | 'displayName'
    | 'kind'
    | 'enabled'
    | 'createdAt'
    | 'signInAudience'
    | 'publisherVerified'
    | 'owners'
    | 'credentials'
    | 'redirectUris'
    | 'implicitGrant'
  > {
  /** Object id. */
  readonly id: string
  readonly requested: readonly RequestedPermission[]
}

export function registrationRecord(entity: Entity): ObjectRecord {
  return {
    ...recordOf(entity, 'application'),
    kind: 'application',
    redirectUris: ['web', 'spa', 'publicClient'].flatMap((platform) =>
      texts(object(entity, platform), 'redirectUris').map((uri) => ({ platform, uri })),
    ),
    requested: objects(entity, 'requiredResourceAccess').flatMap((asked) =>
      objects(asked, 'resourceAccess').map((each): RequestedPermission => {
        const kind = optionalText(each, 'type') === 'Role' ? 'application' : 'delegated'
        return { apiAppId: text(asked, 'resourceAppId'), kind, id: text(each, 'id') }
      }),
    ),
  }
}

export function principalRecord(entity: Entity): ObjectRecord {
  return {
    ...recordOf(entity, 'servicePrincipal'),
    kind: kindOf(entity),
    redirectUris: texts(entity, 'replyUrls').map((uri) => ({ platform: 'servicePrincipal', uri })),
    requested: [],
  }
}

function recordOf(entity: Entity, on: Owner['on']) {
  const appId = text(entity, 'appId')
  const enabled = entity['accountEnabled']
  const implicit = object(object(entity, 'web'), 'implicitGrantSettings')
  return {
    id: text(entity, 'id'),
    appId,
    displayName: optionalText(entity, 'displayName') ?? appId,
    ...defined({
      enabled: typeof enabled === 'boolean' ? enabled : undefined,
      createdAt: optionalText(entity, 'createdDateTime'),
      signInAudience: optionalText(entity, 'signInAudience'),
    }),
    publisherVerified: optionalText(object(entity, 'verifiedPublisher'), 'verifiedPublisherId') !== undefined,
    owners: objects(entity, 'owners').map((each) => toOwner(each, on)),
    credentials: credentialsOf(entity, on),
    implicitGrant: {
      accessToken: implicit['enableAccessTokenIssuance'] === true,
      idToken: implicit['enableIdTokenIssuance'] === true,
    },
  }
}

function kindOf(principal: Entity): Entry['kind'] {
  if (optionalText(principal, 'servicePrincipalType') === 'ManagedIdentity') return 'managedIdentity'
  const home = optionalText(principal, 'appOwnerOrganizationId')
  return home !== undefined && MICROSOFT_TENANT_IDS.includes(home) ? 'microsoft' : 'elsewhere'
}
