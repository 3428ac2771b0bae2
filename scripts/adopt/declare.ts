import { appDeclaration } from '../../infra/declaration/schema.ts'
import type { Cloud } from '../../microsoft/clouds.ts'
import { object, objects, text } from '../proof/directory/members.ts'
import type { Entity } from '../proof/directory/reader.ts'
import { type Adoptable, type AdoptableRegistration, combine } from './adoptable.ts'
import { declareApplication } from './declare-application.ts'
import { declareDirectoryRoles } from './declare-directory-roles.ts'
import { declareExposedApi } from './declare-exposed-api.ts'
import { declareFederation } from './declare-federation.ts'
import { declarePermissions } from './declare-permissions.ts'
import { declareServicePrincipal } from './declare-service-principal.ts'
import { IMPORTED_TYPES, importId } from './import-ids.ts'
import type { ExistingRegistration, ForeignCredential, Names } from './registration.ts'

/** A registration in the words of a declaration. */
export interface Declared extends AdoptableRegistration {
  readonly foreign: readonly ForeignCredential[]
}

/**
 * Says a registration in the words of a declaration, only what differs from the defaults. Pure.
 *
 * @param name of the application in the declaration
 */
export function declareRegistration(
  name: string,
  found: ExistingRegistration,
  names: Names,
  cloud: Cloud,
): Declared {
  const application: Adoptable = {
    objects: [
      {
        type: IMPORTED_TYPES.application,
        id: importId.application(text(found.application, 'id')),
        name,
      },
    ],
    leftAlone: untouched(found.application),
  }
  const parts = [
    application,
    declareApplication(found),
    declareExposedApi(name, found, names),
    declareServicePrincipal(name, found, names),
    declarePermissions(name, found, names),
    declareDirectoryRoles(name, found),
    declareFederation(name, found, { cloud, tenantId: names.tenantId }),
  ]
  const whole = combine(parts)
  return {
    ...whole,
    declaration: inUsualOrder(whole.declaration),
    foreign: [
      ...foreignIn(found.application, 'application'),
      ...foreignIn(found.servicePrincipal, 'service principal'),
    ],
  }
}

/** Settings in the order in which the documentation lists them. */
function inUsualOrder(
  declaration: AdoptableRegistration['declaration'],
): AdoptableRegistration['declaration'] {
  const order = Object.keys(appDeclaration.shape)
  const entries = Object.entries(declaration)
  return Object.fromEntries(entries.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)))
}

/** Secrets and certificates: their values cannot be read, so no declaration can stand for them. */
function foreignIn(holder: Entity | undefined, of: ForeignCredential['of']): ForeignCredential[] {
  const read = (member: string, kind: ForeignCredential['kind']) =>
    objects(holder, member).map((each) => ({
      kind,
      of,
      keyId: text(each, 'keyId'),
      displayName: text(each, 'displayName'),
      endDate: text(each, 'endDateTime'),
    }))
  return [...read('passwordCredentials', 'secret'), ...read('keyCredentials', 'certificate')]
}

/** Properties that the azuread provider neither reads nor writes, with what people call them. */
const UNKNOWN_TO_PROVIDER: Readonly<Record<string, string>> = {
  addIns: 'the add-ins',
  defaultRedirectUri: 'the default redirect URI',
  requestSignatureVerification: 'the verification of signed requests',
  samlMetadataUrl: 'the address of the SAML metadata',
  servicePrincipalLockConfiguration: 'the lock on properties of service principals',
  tokenEncryptionKeyId: 'the certificate that tokens are encrypted for',
  uniqueName: 'the unique name',
}

function untouched(application: Entity): string[] {
  const set = Object.entries(UNKNOWN_TO_PROVIDER).flatMap(([property, words]) => {
    const value = application[property]
    const isSet = Array.isArray(value)
      ? value.length > 0
      : value !== null && value !== undefined && value !== ''
    return isSet ? [`${words} (${property}): the azuread provider does not know it`] : []
  })
  const hasLogo = text(object(application, 'info'), 'logoUrl') !== ''
  return hasLogo ? [...set, 'the logo: it cannot be read back; to set another one, declare logo'] : set
}
