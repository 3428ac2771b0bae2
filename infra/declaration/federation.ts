import { GITHUB_ISSUER, GITLAB_ISSUER, TERRAFORM_ISSUER } from '../../microsoft/claims-expression.ts'
import { type Cloud, LOGIN_HOSTS, TOKEN_EXCHANGE_AUDIENCES } from '../../microsoft/clouds.ts'
import { githubSubject } from './github-subject.ts'
import type { AppDeclaration } from './schema.ts'

export type FederatedDeclaration = AppDeclaration['federatedCredentials'][string]

/** Where a credential is deployed. */
export interface FederationContext {
  /** Whose audience is the default. */
  readonly cloud: Cloud
  /** Default: a placeholder, where the tenant is not known yet. */
  readonly tenantId?: string | undefined
  /** Object id of a managed identity that is declared by name. Default: a placeholder with the name. */
  readonly managedIdentityId?: string | undefined
}

/** Whose tokens are trusted: one of subject and expression is set. */
export interface Trust {
  readonly issuer: string
  readonly subject?: string
  /** Of a flexible credential: what the claims must meet. */
  readonly expression?: string
}

/** What Entra compares with the token that is exchanged. */
export interface Federation extends Trust {
  readonly audience: string
  readonly description?: string
}

/** A named shape as issuer and subject, as the issuer writes them into its tokens. */
export function describeFederation(declared: FederatedDeclaration, context: FederationContext): Federation {
  const { audience = TOKEN_EXCHANGE_AUDIENCES[context.cloud], description } = declared
  return { ...trustOf(declared, context), audience, ...(description && { description }) }
}

/** A trust as outputs record it. */
type RecordedTrust = { readonly [K in keyof Trust]: Trust[K] | undefined }

/** Compared as Entra does: exactly, case included. */
export function isSameTrust(a: RecordedTrust | undefined, b: RecordedTrust | undefined): boolean {
  return a?.issuer === b?.issuer && a?.subject === b?.subject && a?.expression === b?.expression
}

/** What a trust is known by: its subject, or its expression. */
export function subjectOrExpression(trust: Omit<RecordedTrust, 'issuer'>): string {
  return trust.subject ?? trust.expression ?? ''
}

/** Issuer and subject, as the issuer writes them into its tokens. */
export function trustOf(declared: FederatedDeclaration, context: FederationContext): Trust {
  const { github, azurePipelines, gitlab, terraformCloud, kubernetes, managedIdentity, matching, other } =
    declared
  if (github) return { issuer: github.issuer ?? GITHUB_ISSUER, subject: githubSubject(github) }
  if (azurePipelines) return azurePipelinesTrust(azurePipelines)
  if (gitlab) {
    // "Connect to cloud services", "ID token payload" in GitLab's documentation.
    const [type, ref] = gitlab.branch === undefined ? ['tag', gitlab.tag] : ['branch', gitlab.branch]
    return {
      issuer: gitlab.issuer ?? GITLAB_ISSUER,
      subject: `project_path:${gitlab.project}:ref_type:${type}:ref:${ref}`,
    }
  }
  if (terraformCloud) {
    // "Workload identity tokens" in the documentation of HCP Terraform.
    const { organization, project, workspace, runPhase, issuer = TERRAFORM_ISSUER } = terraformCloud
    return {
      issuer,
      subject: `organization:${organization}:project:${project}:workspace:${workspace}:run_phase:${runPhase}`,
    }
  }
  if (kubernetes) {
    const { issuer, namespace, serviceAccount } = kubernetes
    return { issuer, subject: `system:serviceaccount:${namespace}:${serviceAccount}` }
  }
  if (managedIdentity) {
    // "Configure an application to trust a managed identity".
    const { cloud, tenantId = '<tenant id>', managedIdentityId } = context
    const { objectId, name } = managedIdentity
    return {
      issuer: `https://${LOGIN_HOSTS[cloud]}/${tenantId}/v2.0`,
      subject: objectId ?? managedIdentityId ?? `<object id of ${name}>`,
    }
  }
  if (matching) {
    return { issuer: NAMED_ISSUERS[matching.issuer] ?? matching.issuer, expression: matching.expression }
  }
  return { issuer: other?.issuer ?? '', subject: other?.subject ?? '' }
}

/** Names of the issuers that an expression can be for. */
export const NAMED_ISSUERS: Readonly<Record<string, string>> = {
  github: GITHUB_ISSUER,
  gitlab: GITLAB_ISSUER,
  terraformCloud: TERRAFORM_ISSUER,
}

/** "Set up workload identity service connection" in the documentation of Azure DevOps. */
function azurePipelinesTrust(declared: NonNullable<FederatedDeclaration['azurePipelines']>): Trust {
  const { issuer, subject, organization, organizationId, project, serviceConnection } = declared
  if (issuer !== undefined && subject !== undefined) return { issuer, subject }
  return {
    issuer: `https://vstoken.dev.azure.com/${organizationId}`,
    subject: `sc://${organization}/${project}/${serviceConnection}`,
  }
}
