import type { AppOutputs, FederationOutputs } from '../../../infra/contract/outputs.ts'
import { subjectOrExpression } from '../../../infra/declaration/federation.ts'
import type { Value } from '../../../infra/registration/setting.ts'
import { defaultOf } from '../../../infra/registration/settings.ts'
import { contractFailure } from '../catalogue/index.ts'
import { failed, passed, warning } from '../checks/check.ts'
import type { Check } from '../model/report.ts'
import { judgeAssignments, judgeOwners } from './people-drift.ts'
import {
  type LivePrincipalCredential,
  type LiveSecret,
  permissionName,
  type Registration,
} from './registration.ts'

/** Compares a registration in the directory with what the stack knows of it. Pure. */
export function judgeRegistration(facts: AppOutputs, live: Registration, deployerId?: string): Check[] {
  return [
    ...judgeSets(facts, live),
    ...judgeSecrets(facts, live.secrets),
    ...judgeCertificates(facts, live.certificates),
    ...judgeFederation(facts, live.federatedCredentials),
    ...judgePrincipalCredentials(facts, live.principalCredentials),
    ...judgeOwners(facts, live, deployerId),
    ...judgeAssignments(facts, live.assignments),
    ...judgeSettings(facts, live.settings),
    judgeEnabled(facts, live),
  ]
}

function judgeSets(facts: AppOutputs, live: Registration): Check[] {
  return [
    judgeSet('display name', [facts.displayName], [live.displayName]),
    judgeSet('redirect URIs (web)', facts.redirectUris.web, live.redirectUris.web),
    judgeSet('redirect URIs (spa)', facts.redirectUris.spa, live.redirectUris.spa),
    judgeSet(
      'redirect URIs (public client)',
      facts.redirectUris.publicClient,
      live.redirectUris.publicClient,
    ),
    judgeSet('requested permissions', ...permissionsOf(facts, live)),
    judgeSet('identifier URIs', Object.values(facts.identifierUris), live.identifierUris),
    judgeSet('known clients', facts.knownClients, live.knownClients),
    judgeSet(
      'pre-authorised clients',
      describeClients(facts.preAuthorizedClients),
      describeClients(live.preAuthorizedClients),
    ),
  ]
}

function describeClients(scopesById: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(scopesById).map(([clientId, scopes]) => `${clientId} for ${scopes.join(' and ')}`)
}

const ENABLED = 'servicePrincipal.enabled'

function judgeEnabled({ settings }: AppOutputs, { enabled }: Registration): Check {
  const name = 'service principal'
  const isDeclared = settings[ENABLED] !== false
  if (enabled === isDeclared) return passed(name, enabled ? 'enabled' : 'disabled, as declared')
  return failed(
    name,
    isDeclared
      ? contractFailure('PRINCIPAL_DISABLED', 'accountEnabled is false')
      : contractFailure('REGISTRATION_DIFFERS', 'it is enabled, and declared to be disabled'),
  )
}

/** What a gallery template brings is as declared where the declaration leaves it to the template. */
const OF_TEMPLATE = /^(appRoles|scopes|claims|tags|servicePrincipal\.tags)\b/

/** One check for all of them, or one for each that differs. */
function judgeSettings({ settings, template }: AppOutputs, live: Registration['settings']): Check[] {
  const isLeft = (path: string) =>
    template !== undefined && settings[path] === undefined && OF_TEMPLATE.test(path)
  const paths = [...new Set([...Object.keys(settings), ...Object.keys(live)])].filter(
    (path) => path !== ENABLED && !isLeft(path),
  )
  const differing = paths.flatMap((path) => {
    const [declared, found] = [settings[path] ?? defaultOf(path), live[path] ?? defaultOf(path)]
    return JSON.stringify(declared) === JSON.stringify(found) ? [] : [{ path, declared, found }]
  })
  if (differing.length === 0) return [passed('settings', 'all as declared')]
  return differing
    .toSorted((a, b) => a.path.localeCompare(b.path))
    .map(({ path, declared, found }) =>
      failed(`setting ${path}`, contractFailure('REGISTRATION_DIFFERS', difference(declared, found))),
    )
}

/** Of two lists what is in one of them only, else both values. */
function difference(declared: Value, found: Value): string {
  if (Array.isArray(declared) && Array.isArray(found) && declared.length > 0 && found.length > 0) {
    return missingAndExtra(declared, found)
  }
  return `it is ${shown(found)}, declared is ${shown(declared)}`
}

function shown(value: Value): string {
  if (value === null) return 'not set'
  if (typeof value === 'object') return value.length > 0 ? value.join('; ') : 'empty'
  return typeof value === 'string' ? `"${value}"` : String(value)
}

/** What is declared and what there is; a declaration that says nothing leaves them to the gallery template. */
function permissionsOf(facts: AppOutputs, live: Registration) {
  const declared = declaredPermissions(facts)
  const isLeft = facts.template !== undefined && declared.length === 0
  return [declared, isLeft ? [] : live.permissions] as const
}

function declaredPermissions({ permissions }: AppOutputs): string[] {
  return Object.values(permissions).flatMap(({ appId, application, delegated }) => [
    ...application.map((name) => permissionName(name, 'application', appId)),
    ...delegated.map((name) => permissionName(name, 'delegated', appId)),
  ])
}

function judgeSet(name: string, declared: readonly string[], live: readonly string[]): Check {
  const message = missingAndExtra(declared, live)
  return message === ''
    ? passed(name, 'as declared')
    : failed(name, contractFailure('REGISTRATION_DIFFERS', message))
}

function missingAndExtra(declared: readonly string[], live: readonly string[]): string {
  const missing = declared.filter((value) => !live.includes(value))
  const extra = live.filter((value) => !declared.includes(value))
  const parts = [
    missing.length > 0 && `missing: ${missing.join(', ')}`,
    extra.length > 0 && `not declared: ${extra.join(', ')}`,
  ]
  return parts.filter(Boolean).join('; ')
}

/** Our naming: the declared display name, then the generation. */
const GENERATION = / g\d+$/

/** Which of the two it is, only the engine's state tells. */
const ORPHAN_FIX =
  '`rotate` deletes what a killed run has left in the state, `rotate --prune` what is in no state'

function judgeSecrets(facts: AppOutputs, live: readonly LiveSecret[]): Check[] {
  const issued = Object.values(facts.secrets).flat()
  const names = new Set(issued.map(({ displayName }) => displayName.replace(GENERATION, '')))
  const known = new Map(issued.map((secret) => [secret.keyId, secret]))
  const unknown = live.filter(({ keyId }) => !known.has(keyId))
  const isOurs = ({ displayName }: LiveSecret) =>
    GENERATION.test(displayName) && names.has(displayName.replace(GENERATION, ''))
  const describe = ({ keyId, displayName, endDate }: LiveSecret) =>
    `"${displayName || 'without a name'}", key id ${keyId}, until ${endDate}`
  return [
    ...issued.flatMap((secret) => {
      const found = live.find(({ keyId }) => keyId === secret.keyId)
      const name = `secret ${secret.displayName}`
      if (!found)
        return failed(name, contractFailure('SECRET_GONE', `key id ${secret.keyId} is not in the directory`))
      if (Date.parse(found.endDate) === Date.parse(secret.endDate))
        return passed(name, `until ${found.endDate}`)
      const message = `it ends ${found.endDate}, not ${secret.endDate}`
      return failed(name, contractFailure('REGISTRATION_DIFFERS', message))
    }),
    ...unknown
      .filter(isOurs)
      .map((secret) =>
        warning('orphaned secrets', `${describe(secret)}: named like ours, but not recorded; ${ORPHAN_FIX}`),
      ),
    ...unknown
      .filter((secret) => !isOurs(secret))
      .map((secret) => warning('foreign secrets', `${describe(secret)}: not issued by this stack`)),
  ]
}

/** Trusts of our own by name; any other one lets somebody log in whom nobody here knows. */
function judgeFederation(facts: AppOutputs, live: Registration['federatedCredentials']): Check[] {
  const shownAs = ({ issuer, audience, ...trust }: Omit<FederationOutputs, 'since'>) =>
    `${subjectOrExpression(trust)} of ${issuer} for ${audience}`
  const declared = Object.entries(facts.federatedCredentials)
  return [
    ...declared.map(([key, trust]) => {
      const name = `federated credential ${key}`
      const found = live.find((each) => each.name === key)
      if (found && shownAs(found) === shownAs(trust)) return passed(name, shownAs(trust))
      const message = found
        ? `it trusts ${shownAs(found)}, declared is ${shownAs(trust)}`
        : 'it is not in the directory'
      return failed(name, contractFailure('REGISTRATION_DIFFERS', message))
    }),
    ...live
      .filter(({ name }) => !declared.some(([key]) => key === name))
      .map((each) =>
        warning('foreign federated credentials', `"${each.name}" trusts ${shownAs(each)}: not declared`),
      ),
  ]
}

/**
 * A stack gives credentials to the application alone, beside what signs SAML tokens; others of its service principal open the
 * same doors.
 */
function judgePrincipalCredentials(
  { signingCertificates = {} }: AppOutputs,
  live: readonly LivePrincipalCredential[],
): Check[] {
  const ours = new Set(Object.values(signingCertificates).map(({ thumbprint }) => thumbprint))
  const others = live.filter(({ thumbprint }) => !ours.has(thumbprint))
  const byThumbprint = new Map(others.map((each) => [each.thumbprint || each.keyId, each]))
  return [...byThumbprint.values()].map(({ keyId, displayName, endDate }) =>
    warning(
      'credentials of the service principal',
      `"${displayName || 'without a name'}", key id ${keyId}, until ${endDate}: not issued by this stack`,
    ),
  )
}

function judgeCertificates(facts: AppOutputs, live: Registration['certificates']): Check[] {
  const declared = Object.entries(facts.certificates).flatMap(([name, all]) =>
    all.map((each) => ({
      ...each,
      label: each.generation === undefined ? name : `${name} g${each.generation}`,
    })),
  )
  const thumbprints = new Set(declared.map(({ thumbprint }) => thumbprint))
  return [
    ...declared.map(({ keyId, label }) => {
      const found = live.find((each) => each.keyId === keyId)
      const name = `certificate ${label}`
      if (found) return passed(name, `until ${found.endDate}`)
      return failed(name, contractFailure('CERTIFICATE_GONE', `key id ${keyId} is not in the directory`))
    }),
    ...live
      .filter(({ keyId }) => !declared.some((each) => each.keyId === keyId))
      .map(({ keyId, name, endDate, thumbprint }) => {
        const said = `${name || 'without a name'}, key id ${keyId}, until ${endDate}`
        return thumbprints.has(thumbprint)
          ? warning(
              'orphaned certificates',
              `${said}: a copy of one of ours, but not recorded; ${ORPHAN_FIX}`,
            )
          : warning('foreign certificates', `${said}: not issued by this stack`)
      }),
  ]
}
