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
export { ApiLookupError } from './infra/apis.ts'
export { AppRegistration, type AppRegistrationArgs, type StackContext } from './infra/app-registration.ts'
export type { Cloud } from './infra/cloud.ts'
export type { AppDeclaration, AppDeclarationInput, SecretDeclaration } from './infra/declaration.ts'
export { currentOf, type DeliveryRecord, type Generation, type Ledger } from './infra/generation.ts'
export type {
  AppOutputs,
  CertificateOutputs,
  FederationOutputs,
  GenerationOutputs,
  StackOutputs,
} from './infra/outputs.ts'
export { LedgerError, type PreviousDeployment, previousDeployment } from './infra/previous-deployment.ts'
export { DeclarationError, type Problem } from './infra/problems.ts'
export { type Checked, type ReadingOptions, readDeclaration } from './infra/reading.ts'
export { type RegisteredApps, type RegisterOptions, registerApps } from './infra/register.ts'
export { PrincipalLookupError } from './infra/registration/principals.ts'
export { advanceLedger, dueAt, type Ignored } from './infra/rotation.ts'
export { type Policies, policiesOf, type RotationPolicy } from './infra/rotation-policy.ts'
export type { Step } from './infra/rotation-steps.ts'
export type { Finding } from './infra/rules/rule.ts'
