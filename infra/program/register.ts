import * as pulumi from '@pulumi/pulumi'
import type { AppOutputs } from '../contract/outputs.ts'
import { DeclarationError, renderProblem } from '../declaration/problems.ts'
import type { AppDeclaration, AppDeclarationInput } from '../declaration/schema.ts'
import { projectReader } from '../declaration/stack-declaration.ts'
import { ApiDirectory } from '../registration/apis.ts'
import { AppRegistration, type StackContext } from '../registration/app-registration.ts'
import type { ListOrder } from '../registration/list-order.ts'
import { PrincipalDirectory } from '../registration/principals.ts'
import { StackApps } from '../registration/stack-apps.ts'
import type { Generation, Ledger } from '../rotation/generation.ts'
import { advanceLedger } from '../rotation/ledger.ts'
import { policiesOf } from '../rotation/policy.ts'
import { readDeclaration } from '../rules/validate.ts'
import { type PreviousDeployment, underPresentNames } from './previous-deployment.ts'

export interface RegisterOptions {
  /**
   * What `previousDeployment()` found. Default: nothing, as before the first deployment: each secret has its first
   * generation, and none is ever rotated.
   */
  readonly previous?: Pick<PreviousDeployment, 'ledger'> &
    Partial<Pick<PreviousDeployment, 'values' | 'facts' | 'listOrder'>>
  /** Where the paths in declarations start. Default: the current directory. */
  readonly projectDir?: string
  /** The resource that the applications belong to. */
  readonly parent?: pulumi.Resource
  /** The azuread provider to use. Default: the parent's, else the stack's. */
  readonly provider?: pulumi.ProviderResource
}

/** Applications as they are registered, by name. */
export interface RegisteredApps<Name extends string = string> {
  readonly registrations: Readonly<Record<Name, AppRegistration>>
  /**
   * What a program exports so that the commands `verify`, `report` and the next deployment find it:
   *
   *     export const { apps, secretValues, ledger } = registered.outputs
   */
  readonly outputs: {
    /** Facts of each application, free of secrets. */
    readonly apps: Readonly<Record<string, pulumi.Output<AppOutputs>>>
    /** Secret values, keys and certificates by application, credential and generation. A Pulumi secret. */
    readonly secretValues: pulumi.Output<Record<string, Record<string, Record<string, string>>>>
    /** Which generations there are and were; read back by the next deployment. */
    readonly ledger: Readonly<Record<string, pulumi.Output<Record<string, Generation[]>>>>
  }
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
export function registerApps<Name extends string>(
  apps: Readonly<Record<Name, AppDeclarationInput>>,
  options: RegisterOptions = {},
): RegisteredApps<Name> {
  const { previous, projectDir = process.cwd(), parent, provider } = options
  const read = projectReader(projectDir)
  const { env } = process
  const checked = readDeclaration(apps, { read, env })
  for (const warning of checked.warnings) void pulumi.log.warn(renderProblem(warning).trimStart(), parent)
  if (!checked.ok) throw new DeclarationError(checked.problems, 'the applications of registerApps')
  const declared = checked.value
  const before = underPresentNames(previous?.ledger ?? {}, declared)
  const { ledger } = advanceLedger(before, policiesOf(declared), [], new Date())
  const context = { ...(parent && { parent }), ...(provider && { provider }) }
  return registerAll(declared, ledger, {
    apis: new ApiDirectory(context),
    principals: new PrincipalDirectory(context),
    read,
    env,
    values: underPresentNames(previous?.values ?? {}, declared),
    listOrder: underPresentNames(previous?.listOrder ?? {}, declared),
    facts: underPresentNames(previous?.facts ?? {}, declared),
    options: context,
  }) as RegisteredApps<Name>
}

/** What {@link registerAll} needs beside the applications and their generations. */
interface RegisterAllOptions extends Omit<StackContext, 'stackApps'> {
  /** Secret values and keys of the last deployment, under the present names of the applications. */
  readonly values: PreviousDeployment['values']
  /** ListOrder of lists that were adopted in an order of their own, under the present names. Default: none. */
  readonly listOrder?: Readonly<Record<string, ListOrder>>
  /** What the last deployment recorded of each application, under their present names, too. */
  readonly facts: PreviousDeployment['facts']
  readonly options?: pulumi.ComponentResourceOptions
}

/** Registers applications that are checked already, with these generations of their credentials. */
export function registerAll(
  declared: Readonly<Record<string, AppDeclaration>>,
  ledger: Ledger,
  { values, facts, listOrder = {}, options, ...shared }: RegisterAllOptions,
): RegisteredApps {
  const stack = { ...shared, stackApps: new StackApps(declared) }
  const entries = Object.entries(declared).map(([name, app]) => {
    const former = facts[name]
    const known = {
      generations: ledger[name] ?? {},
      knownValues: pulumi.secret(values[name] ?? {}),
      listOrder: listOrder[name] ?? {},
      ...(former && { former }),
    }
    return [name, new AppRegistration(name, { ...app, stack, ...known }, options)] as const
  })
  return {
    registrations: Object.fromEntries(entries),
    outputs: {
      apps: Object.fromEntries(entries.map(([name, app]) => [name, app.outputs])),
      secretValues: pulumi.secret(Object.fromEntries(entries.map(([name, app]) => [name, app.secretValues]))),
      ledger: Object.fromEntries(entries.map(([name, app]) => [name, app.generations])),
    },
  }
}
