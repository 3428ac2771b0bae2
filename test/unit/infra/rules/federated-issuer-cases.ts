import type { Cases, Declared, FailingCase } from './case.ts'

const trust = (shape: object, more: Declared = {}): Declared => ({
  ...more,
  federatedCredentials: { main: shape },
})
const github = (rest: object) => trust({ github: { repository: 'contoso/files', branch: 'main', ...rest } })
const matching = (expression: string, issuer = 'github') => trust({ matching: { issuer, expression } })
const breaks = (expression: string, says: string): FailingCase => [
  matching(expression),
  `federatedCredentials.main: ${says}`,
]
const entra = 'https://login.microsoftonline.com/0e000000-0000-4000-8000-000000000001/v2.0'
const connection = { azurePipelines: { issuer: entra, subject: '/eid1/c/pub/t/a/a/b' } }
const organization = {
  organization: 'contoso',
  organizationId: '1',
  project: 'files',
  serviceConnection: 'live',
}
const everybody = (expression: string) =>
  breaks(expression, `"${expression}" lets everybody log in who has an account at the issuer`)

export const federatedIssuerCases: Cases = {
  EA509: {
    pass: [
      github({ ownerId: 1, repositoryId: 2 }),
      trust({ github: { repository: 'contoso/files', subject: 'repo:contoso/files:pull_request' } }),
      github({ include: ['repository', 'ref'] }),
    ],
    fail: [
      [
        github({}),
        'federatedCredentials.main: repositories made, renamed or transferred since 2026-07-15 write their ids into the subject, which "contoso/files" does without',
      ],
    ],
  },
  EA510: {
    pass: [trust(connection)],
    fail: [
      [
        trust({ azurePipelines: organization }),
        'federatedCredentials.main: service connections made since about April 2025 have an issuer of Entra and a subject that follows from no names',
      ],
    ],
  },
  EA511: {
    pass: [
      trust(connection),
      trust({ azurePipelines: organization }, { signInAudience: 'AzureADMultipleOrgs' }),
    ],
    fail: [
      [
        trust(connection, { signInAudience: 'AzureADMultipleOrgs' }),
        `federatedCredentials.main: Entra exchanges tokens of "${entra}" for AzureADMyOrg applications only, this one is AzureADMultipleOrgs`,
      ],
    ],
  },
  EA512: {
    pass: [
      matching("claims['sub'] matches 'repo:contoso/*:ref:refs/heads/main'"),
      matching("claims['sub'] matches 'repo:contoso@1/*'"),
      matching("claims['sub'] matches '*' and claims['job_workflow_ref'] matches 'contoso/*'"),
      matching("claims['sub'] matches 'organization:contoso:*'", 'terraformCloud'),
      matching("claims['sub'] eq 'project_path:g/p:ref_type:branch:ref:main'", 'gitlab'),
    ],
    fail: [
      everybody("claims['sub'] matches '*'"),
      everybody("claims['sub'] matches 'repo:*'"),
      everybody("claims['sub'] matches 'repo:c*'"),
      everybody("claims['sub'] matches '?*/files:ref:refs/heads/main'"),
      breaks(
        "claims['actor'] eq 'octocat'",
        'an expression cannot look at the claim "actor" of "https://token.actions.githubusercontent.com"',
      ),
      breaks(
        'claims["sub"] eq \'x\'',
        "expected claims['name'] matches 'pattern' or claims['name'] eq 'value' at \"claims[\"sub\"] eq 'x'\"",
      ),
      breaks(
        "claims['sub'] eq 'x' or claims['sub'] eq 'y'",
        'expected "and" at "or claims[\'sub\'] eq \'y\'"',
      ),
    ],
  },
  EA513: {
    pass: [
      matching("claims['sub'] matches 'repo:contoso/*'"),
      matching("claims['sub'] matches 'repo:contoso/*'", 'https://localhost:8443'),
    ],
    fail: [
      [
        matching("claims['sub'] matches 'a:b/*'", 'https://issuer.example'),
        'federatedCredentials.main: Entra evaluates expressions for a few issuers only, and "https://issuer.example" is not one of them',
      ],
    ],
  },
}
