import * as pulumi from '@pulumi/pulumi'
import { mapValues } from '../../lib/map-values.ts'
import { cloudOf } from '../../microsoft/clouds.ts'
import { readIntent } from '../contract/intent.ts'
import type { IdentityDeclarationInput } from '../declaration/identity.ts'
import { DeclarationError } from '../declaration/problems.ts'
import { projectReader } from '../declaration/stack-declaration.ts'
import { ApiDirectory } from '../registration/apis.ts'
import { type AppInput, restoring, type TakenOutputs, takeOutputs } from '../registration/declared-outputs.ts'
import { logWarnings } from '../registration/log-warnings.ts'
import { PrincipalDirectory } from '../registration/principals.ts'
import { parseIdentities } from '../rules/identities.ts'
import { parseDeclaration, readAppDeclaration } from '../rules/validate.ts'
import { deploy, type RegisteredApps } from './deploy.ts'
import { judgeForDeployment, judgeIdentitiesForDeployment } from './preflight.ts'
import type { PreviousDeployment } from './previous-deployment.ts'

export interface RegisterOptions {
  /**
   * What `previousDeployment()` found. Default: nothing, as before the first deployment: each secret has its first
   * generation, and none is ever rotated.
   */
  readonly previous?: Partial<PreviousDeployment>
  /** Where the paths in declarations start. Default: the current directory. */
  readonly projectDir?: string
  /** Identities that exist without a registration, and what each is granted. Default: none. */
  readonly identities?: Readonly<Record<string, IdentityDeclarationInput>>
  /** The resource that the applications belong to. */
  readonly parent?: pulumi.Resource
  /** The azuread provider to use. Default: the parent's, else the stack's. */
  readonly provider?: pulumi.ProviderResource
}

/**
 * Registers several applications that may refer to each other by name: as APIs, clients and owners.
 *
 *     const registered = registerApps(
 *       {
 *         'files-api': { displayName: 'Files API', appRoles: { Reader: { displayName: 'Reader', description: 'Reads' } } },
 *         importer: { displayName: 'Importer', permissions: { 'files-api': { application: ['Reader'] } }, consent: 'grant' },
 *       },
 *       { previous: await previousDeployment() },
 *     )
 *
 * @throws DeclarationError with every mistake that can be seen without the tenant, before anything is registered
 */
export function registerApps<const Name extends string>(
  apps: Readonly<Record<Name, AppInput>>,
  { previous = {}, projectDir = process.cwd(), identities, parent, provider }: RegisterOptions = {},
): RegisteredApps<Name> {
  const { env } = process
  const read = projectReader(projectDir)
  const cloud = cloudOf(new pulumi.Config('azuread').get('environment'), env)
  const options = { ...(parent && { parent }), ...(provider && { provider }) }
  const taken = mapValues<unknown, TakenOutputs>(apps, takeOutputs)
  const parsed = parseDeclaration(
    mapValues(taken, ({ declaration }) => declaration),
    identities !== undefined,
  )
  const granted = parseIdentities(identities)
  const findings = [
    ...judgeForDeployment(parsed, { cloud, read, env }),
    ...judgeIdentitiesForDeployment(granted, parsed.apps, { cloud, read, env }),
  ]
  const problems = [
    ...Object.entries(taken).flatMap(([name, { problems }]) =>
      problems.map((each) => ({ ...each, path: ['apps', name, ...each.path] })),
    ),
    ...findings.filter(({ severity }) => severity === 'error'),
  ]
  logWarnings(
    findings.filter(({ severity }) => severity === 'warning'),
    parent,
  )
  if (problems.length > 0) throw new DeclarationError(problems, 'the applications of registerApps')
  const restore = mapValues(taken, (each, name) =>
    restoring(
      each,
      (app) => readAppDeclaration(name, app, { cloud, read, env }, parsed.apps),
      `the application "${name}" of registerApps`,
    ),
  )
  return deploy({
    declared: parsed.apps,
    identities: granted.identities,
    previous,
    intent: readIntent(env),
    restore,
    apis: new ApiDirectory(options),
    principals: new PrincipalDirectory(options),
    read,
    env,
    cloud,
    options,
  }) as RegisteredApps<Name>
}
