import { type Cases, type Declared, named } from './case.ts'

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
  EA401: { pass: [secret('730d')], fail: [secret('731d'), secret('105w')] },
  EA402: { pass: [secret('365d'), secret('731d')], fail: [secret('366d'), secret('730d')] },
  EA403: {
    pass: [secret('90d'), { federatedCredentials: { main: trust } }],
    fail: [{ ...secret('90d'), federatedCredentials: { main: trust } }],
  },
  EA501: { pass: [numbered(20)], fail: [numbered(21)] },
  EA502: {
    pass: [numbered(2)],
    fail: [{ federatedCredentials: { one: trust, two: trust } }],
  },
  EA503: {
    pass: [{ federatedCredentials: { abc: trust } }, { federatedCredentials: { ['9'.repeat(120)]: trust } }],
    fail: ['ab', 'a'.repeat(121), '-abc', 'a b c'].map((name) => ({
      federatedCredentials: { [name]: trust },
    })),
  },
  EA504: {
    pass: [other('https://issuer.example', 'x'.repeat(600))],
    fail: [
      other('https://issuer.example', 'x'.repeat(601)),
      { federatedCredentials: { abc: { ...trust, description: 'x'.repeat(601) } } },
      { federatedCredentials: { abc: { ...trust, audience: 'x'.repeat(601) } } },
    ],
  },
  EA505: {
    pass: [{ federatedCredentials: { abc: { github: { repository: 'o/r', branch: 'main' } } } }],
    fail: [{ federatedCredentials: { abc: { github: { repository: 'o/r', branch: 'release/*' } } } }],
  },
  EA506: {
    pass: [other('https://issuer.example', 'x')],
    fail: [other('http://issuer.example', 'x'), other('issuer.example', 'x')],
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
    ],
    fail: [
      other(githubIssuer, 'repo:o/r:branch:main'),
      other('https://vstoken.dev.azure.com/1', 'project/connection'),
      other('https://cluster.example', 'system:serviceaccount:name'),
      other(githubIssuer, 'repo:o/r:environment:prod: eu'),
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
      {
        app: {
          federatedCredentials: {
            main: { github: { repository: 'o/r', branch: 'main' }, audience: 'api://AzureADTokenExchange' },
          },
        },
        context: { cloud: 'china' },
      },
    ],
  },
}
