/**
 * entra-apps as a library: Microsoft Entra app registrations as components for any Pulumi program.
 *
 * - {@link AppRegistration}: one application with its service principal, credentials, permissions and consent.
 * - {@link registerApps}: several that refer to each other, with the outputs that the commands read.
 * - {@link previousDeployment} and {@link advanceLedger}: secrets by generations, so that replacing one cuts off nobody.
 * - {@link readDeclaration}: the rules alone, for tests; nothing is registered.
 *
 * `entra-apps/program` is the whole Pulumi program that reads applications from stack config and `apps/`.
 */

export type {
  AppOutputs,
  CertificateOutputs,
  FederationOutputs,
  GenerationOutputs,
  IdentityOutputs,
  StackOutputs,
} from './infra/contract/outputs.ts'
export type { IdentityDeclaration, IdentityDeclarationInput } from './infra/declaration/identity.ts'
export { DeclarationError, type Problem } from './infra/declaration/problems.ts'
export type { AppDeclaration, AppDeclarationInput, SecretDeclaration } from './infra/declaration/schema.ts'
export type { RegisteredApps } from './infra/program/deploy.ts'
export {
  LedgerError,
  type PreviousDeployment,
  previousDeployment,
} from './infra/program/previous-deployment.ts'
export { type RegisterOptions, registerApps } from './infra/program/register.ts'
export { ApiLookupError } from './infra/registration/apis.ts'
export { AppRegistration, type AppRegistrationArgs } from './infra/registration/app-registration.ts'
export type { StackContext } from './infra/registration/context.ts'
export type { AppInput } from './infra/registration/declared-outputs.ts'
export { Identity, type IdentityArgs } from './infra/registration/identity.ts'
export { PrincipalLookupError } from './infra/registration/principals.ts'
export { currentOf, type DeliveryRecord, type Generation, type Ledger } from './infra/rotation/generation.ts'
export { advanceLedger, dueAt, type Ignored } from './infra/rotation/ledger.ts'
export { type Policies, policiesOf, type RotationPolicy } from './infra/rotation/policy.ts'
export type { Step } from './infra/rotation/steps.ts'
export type { Finding } from './infra/rules/rule.ts'
export { type Checked, type ReadingOptions, readDeclaration } from './infra/rules/validate.ts'
export type { Cloud } from './microsoft/clouds.ts'
export type { DeliveryContext, DeliveryModule } from './scripts/delivery/delivery-module.ts'
export type { Delivery, Receipt as DeliveryReceipt } from './scripts/delivery/target.ts'
