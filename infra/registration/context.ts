import type * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import { type Cloud, cloudOf } from '../../microsoft/clouds.ts'
import { type ExposedIds, exposedIds } from '../declaration/derived-ids.ts'
import { DeclarationError } from '../declaration/problems.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { projectReader } from '../declaration/stack-declaration.ts'
import type { Retirement } from '../retirement/retirement.ts'
import type { Generation } from '../rotation/generation.ts'
import { advanceLedger } from '../rotation/ledger.ts'
import { policiesOf } from '../rotation/policy.ts'
import { readAppDeclaration } from '../rules/validate.ts'
import { ApiDirectory } from './apis.ts'
import { type AppInput, type Restore, restoring, takeOutputs } from './declared-outputs.ts'
import type { FormerFacts } from './former-names.ts'
import type { ListOrder } from './list-order.ts'
import { logWarnings } from './log-warnings.ts'
import { PrincipalDirectory } from './principals.ts'
import { byPublishedNames } from './published-names.ts'
import { StackApps } from './stack-apps.ts'

/** What the applications of one stack share. */
export interface StackContext {
  /** Look-up of APIs, so that many applications ask the tenant once. */
  readonly apis: ApiDirectory
  /** Look-up of users, groups and service principals. */
  readonly principals: PrincipalDirectory
  /** The applications by name, already checked together. */
  readonly stackApps: StackApps
  /** Reads files that declarations name. */
  readonly read: (file: string) => Uint8Array | undefined
  /** Holds the passphrases that declarations name variables for. */
  readonly env: NodeJS.ProcessEnv
  readonly cloud: Cloud
}

/** Arguments of an `AppRegistration` beside the declaration. */
export interface RegistrationState {
  /**
   * Generations of each secret and of each certificate that is made here, by name. Default: a first generation for
   * each, issued now. Pass what {@link advanceLedger} makes of the last deployment's `generations` to rotate.
   */
  readonly generations?: Readonly<Record<string, readonly Generation[]>>
  /**
   * The last deployment's `secretValues`. Default: none; each deployment then makes keys for its certificates that it
   * throws away, because the state keeps the first ones.
   */
  readonly knownValues?: pulumi.Input<KnownValues>
  /** Order of lists that were adopted in an order of their own, as in the last deployment's `outputs`. Default: none. */
  readonly listOrder?: ListOrder
  /**
   * The last deployment's `outputs`, by which what is only renamed keeps its object. Default: none; what Entra allows
   * once is then refused under a new name until the old one is gone.
   */
  readonly former?: FormerFacts
  /** Since when it is at its end, and until when it is kept. Default: it is not. */
  readonly retirement?: Retirement | undefined
  /** For applications that refer to each other, as `registerApps` makes them. Default: this one stands alone. */
  readonly stack?: StackContext
  /** Puts back the outputs that `registerApps` took out of the declaration. Default: what this one takes out itself. */
  readonly restore?: Restore
}

/** Secret values and keys, by name of the credential and generation. */
export type KnownValues = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What the resources of one application are made from. */
export interface RegistrationContext extends StackContext {
  /** Name of the application in the declaration; the names of its resources start with it. */
  readonly name: string
  readonly app: AppDeclaration
  readonly ids: ExposedIds
  /** By name of the credential. */
  readonly generations: Readonly<Record<string, readonly Generation[]>>
  readonly knownValues: pulumi.Output<KnownValues>
  readonly listOrder: ListOrder
  /** What the last deployment recorded, to recognise what is only renamed. */
  readonly former: FormerFacts | undefined
  readonly retirement: Retirement | undefined
  /** Puts the outputs of other resources in the place of what stands for them in {@link app}. */
  readonly restore: Restore
  /** Who deploys, and to which tenant. */
  readonly deployer: pulumi.Output<azuread.GetClientConfigResult>
  /** The component that the resources belong to. */
  readonly parent: pulumi.Resource
}

/** The same once the application object is registered. */
export interface ApplicationContext extends RegistrationContext {
  readonly application: azuread.Application
}

/** @throws DeclarationError with every mistake in the arguments that can be seen without the tenant */
export function registrationContext(
  name: string,
  args: AppInput & RegistrationState,
  parent: pulumi.Resource,
): RegistrationContext {
  const { generations, knownValues = {}, former, retirement, stack, listOrder = {}, restore, ...input } = args
  const { read = projectReader(process.cwd()), env = process.env } = stack ?? {}
  const cloud = stack?.cloud ?? cloudOf(new pulumi.Config('azuread').get('environment'), env)
  const declared = stack?.stackApps.apps[name]
  const { app, ...taken } = declared
    ? { app: declared, restore }
    : checked(name, input, { read, env, cloud }, parent)
  const alone = () => ({
    apis: new ApiDirectory({ parent }),
    principals: new PrincipalDirectory({ parent }),
    stackApps: new StackApps({ [name]: app }),
    read,
    env,
    cloud,
  })
  const shared = stack ?? alone()
  return {
    ...shared,
    name,
    app,
    ids: exposedIds(name, app),
    generations: generations ?? firstGenerations(name, app),
    knownValues: pulumi.output(knownValues),
    listOrder,
    former,
    retirement,
    restore: taken.restore ?? ((value) => value),
    deployer: shared.principals.deployer,
    parent,
  }
}

function firstGenerations(name: string, app: AppDeclaration): RegistrationContext['generations'] {
  return advanceLedger({}, policiesOf({ [name]: app }), [], new Date()).ledger[name] ?? {}
}

/** @throws DeclarationError */
function checked(
  name: string,
  input: AppInput,
  sources: Pick<StackContext, 'read' | 'env' | 'cloud'>,
  resource: pulumi.Resource,
): { readonly app: AppDeclaration; readonly restore: Restore } {
  const source = `the arguments of AppRegistration "${name}"`
  const check = (declaration: unknown) => readAppDeclaration(name, declaration, sources)
  const taken = takeOutputs(input)
  const result = check(taken.declaration)
  logWarnings(result.warnings, resource)
  const problems = [...taken.problems, ...(result.ok ? [] : result.problems)]
  if (!result.ok || problems.length > 0) throw new DeclarationError(problems, source)
  const app = byPublishedNames({ [name]: result.value })[name] as AppDeclaration
  return { app, restore: restoring(taken, check, source) }
}
