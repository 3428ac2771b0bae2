import type { AppOutputs } from '../../../infra/outputs.ts'
import { contractFailure } from '../catalogue/index.ts'
import { failed, passed, warning } from '../check.ts'
import type { Check } from '../report.ts'
import { type LiveSecret, permissionName, type Registration } from './registration.ts'

/** Compares a registration in the directory with what the stack knows of it. Pure. */
export function judgeRegistration(facts: AppOutputs, live: Registration, deployerId?: string): Check[] {
  return [
    ...judgeSets(facts, live),
    ...judgeSecrets(facts, live.secrets),
    ...judgeCertificates(facts, live.certificates),
    ...judgeOwners(live, deployerId),
    live.enabled
      ? passed('service principal', 'enabled')
      : failed('service principal', contractFailure('PRINCIPAL_DISABLED', 'accountEnabled is false')),
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
    judgeSet('requested permissions', declaredPermissions(facts), live.permissions),
  ]
}

function declaredPermissions({ permissions }: AppOutputs): string[] {
  return Object.values(permissions).flatMap(({ appId, application, delegated }) => [
    ...application.map((name) => permissionName(name, 'application', appId)),
    ...delegated.map((name) => permissionName(name, 'delegated', appId)),
  ])
}

function judgeSet(name: string, declared: readonly string[], live: readonly string[]): Check {
  const missing = declared.filter((value) => !live.includes(value))
  const extra = live.filter((value) => !declared.includes(value))
  if (missing.length === 0 && extra.length === 0) return passed(name, 'as declared')
  const parts = [
    missing.length > 0 && `missing: ${missing.join(', ')}`,
    extra.length > 0 && `not declared: ${extra.join(', ')}`,
  ]
  return failed(name, contractFailure('REGISTRATION_DIFFERS', parts.filter(Boolean).join('; ')))
}

/** Our naming: the declared display name, then the generation. */
const GENERATION = / g\d+$/

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
      .map((secret) => warning('orphaned secrets', `${describe(secret)}: named like ours, but in no state`)),
    ...unknown
      .filter((secret) => !isOurs(secret))
      .map((secret) => warning('foreign secrets', `${describe(secret)}: not issued by this stack`)),
  ]
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
          ? warning('orphaned certificates', `${said}: a copy of one of ours, but in no state`)
          : warning('foreign certificates', `${said}: not issued by this stack`)
      }),
  ]
}

function judgeOwners({ owners }: Registration, deployerId: string | undefined): Check[] {
  if (deployerId === undefined) return []
  const others = owners.filter(({ id }) => id !== deployerId)
  const checks = others.map(({ id, name }) =>
    warning('owners', `${name} (${id}) is an owner, but not declared`),
  )
  if (!owners.some(({ id }) => id === deployerId)) {
    checks.push(
      warning(
        'owners',
        'the deployer is no owner: Application.ReadWrite.OwnedBy does not let it change this',
      ),
    )
  }
  return checks.length > 0 ? checks : [passed('owners', 'the deployer alone')]
}
