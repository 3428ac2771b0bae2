import * as pulumi from '@pulumi/pulumi'
import type { ConstructResult } from '@pulumi/pulumi/provider/index.js'
import { type Intent, readIntent } from '../../infra/contract/intent.ts'
import { DeclarationError } from '../../infra/declaration/problems.ts'
import { projectReader } from '../../infra/declaration/stack-declaration.ts'
import { checkTenant } from '../../infra/program/check-tenant.ts'
import { deploy } from '../../infra/program/deploy.ts'
import { declaredStack } from '../../infra/program/preflight.ts'
import { type PreviousDeployment, previousDeployment } from '../../infra/program/previous-deployment.ts'
import { findProjectDir } from '../../infra/program/project-dir.ts'
import { ApiDirectory } from '../../infra/registration/apis.ts'
import { restoring, takeOutputs } from '../../infra/registration/declared-outputs.ts'
import { PrincipalDirectory } from '../../infra/registration/principals.ts'
import { readAppDeclaration } from '../../infra/rules/validate.ts'
import { mapValues } from '../../lib/map-values.ts'
import { cloudOf } from '../../microsoft/clouds.ts'
import { settledInputs } from './settled-inputs.ts'

/**
 * Registers one application for a program of any language, as `registerApps` does for a program of TypeScript: with the
 * generations that the stack's own output `ledger` holds under this name, and the steps of a rotation under way.
 *
 * @throws DeclarationError with every mistake in the inputs, before anything is registered
 */
export async function constructAppRegistration(
  name: string,
  inputs: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
  env: NodeJS.ProcessEnv,
): Promise<ConstructResult> {
  const source = `the inputs of AppRegistration "${name}"`
  const azuread = new pulumi.Config('azuread')
  checkTenant(azuread.get('tenantId'), env, source)
  const taken = takeOutputs(await settledInputs(inputs))
  if (taken.problems.length > 0) throw new DeclarationError(taken.problems, source)
  const cloud = cloudOf(azuread.get('environment'), env)
  const sources = { read: projectReader(findProjectDir('', process.cwd(), env)), env, cloud }
  const lookups = providerOf(options)
  const directories = { apis: new ApiDirectory(lookups), principals: new PrincipalDirectory(lookups) }
  const stack = await declaredStack(
    { [name]: taken.declaration },
    undefined,
    directories,
    source,
    sources,
  ).catch((error) => {
    // Paths of a stack's declaration start with apps.NAME, which the inputs have not; a mistake there is one of the name.
    if (!(error instanceof DeclarationError)) throw error
    throw new DeclarationError(
      error.problems.map((each) => ({ ...each, path: each.path.length > 2 ? each.path.slice(2) : ['name'] })),
      source,
    )
  })
  const known = [name, ...(stack.declared[name]?.formerly ?? [])]
  const { registrations } = deploy({
    ...stack,
    previous: previousOf(await previousDeployment(), known),
    intent: intentOf(readIntent(env), name),
    restore: { [name]: restoring(taken, (app) => readAppDeclaration(name, app, sources), source) },
    ...directories,
    ...sources,
    options,
  })
  const component = registrations[name]
  if (!component) throw new RangeError(`No application "${name}" was registered`)
  const { urn, clientId, objectId, servicePrincipalId, outputs, generations, secretValues } = component
  const currentSecrets = component.currentSecrets()
  return {
    urn,
    state: { clientId, objectId, servicePrincipalId, currentSecrets, outputs, generations, secretValues },
  }
}

/** The last deployment of these applications alone: what it says of others is no business of this component. */
function previousOf(previous: PreviousDeployment, names: readonly string[]): PreviousDeployment {
  const records: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { ...previous }
  const own = mapValues(records, (byApp) =>
    Object.fromEntries(Object.entries(byApp).filter(([app]) => names.includes(app))),
  )
  return own as unknown as PreviousDeployment
}

function intentOf(intent: Intent, name: string): Intent {
  return { ...intent, steps: intent.steps.filter(({ app }) => app === name) }
}

/** Which azuread provider asks the tenant: the one that the program gives the component, else the stack's. */
function providerOf({ providers }: pulumi.ComponentResourceOptions): pulumi.InvokeOptions {
  const azuread = Array.isArray(providers) ? undefined : providers?.['azuread']
  return azuread ? { provider: azuread } : {}
}
