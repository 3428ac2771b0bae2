import * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import { mapValues } from '../../lib/map-values.ts'
import { describeFederation, type FederatedDeclaration, type Federation } from '../declaration/federation.ts'
import { DeclarationError } from '../declaration/problems.ts'
import { nameWithAliases } from './aliases.ts'
import { given } from './application-plan.ts'
import type { ApplicationContext, RegistrationContext } from './context.ts'
import { formerFederations } from './former-names.ts'
import { resourceName } from './names.ts'

/**
 * Trusts in other issuers' tokens. The name in the tenant is the one in the declaration, and cannot change: one that is
 * renamed is another one. Its predecessor goes first, since there is one for each issuer and subject, and 20 in all.
 *
 * @throws DeclarationError when one got or lost an expression and kept its name
 */
export function trustIssuers(context: ApplicationContext): void {
  const { name, app, application, former: facts, parent } = context
  const formerNames = formerFederations(app, facts, context.cloud)
  requireNewNames(context)
  for (const [credential, declared] of Object.entries(app.federatedCredentials)) {
    const federation = deployedFederation(context, declared)
    const former = formerNames[credential]
    const [resource, aliases] = nameWithAliases(credential, former === undefined ? [] : [former], (each) =>
      resourceName.federatedCredential(name, each),
    )
    const common = {
      applicationId: application.id,
      displayName: credential,
      issuer: federation.apply(({ issuer }) => issuer),
      ...given('description', declared.description),
    }
    const audience = federation.apply((of) => of.audience)
    const options = { parent, deleteBeforeReplace: true, ...aliases }
    if (declared.matching) {
      const claimsMatchingExpression = declared.matching.expression
      new azuread.ApplicationFlexibleFederatedIdentityCredential(
        resource,
        { ...common, audience, claimsMatchingExpression },
        options,
      )
    } else {
      const subject = federation.apply((of) => of.subject ?? '')
      new azuread.ApplicationFederatedIdentityCredential(
        resource,
        { ...common, audiences: [audience], subject },
        options,
      )
    }
  }
}

/** Issuer, subject and audience in the tenant that is deployed to. */
export function deployedFederation(
  {
    cloud,
    deployer,
    principals,
    restore,
  }: Pick<RegistrationContext, 'cloud' | 'deployer' | 'principals' | 'restore'>,
  declared: FederatedDeclaration,
): pulumi.Output<Federation> {
  // Only these depend on the tenant: the others are known in a preview that cannot ask it.
  if (!declared.managedIdentity) return pulumi.output(restore(describeFederation(declared, { cloud })))
  const { objectId, name } = declared.managedIdentity
  const managedIdentityId = objectId ?? principals.servicePrincipal(name ?? '')
  return pulumi
    .all([deployer.tenantId, managedIdentityId])
    .apply(([tenantId, id]) =>
      pulumi.output(restore(describeFederation(declared, { cloud, tenantId, managedIdentityId: id }))),
    )
}

/** Two resource types of the provider share the names of one application: the new one would be refused. */
function requireNewNames({ name, app, former }: ApplicationContext): void {
  const changed = Object.entries(app.federatedCredentials).filter(([credential, { matching }]) => {
    const before = former?.federatedCredentials?.[credential]
    return before !== undefined && (before.expression === undefined) !== (matching === undefined)
  })
  if (changed.length === 0) return
  throw new DeclarationError(
    changed.map(([credential]) => ({
      path: ['apps', name, 'federatedCredentials', credential],
      message:
        'a federated credential with an expression and one with a subject cannot take the same name after each other',
      fix: 'declare it under another name',
    })),
    'the declaration',
  )
}

/** The facts of each, for outputs. */
export function federationFacts(
  context: RegistrationContext,
  sinceOf: (name: string, now: Federation) => string,
) {
  return mapValues(context.app.federatedCredentials, (declared, name) =>
    deployedFederation(context, declared).apply(({ description: _, ...federation }) => ({
      ...federation,
      since: sinceOf(name, federation),
    })),
  )
}
