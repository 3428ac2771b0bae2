import { rotatedCredentials } from '../../infra/declaration/rotated-credentials.ts'
import type { AppDeclaration } from '../../infra/declaration/schema.ts'
import { DAY, parseDuration } from '../../lib/duration.ts'
import { passed, skipped } from '../proof/checks/check.ts'
import type { DirectoryReader, Entity } from '../proof/directory/reader.ts'
import type { Check } from '../proof/model/report.ts'

const NAME = "the tenant's rules about secrets and certificates"
const REFERENCE = 'tenantAppManagementPolicy resource type'

/** Reads the tenant's default app management policy, where the deployer may, and holds the declared credentials against it. */
export async function checkPolicy(
  reader: DirectoryReader,
  apps: Readonly<Record<string, AppDeclaration>>,
  now: Date,
): Promise<Check[]> {
  const policy = await reader.object('/policies/defaultAppManagementPolicy')
  if (policy.ok) return judgePolicy(policy.value, apps, now)
  const { code, meaning } = policy.failure
  return [skipped(NAME, `cannot be read (${code}: ${meaning}); it takes Policy.Read.All`)]
}

interface Restriction {
  readonly type: string
  readonly maxLifetimeMs?: number
}

/** Judges declared secrets, and certificates that are made here, by the policy. Pure. */
export function judgePolicy(
  policy: Entity,
  apps: Readonly<Record<string, AppDeclaration>>,
  now: Date,
): Check[] {
  if (policy['isEnabled'] !== true) return [passed(NAME, 'the policy is switched off')]
  const passwords = restrictionsOn('passwordCredentials', policy, now)
  const certificates = restrictionsOn('keyCredentials', policy, now)
  const checks = Object.entries(apps).flatMap(([app, declared]) =>
    Object.entries(rotatedCredentials(declared)).flatMap(([name, { kind, lifetime }]) =>
      kind === 'certificate'
        ? certificates.flatMap((each) => judgeLifetime(`${app}/${name}`, lifetime, each, CERTIFICATE))
        : passwords.flatMap((each) => judgeSecret(`${app}/${name}`, lifetime, each)),
    ),
  )
  return checks.length > 0 ? checks : [passed(NAME, 'the declared secrets and certificates are within them')]
}

function restrictionsOn(
  list: 'passwordCredentials' | 'keyCredentials',
  policy: Entity,
  now: Date,
): Restriction[] {
  const { [list]: restrictions } = object(policy['applicationRestrictions'])
  const entries = Array.isArray(restrictions) ? restrictions.map(object) : []
  return entries.filter((entry) => inForce(entry, now)).map(toRestriction)
}

/** A restriction counts for applications made after its date; the ones declared here may be made now. */
function inForce(entry: Entity, now: Date): boolean {
  const from = entry['restrictForAppsCreatedAfterDateTime']
  return entry['state'] !== 'disabled' && (typeof from !== 'string' || Date.parse(from) <= now.getTime())
}

function toRestriction(entry: Entity): Restriction {
  const maxLifetime = entry['maxLifetime']
  const type = String(entry['restrictionType'])
  return typeof maxLifetime === 'string' ? { type, maxLifetimeMs: isoDuration(maxLifetime) } : { type }
}

function judgeSecret(name: string, lifetime: string, restriction: Restriction): Check[] {
  if (restriction.type !== 'passwordAddition') return judgeLifetime(name, lifetime, restriction, SECRET)
  const meaning = 'the tenant forbids client secrets'
  return [refused(`secret ${name}`, 'CredentialTypeNotAllowedAsPerAppPolicy', meaning, FEDERATE)]
}

/** A kind of credential, and what restricts its lifetime. */
interface Limited {
  readonly kind: string
  readonly restrictionType: string
}

const SECRET: Limited = { kind: 'secret', restrictionType: 'passwordLifetime' }
const CERTIFICATE: Limited = { kind: 'certificate', restrictionType: 'asymmetricKeyLifetime' }

function judgeLifetime(
  name: string,
  lifetime: string,
  { type, maxLifetimeMs }: Restriction,
  { kind, restrictionType }: Limited,
): Check[] {
  if (type !== restrictionType || maxLifetimeMs === undefined) return []
  if (parseDuration(lifetime) <= maxLifetimeMs) return []
  const days = Math.floor(maxLifetimeMs / DAY)
  const meaning = `the tenant allows ${kind}s to live ${days} d, and ${lifetime} are declared`
  const fix = `declare lifetime: ${days}d or less`
  return [refused(`${kind} ${name}`, 'CredentialInvalidLifetimeAsPerAppPolicy', meaning, fix)]
}

const FEDERATE = 'use a federated credential or a certificate, or ask for an exception to the policy'

function refused(name: string, code: string, meaning: string, fix: string): Check {
  return {
    name,
    status: 'failed',
    detail: `${code}: ${meaning}`,
    explanation: {
      source: 'contract',
      code,
      message: meaning,
      meaning,
      fix,
      reference: REFERENCE,
      support: {},
    },
  }
}

/** ISO 8601 as the policy writes it: `P90D`, `P6M`, `P4DT12H`. A month counts 30 days, a year 365. */
export function isoDuration(text: string): number {
  const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
    text,
  )
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = (match ?? [])
    .slice(1)
    .map((part) => Number(part ?? 0))
  const inDays = years * 365 + months * 30 + weeks * 7 + days
  return inDays * DAY + ((hours * 60 + minutes) * 60 + seconds) * 1000
}

function object(value: unknown): Entity {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
