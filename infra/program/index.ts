/**
 * The Pulumi program: one `AppRegistration` for each application declared in the stack config.
 *
 * Every mistake that can be known before a change is reported before the first resource is registered.
 */
import * as pulumi from '@pulumi/pulumi'
import { asInvoked } from '../../lib/invocation.ts'
import { mapValues } from '../../lib/map-values.ts'
import { cloudOf } from '../../microsoft/clouds.ts'
import { importAdopted } from '../contract/adoption.ts'
import { readIntent } from '../contract/intent.ts'
import { renderProblem } from '../declaration/problems.ts'
import { mergeApps, NAMESPACE, projectReader } from '../declaration/stack-declaration.ts'
import { ApiDirectory } from '../registration/apis.ts'
import { PrincipalDirectory } from '../registration/principals.ts'
import { advanceLedger } from '../rotation/ledger.ts'
import { policiesOf } from '../rotation/policy.ts'
import { reminders } from '../rotation/reminders.ts'
import { describePermissionChanges } from './permission-changes.ts'
import { checkTenant, declaredApps } from './preflight.ts'
import { previousDeployment, underPresentNames } from './previous-deployment.ts'
import { findProjectDir } from './project-dir.ts'
import { registerAll } from './register.ts'

const stackFile = `Pulumi.${pulumi.getStack()}.yaml`
const apis = new ApiDirectory()
const principals = new PrincipalDirectory()

checkTenant(new pulumi.Config('azuread').get('tenantId'), process.env, stackFile)
const projectDir = findProjectDir(pulumi.getRootDirectory(), process.cwd(), process.env)
const read = projectReader(projectDir)
const { at, steps, adopt = {} } = readIntent(process.env)
importAdopted(adopt)
const adopted = mapValues(adopt, ({ declaration }) => declaration)
const { apps: declared, warnings } = await declaredApps(
  mergeApps(projectDir, new pulumi.Config(NAMESPACE).getObject('apps'), adopted),
  { apis, principals },
  stackFile,
  {
    cloud: cloudOf(new pulumi.Config('azuread').get('environment'), process.env),
    read,
    env: process.env,
  },
)
for (const warning of warnings) pulumi.log.warn(renderProblem(warning).trimStart())

const previous = await previousDeployment()
if (pulumi.runtime.isDryRun()) {
  // Applications are found under their present names, and so are those that are APIs of others.
  const before = mapValues(underPresentNames(previous.permissions, declared), (state) => ({
    ...state,
    permissions: underPresentNames(state.permissions, declared),
  }))
  const changes = describePermissionChanges(before, declared)
  for (const change of changes) pulumi.log.info(change)
}

const now = at ? new Date(at) : new Date()
const policies = policiesOf(declared)
const next = advanceLedger(underPresentNames(previous.ledger, declared), policies, steps, now)
for (const { step, reason } of next.ignored) {
  pulumi.log.warn(`${step.app}/${step.secret}: ${step.do} g${step.generation} was left out: ${reason}.`)
}
for (const reminder of reminders(next.ledger, policies, steps, now)) pulumi.log.warn(asInvoked(reminder))

const listOrder = {
  ...underPresentNames(previous.listOrder, declared),
  ...mapValues(adopt, (app) => app.listOrder),
}
export const { apps, secretValues, ledger } = registerAll(declared, next.ledger, {
  apis,
  principals,
  read,
  env: process.env,
  values: underPresentNames(previous.values, declared),
  listOrder,
  facts: underPresentNames(previous.facts, declared),
}).outputs
