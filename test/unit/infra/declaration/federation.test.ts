import { describe, expect, it } from 'vitest'
import { describeFederation } from '../../../../infra/declaration/federation.ts'
import { githubSubjectCommand } from '../../../../infra/declaration/github-subject.ts'
import { federatedCredential } from '../../../../infra/declaration/schema/federation.ts'

const TENANT = '0e000000-0000-4000-8000-000000000001'
const IDENTITY = '0e000000-0000-4000-8000-000000000002'

function trust(declared: object, cloud: 'public' | 'usgovernment' | 'china' = 'public') {
  const { data, error } = federatedCredential.safeParse(declared)
  if (!data) throw new Error(error.issues.map(({ message }) => message).join('; '))
  return describeFederation(data, { cloud, tenantId: TENANT })
}
const github = (rest: object) => trust({ github: { repository: 'contoso/files', ...rest } }).subject
const ids = { ownerId: 123456, repositoryId: 456789 }

describe('the subject of a GitHub job', () => {
  it('is immutable with the ids of owner and repository, whatever the event', () => {
    const prefix = 'repo:contoso@123456/files@456789'
    expect(github({ ...ids, branch: 'main' })).toBe(`${prefix}:ref:refs/heads/main`)
    expect(github({ ...ids, tag: 'v1' })).toBe(`${prefix}:ref:refs/tags/v1`)
    expect(github({ ...ids, environment: 'prod: eu' })).toBe(`${prefix}:environment:prod%3A eu`)
    expect(github({ ...ids, pullRequest: true })).toBe(`${prefix}:pull_request`)
    expect(github({ branch: 'main' })).toBe('repo:contoso/files:ref:refs/heads/main')
  })

  it('follows a template of the repository or organisation', () => {
    expect(
      github({ ...ids, branch: 'main', include: ['repository_owner_id', 'repository_id', 'context'] }),
    ).toBe('repository_owner_id:123456:repository_id:456789:ref:refs/heads/main')
    const workflow = 'contoso/pipelines/.github/workflows/deploy.yml@refs/heads/main'
    expect(
      github({ environment: 'live', include: ['repo', 'environment', { job_workflow_ref: workflow }] }),
    ).toBe(`repo:contoso/files:environment:live:job_workflow_ref:${workflow}`)
    expect(github({ tag: 'v1', include: ['repository_owner', 'ref_type', 'ref'] })).toBe(
      'repository_owner:contoso:ref_type:tag:ref:refs/tags/v1',
    )
    expect(github({ subject: 'enterprise:contoso' })).toBe('enterprise:contoso')
  })

  it.each([
    [{ branch: 'refs/heads/main' }, 'without refs/heads/'],
    [{ tag: 'refs/tags/v1' }, 'without refs/heads/'],
    [{ repository: 'o@1/r@2', branch: 'main' }, 'a repository is owner/name'],
    [{ branch: 'main', ownerId: 1 }, 'belong together'],
    [{ branch: 'main', tag: 'v1' }, 'names one of'],
    [{ subject: 'x', branch: 'main' }, 'a subject stands by itself'],
    [{ branch: 'main', include: ['repository_id'] }, '"repository_id" needs ownerId and repositoryId'],
    [{ branch: 'main', include: ['environment'] }, '"environment" needs the setting environment'],
    [{ pullRequest: true, include: ['ref'] }, '"ref" needs the setting branch or tag'],
    [{ branch: 'main', include: ['job_workflow_ref'] }, 'write it as { job_workflow_ref: value }'],
  ])('is not written for %j', (rest, says) => {
    expect(() => github(rest)).toThrow(says)
  })

  it('comes with the command that asks GitHub for the ids', () => {
    const command = (event: object) => githubSubjectCommand({ repository: 'contoso/files', ...event })
    expect(command({ environment: 'prod' })).toBe(
      'npm run github-subject -- contoso/files --environment prod',
    )
    expect(command({ pullRequest: true })).toBe('npm run github-subject -- contoso/files --pull-request')
    expect(command({ environment: 'prod eu' })).toMatch(/--environment 'prod eu'$/)
  })
})

describe('other issuers', () => {
  it('are written as their tokens hold them', () => {
    expect(trust({ gitlab: { project: 'contoso/files', branch: 'main' } })).toMatchObject({
      issuer: 'https://gitlab.com',
      subject: 'project_path:contoso/files:ref_type:branch:ref:main',
    })
    expect(
      trust({ terraformCloud: { organization: 'contoso', workspace: 'files', runPhase: 'apply' } }),
    ).toMatchObject({
      issuer: 'https://app.terraform.io',
      subject: 'organization:contoso:project:Default Project:workspace:files:run_phase:apply',
    })
    const connection = {
      issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`,
      subject: '/eid1/c/pub/t/a/b',
    }
    expect(trust({ azurePipelines: connection })).toMatchObject(connection)
  })

  it('a managed identity has issuer and audience of the cloud in use', () => {
    const declared = { managedIdentity: { objectId: IDENTITY } }
    expect(trust(declared)).toEqual({
      issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`,
      subject: IDENTITY,
      audience: 'api://AzureADTokenExchange',
    })
    expect(trust(declared, 'usgovernment')).toMatchObject({
      issuer: `https://login.microsoftonline.us/${TENANT}/v2.0`,
      audience: 'api://AzureADTokenExchangeUSGov',
    })
    expect(trust(declared, 'china').issuer).toBe(`https://login.partner.microsoftonline.cn/${TENANT}/v2.0`)
  })

  it('an expression takes the place of the subject', () => {
    const expression = "claims['sub'] matches 'repo:contoso/*'"
    expect(trust({ matching: { issuer: 'github', expression } })).toEqual({
      issuer: 'https://token.actions.githubusercontent.com',
      expression,
      audience: 'api://AzureADTokenExchange',
    })
  })

  it.each([
    [{ azurePipelines: { issuer: 'https://i' } }, 'issuer and subject as Azure DevOps shows them'],
    [
      { azurePipelines: { issuer: 'https://i', subject: 's', project: 'p' } },
      'issuer and subject as Azure DevOps shows them',
    ],
    [{ managedIdentity: { objectId: IDENTITY, name: 'both' } }, 'one of objectId, name'],
    [{ gitlab: { project: 'g/p' } }, 'one of branch or tag'],
    [{}, 'a federated credential is one of github, azurePipelines, gitlab'],
  ])('are refused for %j', (declared, says) => {
    expect(() => trust(declared)).toThrow(says)
  })
})
