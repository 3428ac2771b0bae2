import { type Cloud, TOKEN_EXCHANGE_AUDIENCES } from '../../microsoft/clouds.ts'
import type { AppDeclaration } from './schema.ts'

type FederatedDeclaration = AppDeclaration['federatedCredentials'][string]

/** What Entra compares with the token that is exchanged. */
export interface Federation {
  readonly issuer: string
  readonly subject: string
  readonly audience: string
  readonly description?: string
}

/**
 * A named shape as issuer and subject, as the issuer writes them into its tokens.
 *
 * @param cloud whose audience is the default
 */
export function describeFederation(declared: FederatedDeclaration, cloud: Cloud): Federation {
  const { audience = TOKEN_EXCHANGE_AUDIENCES[cloud], description } = declared
  return { ...trustedIssuer(declared), audience, ...(description && { description }) }
}

/** Issuer and subject, as the issuer writes them into its tokens. */
export function trustedIssuer({ github, azurePipelines, kubernetes, other }: FederatedDeclaration) {
  if (github) {
    // "About security hardening with OpenID Connect" in GitHub's documentation.
    return {
      issuer: 'https://token.actions.githubusercontent.com',
      subject: `repo:${github.repository}:${githubEvent(github)}`,
    }
  }
  if (azurePipelines) {
    // "Set up workload identity service connection" in the documentation of Azure DevOps.
    const { organization, organizationId, project, serviceConnection } = azurePipelines
    return {
      issuer: `https://vstoken.dev.azure.com/${organizationId}`,
      subject: `sc://${organization}/${project}/${serviceConnection}`,
    }
  }
  if (kubernetes) {
    const { issuer, namespace, serviceAccount } = kubernetes
    return { issuer, subject: `system:serviceaccount:${namespace}:${serviceAccount}` }
  }
  return { issuer: other?.issuer ?? '', subject: other?.subject ?? '' }
}

function githubEvent({ branch, environment, tag }: NonNullable<FederatedDeclaration['github']>): string {
  if (branch) return `ref:refs/heads/${branch}`
  if (tag) return `ref:refs/tags/${tag}`
  // GitHub escapes the character that separates the parts of a subject.
  return environment ? `environment:${environment.replaceAll(':', '%3A')}` : 'pull_request'
}
