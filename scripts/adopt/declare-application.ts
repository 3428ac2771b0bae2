import { normaliseRedirectUri } from '../../infra/declaration/redirect-uris.ts'
import { CLAIM_SETTINGS } from '../../infra/registration/entry-settings.ts'
import { arranged, claimKey, claimsList, propertiesList } from '../../infra/registration/list-order.ts'
import { toDeclaration } from '../../infra/registration/setting.ts'
import { APPLICATION_SETTINGS, usualTokenVersion } from '../../infra/registration/settings-table.ts'
import { object, objects, text, texts } from '../proof/directory/members.ts'
import type { Entity } from '../proof/directory/reader.ts'
import { type Adoptable, combine, withoutEmpty } from './adoptable.ts'
import type { ExistingRegistration } from './registration.ts'

/** Settings of the application object itself. */
export function declareApplication({ application, postResponseRequired }: ExistingRegistration): Adoptable {
  const whole = { ...application, oauth2RequirePostResponse: postResponseRequired }
  const { accessTokenVersion = 1, ...declaration } = toDeclaration(APPLICATION_SETTINGS, whole)
  const usual = usualTokenVersion(text(application, 'signInAudience'))
  const claims = declareClaims(application)
  return combine([
    {
      declaration: {
        ...declaration,
        ...(accessTokenVersion !== usual && { accessTokenVersion }),
        ...withoutEmpty({ claims: { ...object(declaration, 'claims'), ...claims.declaration } }),
      },
    },
    { ...claims, declaration: {} },
    { notAdoptable: bareRedirectUris(application) },
  ])
}

/** Redirect URIs that no declaration can stand for. */
function bareRedirectUris(application: Entity): string[] {
  return ['web', 'spa'].flatMap((platform) =>
    texts(object(application, platform), 'redirectUris')
      .filter((uri) => normaliseRedirectUri(uri) !== uri)
      .map(
        (uri) =>
          `the ${platform} redirect URI ${uri} has no path, and the azuread provider takes it with a trailing slash only: change it to ${uri}/ in the directory first`,
      ),
  )
}

const CLAIM_KINDS = ['accessToken', 'idToken', 'saml2Token'] as const

interface Claim {
  readonly name: string
  readonly source?: 'user'
  readonly additionalProperties?: readonly string[]
}

/** @returns the lists of claims by kind of token, to be joined with the other settings of claims */
function declareClaims(application: Entity): Adoptable {
  const found = object(application, 'optionalClaims')
  const kinds = CLAIM_KINDS.map((kind) => ({ kind, claims: objects(found, kind) }))
  const claims = Object.fromEntries(kinds.map(({ kind, claims }) => [kind, claims.map(declareClaim)]))
  return {
    declaration: withoutEmpty(claims),
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
  const { source, ...declared } = toDeclaration(CLAIM_SETTINGS, claim)
  return { ...declared, ...(source === 'user' && { source }) } as unknown as Claim
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
