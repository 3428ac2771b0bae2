/**
 * The Pulumi program: one `AppRegistration` for each application declared in the stack config, one `Identity` for each identity.
 *
 * Every mistake that can be known before a change is reported before the first resource is registered.
 */
import * as pulumi from '@pulumi/pulumi'
import { mapValues } from '../../lib/map-values.ts'
import { cloudOf } from '../../microsoft/clouds.ts'
import { readIntent } from '../contract/intent.ts'
import { checkNoMove } from '../contract/move.ts'
import { mergeApps, mergeIdentities, NAMESPACE, projectReader } from '../declaration/stack-declaration.ts'
import { ApiDirectory } from '../registration/apis.ts'
import { PrincipalDirectory } from '../registration/principals.ts'
import { checkTenant } from './check-tenant.ts'
import { deploy } from './deploy.ts'
import { importAdopted } from './import-adopted.ts'
import { declaredStack } from './preflight.ts'
import { previousDeployment } from './previous-deployment.ts'
import { findProjectDir } from './project-dir.ts'

const { env } = process
const stackFile = `Pulumi.${pulumi.getStack()}.yaml`
const azuread = new pulumi.Config('azuread')
checkTenant(azuread.get('tenantId'), env, stackFile)

const intent = readIntent(env)
importAdopted(intent.adopt, intent.existing)
const projectDir = findProjectDir(pulumi.getRootDirectory(), process.cwd(), env)
checkNoMove(projectDir, pulumi.getStack(), intent.moved)
const config = new pulumi.Config(NAMESPACE)
const value = mergeApps(
  projectDir,
  config.getObject('apps'),
  mapValues(intent.adopt ?? {}, ({ declaration }) => declaration),
)

const cloud = cloudOf(azuread.get('environment'), env)
const sources = { read: projectReader(projectDir), env, cloud }
const directories = { apis: new ApiDirectory(), principals: new PrincipalDirectory() }
const granted = mergeIdentities(projectDir, config.getObject('identities'))
const stack = await declaredStack(value, granted, directories, stackFile, sources)
const previous = await previousDeployment(intent.moved)

export const { apps, identities, secretValues, ledger, deletedApps } = deploy({
  ...stack,
  previous,
  intent,
  ...directories,
  ...sources,
}).outputs
