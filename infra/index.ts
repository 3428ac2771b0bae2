/**
 * The Pulumi program: one {@link AppRegistration} for each application declared in the stack config.
 *
 * Every mistake that can be known before a change is reported before the first resource is registered.
 */
import * as pulumi from '@pulumi/pulumi'
import { ApiDirectory } from './apis.ts'
import { AppRegistration } from './app-registration.ts'
import { checkTenant, declaredApps } from './check.ts'
import { advanceLedger, type Ledger } from './ledger.ts'

const stackFile = `Pulumi.${pulumi.getStack()}.yaml`
const apis = new ApiDirectory()

checkTenant(new pulumi.Config('azuread').get('tenantId'), process.env, stackFile)
const declared = await declaredApps(new pulumi.Config().getObject('apps'), apis, stackFile)

const newLedger = advanceLedger(await previousLedger(), declared, new Date())
const registrations = Object.entries(declared).map(
  ([name, app]) =>
    [name, new AppRegistration(name, { ...app, apis, generations: newLedger[name] ?? {} })] as const,
)

/** Facts of each application, free of secrets. */
export const apps = Object.fromEntries(registrations.map(([name, app]) => [name, app.outputs]))

/** Secret values by application, secret and generation. */
export const secretValues = pulumi.secret(
  Object.fromEntries(registrations.map(([name, app]) => [name, app.secretValues])),
)

/** Which generations exist; read back by the next deployment. */
export const ledger = newLedger

/**
 * The ledger of the last deployment, from this stack's own outputs: state and ledger cannot part, and nothing has to
 * be committed by a pipeline.
 */
async function previousLedger(): Promise<Ledger> {
  const self = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`
  const { value } = await new pulumi.StackReference('self', { name: self }).getOutputDetails('ledger')
  return (value as Ledger | undefined) ?? {}
}
