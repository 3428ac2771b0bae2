import { FLEXIBLE_ISSUERS, parseClaimsExpression } from '../../microsoft/claims-expression.ts'
import { type FederatedDeclaration, NAMED_ISSUERS } from '../declaration/federation.ts'
import { githubSubjectCommand } from '../declaration/github-subject.ts'
import { eachFederation, type Judged } from './each-federation.ts'
import type { Rule } from './rule.ts'

const IMMUTABLE = 'Migrate GitHub Actions federated credentials to immutable subjects'
const FLEXIBLE = 'Flexible federated identity credentials'
const SERVICE_CONNECTION = 'Set up workload identity service connection'

/** Rules about what single issuers write into their tokens. */
export const federatedIssuerRules: readonly Rule[] = [
  {
    code: 'EA509',
    name: 'github-subject-ids',
    severity: 'warning',
    summary: 'The subject of a GitHub job holds the ids of owner and repository.',
    fix: 'set ownerId and repositoryId',
    source: IMMUTABLE,
    check: eachFederation((_federation, { github }) =>
      github && github.ownerId === undefined && github.subject === undefined && needsPrefix(github)
        ? {
            message: `repositories made, renamed or transferred since 2026-07-15 write their ids into the subject, which "${github.repository}" does without`,
            fix: `set ownerId and repositoryId, which ${githubSubjectCommand(github)} prints`,
          }
        : undefined,
    ),
  },
  {
    code: 'EA510',
    name: 'azure-pipelines-subject',
    severity: 'warning',
    summary: 'A service connection of Azure Pipelines is declared by the issuer and subject that it shows.',
    fix: 'copy issuer and subject from the service connection: Azure DevOps, Project settings, Service connections, Edit; the old form is right only for one that shows https://vstoken.dev.azure.com/ there',
    source: SERVICE_CONNECTION,
    check: eachFederation((_federation, { azurePipelines }) =>
      azurePipelines?.organization === undefined
        ? undefined
        : 'service connections made since about April 2025 have an issuer of Entra and a subject that follows from no names',
    ),
  },
  {
    code: 'EA511',
    name: 'azure-pipelines-audience',
    severity: 'error',
    summary:
      "A service connection with an issuer of Entra needs an application for its own tenant's accounts only.",
    fix: 'set signInAudience: AzureADMyOrg',
    source: SERVICE_CONNECTION,
    check: (app, context) =>
      app.signInAudience === 'AzureADMyOrg'
        ? []
        : eachFederation(({ issuer, subject }) =>
            ENTRA_ISSUER.test(issuer) && subject?.startsWith('/eid1/')
              ? `Entra exchanges tokens of "${issuer}" for AzureADMyOrg applications only, this one is ${app.signInAudience}`
              : undefined,
          )(app, context),
  },
  {
    code: 'EA512',
    name: 'claims-expression',
    severity: 'error',
    summary:
      'The expression of a flexible federated credential can be evaluated, and does not match everything.',
    fix: "write conditions such as claims['sub'] matches 'repo:contoso/*:ref:refs/heads/main', joined by and",
    source: FLEXIBLE,
    check: eachFederation(({ issuer, expression }) =>
      expression === undefined ? undefined : whyNotEvaluated(issuer, expression),
    ),
  },
  {
    code: 'EA513',
    name: 'flexible-issuer',
    severity: 'error',
    summary: 'A flexible federated credential is for GitHub, GitLab or HCP Terraform.',
    fix: `set issuer to one of: ${Object.keys(NAMED_ISSUERS).join(', ')}`,
    source: FLEXIBLE,
    check: eachFederation(({ issuer, expression }) =>
      expression === undefined || FLEXIBLE_ISSUERS[issuer] || isLoopback(issuer)
        ? undefined
        : `Entra evaluates expressions for a few issuers only, and "${issuer}" is not one of them`,
    ),
  },
]

/** Of Entra itself, in any cloud. */
const ENTRA_ISSUER = /^https:\/\/login\.[^/]+\/[^/]+\/v2\.0$/

/** Whether the subject holds names that an id could stand beside. */
function needsPrefix({ include }: NonNullable<FederatedDeclaration['github']>): boolean {
  return include === undefined || include.includes('repo')
}

/** An issuer on this machine: only a local tenant can reach it, and it may stand for any other one. */
function isLoopback(issuer: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(URL.parse(issuer)?.hostname ?? '')
}

function whyNotEvaluated(issuer: string, expression: string): Judged {
  try {
    const conditions = parseClaimsExpression(expression)
    const known = FLEXIBLE_ISSUERS[issuer] ?? Object.values(FLEXIBLE_ISSUERS).flat()
    const unknown = conditions.find(({ claim }) => !known.includes(claim))
    if (unknown) {
      return {
        message: `an expression cannot look at the claim "${unknown.claim}" of "${issuer}"`,
        fix: `use: ${known.join(', ')}`,
      }
    }
    if (conditions.some(({ operator, value }) => operator === 'eq' || NAMES_OWNER.test(value)))
      return undefined
    return {
      message: `"${expression}" lets everybody log in who has an account at the issuer`,
      fix: 'start a pattern with the name of your organisation, such as repo:contoso/',
    }
  } catch (error) {
    return (error as SyntaxError).message
  }
}

/** Of a pattern: it says whose tokens are meant before it leaves anything open, as `repo:contoso/` and `contoso/` do. */
const NAMES_OWNER = /^[^*?]*$|^[\w-]+:[^*?:/@]+[/:@]|^[^*?:/]+\//
