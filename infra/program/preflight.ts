import { mapValues } from '../../lib/map-values.ts'
import { publishedApisByName } from '../../microsoft/apis.ts'
import { canonicalApiName } from '../../microsoft/well-known-apis.ts'
import type { DeclaredIdentity } from '../declaration/identity.ts'
import { resolveReferences } from '../declaration/permission-references.ts'
import { DeclarationError, type Problem } from '../declaration/problems.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { type ApiDirectory, ApiLookupError } from '../registration/apis.ts'
import { logWarnings } from '../registration/log-warnings.ts'
import { checkPermissions, consentOf, publishedBy } from '../registration/permissions.ts'
import { type PrincipalDirectory, PrincipalLookupError } from '../registration/principals.ts'
import { judgeIdentities, type ParsedIdentities, parseIdentities } from '../rules/identities.ts'
import type { Finding } from '../rules/rule.ts'
import {
  judgeDeclaration,
  type ParsedDeclaration,
  parseDeclaration,
  type ReadingOptions,
} from '../rules/validate.ts'

/** Who is asked about the names in a declaration. */
export interface Directories {
  readonly apis: ApiDirectory
  readonly principals: PrincipalDirectory
}

/** Rules that the tenant's own answer takes the place of. */
const ASKED_OF_TENANT: readonly string[] = ['EA609', 'EA610']

/** The findings of a declaration that is about to be deployed: which names there are is asked of the tenant itself. */
export function judgeForDeployment(parsed: ParsedDeclaration, options: ReadingOptions): readonly Finding[] {
  const findings = judgeDeclaration(parsed, { ...options, catalogue: publishedApisByName() })
  return findings.filter(({ code }) => !ASKED_OF_TENANT.includes(code))
}

/** The same for identities. */
export function judgeIdentitiesForDeployment(
  parsed: ParsedIdentities,
  apps: Readonly<Record<string, AppDeclaration>>,
  options: ReadingOptions,
): readonly Finding[] {
  const findings = judgeIdentities(parsed, apps, { ...options, catalogue: publishedApisByName() })
  return findings.filter(({ code }) => !ASKED_OF_TENANT.includes(code))
}

/**
 * The applications to register, and the identities to grant to, checked as far as it goes without changing anything: the
 * declaration by its form and the rules, and every name of an API, a permission, a user, a group or a service principal
 * against the tenant. Warnings are logged.
 *
 * @throws DeclarationError with all problems together
 */
export async function declaredStack(
  value: unknown,
  identitiesValue: unknown,
  directories: Directories,
  stackFile: string,
  options: ReadingOptions,
): Promise<{
  readonly declared: Record<string, AppDeclaration>
  readonly identities: Record<string, DeclaredIdentity>
}> {
  const parsed = parseDeclaration(value, identitiesValue !== undefined)
  const identities = parseIdentities(identitiesValue)
  const findings = [
    ...judgeForDeployment(parsed, options),
    ...judgeIdentitiesForDeployment(identities, parsed.apps, options),
  ]
  logWarnings(findings.filter(({ severity }) => severity === 'warning'))
  const granted = mapValues(identities.identities, ({ app }) => app)
  const failures = new Set<Error>()
  const [unknown, unknownOfIdentities, absent] = await Promise.all([
    unknownNames(parsed.apps, parsed.apps, directories, failures),
    unknownNames(granted, parsed.apps, directories, failures),
    absentIdentities(identities.identities, directories.principals, failures),
  ])
  const problems = [
    ...findings.filter(({ severity }) => severity === 'error'),
    ...unknown.map((each) => ({ ...each, path: ['apps', ...parsed.pathAsWritten(each.path)] })),
    ...[...unknownOfIdentities, ...absent].map((each) => ({
      ...each,
      path: ['identities', ...identities.pathAsWritten(each.path)],
    })),
  ]
  if (problems.length > 0) throw new DeclarationError(problems, stackFile)
  const named = await byOneName(granted, parsed.apps, directories.apis)
  return {
    declared: await byOneName(parsed.apps, parsed.apps, directories.apis),
    identities: mapValues(identities.identities, (identity, name) => ({
      ...identity,
      app: named[name] ?? identity.app,
    })),
  }
}

/** @returns problems with paths from the application's name down; a look-up that fails is told once */
async function unknownNames(
  asking: Readonly<Record<string, AppDeclaration>>,
  apps: Readonly<Record<string, AppDeclaration>>,
  { apis, principals }: Directories,
  failures: Set<Error>,
): Promise<Problem[]> {
  const checks = Object.entries(asking).map(async ([name, app]) => {
    const found = await Promise.all([
      checkPermissionNames(app, apps, apis, failures),
      checkPeople(app, apps, principals, failures),
    ])
    return found.flat().map((problem) => ({ ...problem, path: [name, ...problem.path] }))
  })
  return (await Promise.all(checks)).flat()
}

async function absentIdentities(
  identities: Readonly<Record<string, DeclaredIdentity>>,
  principals: PrincipalDirectory,
  failures: Set<Error>,
): Promise<Problem[]> {
  const checks = Object.entries(identities).map(([name, { reference }]) => {
    const [key = 'name'] = Object.entries(reference).flatMap(([each, value]) =>
      value === undefined ? [] : [each],
    )
    return orProblem([name, key], failures, async () => {
      await principals.identity(reference)
      return []
    })
  })
  return (await Promise.all(checks)).flat()
}

/** The applications with every reference resolved by what the tenant's APIs publish. */
async function byOneName(
  asking: Readonly<Record<string, AppDeclaration>>,
  apps: Readonly<Record<string, AppDeclaration>>,
  apis: ApiDirectory,
): Promise<Record<string, AppDeclaration>> {
  const named = new Map(
    Object.values(asking).flatMap((app) =>
      [app.permissions, app.consented ?? {}].flatMap((each) =>
        Object.keys(each)
          .filter((api) => !Object.hasOwn(apps, api))
          .map((api) => [canonicalApiName(api), apis.findFor(api, app)] as const),
      ),
    ),
  )
  const published = new Map(
    await Promise.all([...named].map(async ([api, found]) => [api, publishedBy(await found)] as const)),
  )
  return mapValues(asking, (app, name) => resolveReferences(name, app, apps, (api) => published.get(api)))
}

/**
 * Names of the APIs outside the stack; what its own applications offer is known without asking the tenant. APIs that the
 * tenant does not have are reported together.
 */
async function checkPermissionNames(
  app: AppDeclaration,
  apps: Readonly<Record<string, AppDeclaration>>,
  apis: ApiDirectory,
  failures: Set<Error>,
): Promise<Problem[]> {
  const checks = (['permissions', 'consented'] as const).flatMap((setting) =>
    Object.entries(app[setting] ?? {})
      .filter(([apiName]) => !Object.hasOwn(apps, apiName))
      .map(async ([apiName, permissions]) => {
        const path = [setting, apiName]
        const isConsented = setting === 'consented' || consentOf(app)[apiName] !== undefined
        return await orProblem(path, failures, async () => {
          const found = checkPermissions(await apis.findFor(apiName, app), permissions, isConsented)
          return found.map((problem) => ({ ...problem, path: [setting, ...problem.path.slice(1)] }))
        })
      }),
  )
  return (await Promise.all(checks)).flat()
}

async function checkPeople(
  app: AppDeclaration,
  apps: Readonly<Record<string, AppDeclaration>>,
  principals: PrincipalDirectory,
  failures: Set<Error>,
): Promise<Problem[]> {
  const outside = (owners: readonly string[], path: readonly string[]) =>
    owners.flatMap((owner, i) =>
      Object.hasOwn(apps, owner) ? [] : [{ path: [...path, i], found: principals.outsideOwner(owner) }],
    )
  const owners = [
    ...outside(app.owners, ['owners']),
    ...outside(app.servicePrincipal.owners ?? [], ['servicePrincipal', 'owners']),
  ]
  const assigned = app.assignments.map(({ user, group }, i) => ({
    path: ['assignments', i],
    found: user === undefined ? principals.group(group ?? '') : principals.user(user),
  }))
  const trusted = Object.entries(app.federatedCredentials).flatMap(([credential, { managedIdentity }]) =>
    managedIdentity?.name === undefined
      ? []
      : [
          {
            path: ['federatedCredentials', credential, 'managedIdentity', 'name'],
            found: principals.servicePrincipal(managedIdentity.name),
          },
        ],
  )
  const checks = [...owners, ...assigned, ...trusted].map(({ path, found }) =>
    orProblem(path, failures, async () => {
      await found
      return []
    }),
  )
  return (await Promise.all(checks)).flat()
}

/** What the check finds, or the failure of the look-up as a problem, unless another place has told it already. */
async function orProblem(
  path: Problem['path'],
  failures: Set<Error>,
  check: () => Promise<Problem[]>,
): Promise<Problem[]> {
  try {
    return await check()
  } catch (error) {
    if (!(error instanceof PrincipalLookupError || error instanceof ApiLookupError)) throw error
    if (failures.has(error)) return []
    failures.add(error)
    return [{ path, message: error.message, fix: error.fix }]
  }
}
