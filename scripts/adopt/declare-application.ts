import { normaliseRedirectUri, PLATFORMS } from '../../infra/declaration/redirect-uris.ts'
import { arranged, claimKey, claimsList, propertiesList } from '../../infra/registration/list-order.ts'
import { PERSONAL_AUDIENCES } from '../../microsoft/audiences.ts'
import type { Entity } from '../proof/directory/reader.ts'
import { type Part, said, together } from './adoptable.ts'
import { type ExistingRegistration, object, objects, text, texts } from './registration.ts'

/** Settings of the application object itself. */
export function declareApplication({ application, postResponseRequired }: ExistingRegistration): Part {
  const info = object(application, 'info')
  const audience = text(application, 'signInAudience')
  const part: Part = {
    declaration: said({
      displayName: text(application, 'displayName'),
      description: text(application, 'description'),
      signInAudience: audience === 'AzureADMyOrg' ? '' : audience,
      web: declareWeb(object(application, 'web')),
      fallbackPublicClient: application['isFallbackPublicClient'] === true,
      deviceOnlyAuth: application['isDeviceOnlyAuthSupported'] === true,
      postResponseRequired,
      info: said({
        marketing: text(info, 'marketingUrl'),
        privacyStatement: text(info, 'privacyStatementUrl'),
        support: text(info, 'supportUrl'),
        termsOfService: text(info, 'termsOfServiceUrl'),
      }),
      accessTokenVersion: tokenVersion(object(application, 'api'), audience),
      tags: [...texts(application, 'tags')].sort(),
      notes: text(application, 'notes'),
      serviceManagementReference: text(application, 'serviceManagementReference'),
    }),
  }
  return together([part, declareRedirectUris(application), declareClaims(application)])
}

function declareWeb(web: Entity): Record<string, unknown> {
  const implicit = object(web, 'implicitGrantSettings')
  return said({
    homepage: text(web, 'homePageUrl'),
    logoutUrl: text(web, 'logoutUrl'),
    implicitGrant: said({
      accessTokens: implicit['enableAccessTokenIssuance'] === true,
      idTokens: implicit['enableIdTokenIssuance'] === true,
    }),
  })
}

function declareRedirectUris(application: Entity): Part {
  const uris = Object.fromEntries(
    PLATFORMS.map((platform) => [platform, texts(object(application, platform), 'redirectUris')]),
  )
  const bare = ['web', 'spa'].flatMap((platform) =>
    (uris[platform] ?? [])
      .filter((uri) => normaliseRedirectUri(uri) !== uri)
      .map((uri) => ({ platform, uri })),
  )
  return {
    declaration: said({ redirectUris: said(uris) }),
    notAdoptable: bare.map(
      ({ platform, uri }) =>
        `the ${platform} redirect URI ${uri} has no path, and the azuread provider takes it with a trailing slash only: change it to ${uri}/ in the directory first`,
    ),
  }
}

/** Graph leaves version 1 out; with personal accounts it is always 2 ("api resource type"). */
function tokenVersion(api: Entity, audience: string): number | undefined {
  const version = api['requestedAccessTokenVersion'] === 2 ? 2 : 1
  const usual = PERSONAL_AUDIENCES.has(audience) ? 2 : 1
  return version === usual ? undefined : version
}

const CLAIM_KINDS = ['accessToken', 'idToken', 'saml2Token'] as const

interface Claim {
  readonly name: string
  readonly source?: 'user'
  readonly essential?: true
  readonly additionalProperties?: readonly string[]
}

function declareClaims(application: Entity): Part {
  const found = object(application, 'optionalClaims')
  const kinds = CLAIM_KINDS.map((kind) => ({ kind, claims: objects(found, kind) }))
  const claims = Object.fromEntries(kinds.map(({ kind, claims }) => [kind, claims.map(declareClaim)]))
  const groups = text(application, 'groupMembershipClaims').split(',').filter(Boolean)
  return {
    declaration: said({
      claims: said({
        ...claims,
        groups: groups.sort(),
        acceptMapped: object(application, 'api')['acceptMappedClaims'] === true,
      }),
    }),
    listOrder: Object.assign({}, ...kinds.map(({ kind, claims }) => listOrderOf(kind, claims.map(toClaim)))),
    notAdoptable: kinds.flatMap(({ kind, claims }) =>
      claims
        .filter((claim) => !['', 'user'].includes(text(claim, 'source')))
        .map(
          (claim) =>
            `the optional claim ${text(claim, 'name')} (${kind}) has the source "${text(claim, 'source')}", and a declaration knows "user" only: remove the claim in the directory first`,
        ),
    ),
  }
}

function toClaim(claim: Entity): Claim {
  const properties = texts(claim, 'additionalProperties')
  return {
    name: text(claim, 'name'),
    ...(text(claim, 'source') === 'user' && { source: 'user' }),
    ...(claim['essential'] === true && { essential: true }),
    ...(properties.length > 0 && { additionalProperties: properties }),
  }
}

function declareClaim(entity: Entity): string | Claim {
  const claim = toClaim(entity)
  return Object.keys(claim).length === 1 ? claim.name : claim
}

function listOrderOf(kind: (typeof CLAIM_KINDS)[number], claims: readonly Claim[]): Record<string, string[]> {
  return {
    ...orderOf(claimsList(kind), claims.map(claimKey)),
    ...Object.assign(
      {},
      ...claims.map((claim) => orderOf(propertiesList(kind, claim), claim.additionalProperties ?? [])),
    ),
  }
}

/** The order of a list, where it is not the one that it would be given. */
export function orderOf(list: string, keys: readonly string[]): Record<string, string[]> {
  const sorted = arranged(keys, (key) => key)
  return keys.every((key, i) => key === sorted[i]) ? {} : { [list]: [...keys] }
}
