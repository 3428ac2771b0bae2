import { type Cases, type Declared, type FailingCase, named } from './case.ts'

const secret = (lifetime: string): Declared => ({ secrets: { main: { displayName: 's', lifetime } } })
const trust = { other: { issuer: 'https://issuer.example', subject: 'me' } }
const other = (issuer: string, subject: string): Declared => ({
  federatedCredentials: { 'ci-main': { other: { issuer, subject } } },
})
const githubIssuer = 'https://token.actions.githubusercontent.com'

const numbered = (count: number): Declared => ({
  federatedCredentials: Object.fromEntries(
    Object.keys(named(count, 0)).map((name) => [
      `${name}-x`,
      { other: { issuer: 'https://issuer.example', subject: name } },
    ]),
  ),
})

export const credentialCases: Cases = {
  EA401: {
    pass: [secret('730d')],
    fail: [
      [
        secret('731d'),
        'secrets.main.lifetime: a client secret lives at most 730d; shorter is safer, since rotation is free here',
      ],
      [
        secret('105w'),
        'secrets.main.lifetime: a client secret lives at most 730d; shorter is safer, since rotation is free here',
      ],
    ],
  },
  EA402: {
    pass: [secret('365d'), secret('731d')],
    fail: [
      [
        secret('366d'),
        'secrets.main.lifetime: a client secret lives at most 365d; shorter is safer, since rotation is free here',
      ],
      [
        secret('730d'),
        'secrets.main.lifetime: a client secret lives at most 365d; shorter is safer, since rotation is free here',
      ],
    ],
  },
  EA403: {
    pass: [secret('90d'), { federatedCredentials: { main: trust } }],
    fail: [
      [
        { ...secret('90d'), federatedCredentials: { main: trust } },
        'secrets: with a federated credential nothing has to be kept secret',
      ],
    ],
  },
  EA501: {
    pass: [numbered(20)],
    fail: [[numbered(21), 'federatedCredentials: 21 federated credentials, the limit is 20']],
  },
  EA502: {
    pass: [numbered(2)],
    fail: [
      [
        { federatedCredentials: { one: trust, two: trust } },
        'federatedCredentials.two: "two" trusts the same issuer and subject as "one"',
      ],
    ],
  },
  EA503: {
    pass: [
      { federatedCredentials: { abc: trust } },
      { federatedCredentials: { ['9'.repeat(120)]: trust } },
      { federatedCredentials: { 'ci.main': trust } },
    ],
    fail: ['ab', 'a'.repeat(121), '-abc', '.abc', 'a b c'].map(
      (name): FailingCase => [
        { federatedCredentials: { [name]: trust } },
        `federatedCredentials.${name}: "${name}" is not a name for a federated credential`,
      ],
    ),
  },
  EA504: {
    pass: [other('https://issuer.example', 'x'.repeat(600))],
    fail: [
      [
        other('https://issuer.example', 'x'.repeat(601)),
        'federatedCredentials.ci-main: the subject has 601 characters',
      ],
      [
        { federatedCredentials: { abc: { ...trust, description: 'x'.repeat(601) } } },
        'federatedCredentials.abc: the description has 601 characters',
      ],
      [
        { federatedCredentials: { abc: { ...trust, audience: 'x'.repeat(601) } } },
        'federatedCredentials.abc: the audience has 601 characters',
      ],
    ],
  },
  EA505: {
    pass: [{ federatedCredentials: { abc: { github: { repository: 'o/r', branch: 'main' } } } }],
    fail: [
      [
        { federatedCredentials: { abc: { github: { repository: 'o/r', branch: 'release/*' } } } },
        'federatedCredentials.abc: Entra takes the "*" in "repo:o/r:ref:refs/heads/release/*" literally',
      ],
    ],
  },
  EA506: {
    pass: [other('https://issuer.example', 'x')],
    fail: [
      [
        other('http://issuer.example', 'x'),
        'federatedCredentials.ci-main: "http://issuer.example" is not an https address',
      ],
      [
        other('issuer.example', 'x'),
        'federatedCredentials.ci-main: "issuer.example" is not an https address',
      ],
    ],
  },
  EA507: {
    pass: [
      other('https://issuer.example', 'anything'),
      other(githubIssuer, 'repo:o/r:pull_request'),
      other(githubIssuer, 'repo:o/r:environment:prod'),
      other('https://vstoken.dev.azure.com/1', 'sc://org/project/connection'),
      other('https://cluster.example', 'system:serviceaccount:ns:name'),
      other(githubIssuer, 'repo:o@1/r@22:ref:refs/heads/main'),
      other('https://vstoken.dev.azure.com/1', 'p://org/project/pipeline'),
      { federatedCredentials: { main: { github: { repository: 'o/r', environment: 'prod: eu' } } } },
      { federatedCredentials: { main: { github: { repository: 'o/r', subject: 'enterprise:o' } } } },
      other('https://gitlab.com', 'project_path:g/p:ref_type:tag:ref:v1'),
    ],
    fail: [
      [
        other(githubIssuer, 'repo:o/r:branch:main'),
        'federatedCredentials.ci-main: "repo:o/r:branch:main" is not a subject that GitHub Actions writes',
      ],
      [
        other('https://vstoken.dev.azure.com/1', 'project/connection'),
        'federatedCredentials.ci-main: "project/connection" is not a subject that Azure Pipelines writes',
      ],
      [
        other('https://cluster.example', 'system:serviceaccount:name'),
        'federatedCredentials.ci-main: "system:serviceaccount:name" is not a subject that Kubernetes writes',
      ],
      [
        other(githubIssuer, 'repo:o/r:environment:prod: eu'),
        'federatedCredentials.ci-main: "repo:o/r:environment:prod: eu" is not a subject that GitHub Actions writes',
      ],
    ],
  },
  EA508: {
    pass: [
      { federatedCredentials: { main: { github: { repository: 'o/r', branch: 'main' } } } },
      {
        app: { federatedCredentials: { main: { github: { repository: 'o/r', branch: 'main' } } } },
        context: { cloud: 'usgovernment' },
      },
      {
        federatedCredentials: {
          main: { github: { repository: 'o/r', branch: 'main' }, audience: 'api://of-our-own' },
        },
      },
    ],
    fail: [
      [
        {
          app: {
            federatedCredentials: {
              main: { github: { repository: 'o/r', branch: 'main' }, audience: 'api://AzureADTokenExchange' },
            },
          },
          context: { cloud: 'china' },
        },
        'federatedCredentials.main: "api://AzureADTokenExchange" is the audience of another cloud; in this one it is "api://AzureADTokenExchangeChina"',
      ],
    ],
  },
}
