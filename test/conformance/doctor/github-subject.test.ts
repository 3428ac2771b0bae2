import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { appDeclaration } from '../../../infra/declaration/schema.ts'
import { githubSubject } from '../../../scripts/commands/github-subject.ts'
import { checkGithubSubjects } from '../../../scripts/doctor/github-subjects.ts'
import { recordingTerminal } from '../../support/terminal.ts'

const REPOSITORY = { id: 456789, full_name: 'contoso/files', owner: { id: 123456 } }
const SUBJECT = '/repos/contoso/files/actions/oidc/customization/sub'
const IMMUTABLE = 'repo:contoso@123456/files@456789'

/** GitHub's API as far as it is asked, over HTTP: what is not there answers 404, a wrong token 401. */
let answers: Record<string, unknown>
let asked: string[]
let server: Server
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  server = createServer((request, response) => {
    const { url = '', headers } = request
    asked.push(`${url} ${headers.authorization ?? 'anonymous'}`)
    const isWrong = headers.authorization?.includes('wrong')
    const status = isWrong ? 401 : url in answers ? 200 : 404
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(status === 200 ? answers[url] : { message: 'Not Found' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  env = { GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
})
afterAll(() => server.close())
beforeEach(() => {
  asked = []
  answers = {
    '/repos/contoso/files': REPOSITORY,
    [SUBJECT]: { use_default: true, use_immutable_subject: false, sub_claim_prefix: IMMUTABLE },
  }
})

async function run(options: object, more: NodeJS.ProcessEnv = {}) {
  const terminal = recordingTerminal()
  const context = {
    projectDir: '.',
    env: { ...env, ...more },
    terminal,
    signal: new AbortController().signal,
  }
  const code = await githubSubject({ repository: 'contoso/files', ...options }, context)
  return { code, printed: terminal.printed.join('\n'), noted: terminal.noted.join('\n') }
}

describe('github-subject', () => {
  it('prints the lines with ids where GitHub writes them, even before the repository opted in', async () => {
    const { code, printed, noted } = await run({ environment: 'production' })
    expect(code).toBe(0)
    expect(printed).toContain('github-environment-production:')
    for (const line of [
      'repository: contoso/files',
      'ownerId: 123456',
      'repositoryId: 456789',
      'environment: production',
    ]) {
      expect(printed).toContain(line)
    }
    expect(noted).toBe(`The subject of its tokens is ${IMMUTABLE}:environment:production.`)
    expect(asked).toEqual([`/repos/contoso/files anonymous`, `${SUBJECT} anonymous`])
  })

  it('prints both forms where GitHub still writes names', async () => {
    answers[SUBJECT] = { use_default: true, use_immutable_subject: false }
    const { printed, noted } = await run({ branch: 'main' })
    expect(printed).not.toContain('ownerId')
    expect(noted).toContain('The subject of its tokens is repo:contoso/files:ref:refs/heads/main.')
    expect(noted).toContain('does not write its ids yet')
    expect(noted).toContain('ownerId: 123456')
  })

  it('follows a template of the repository, or of its organisation', async () => {
    answers[SUBJECT] = { use_default: false, include_claim_keys: ['repository_owner_id', 'job_workflow_ref'] }
    const own = await run({ pullRequest: true, json: true })
    expect(JSON.parse(own.printed).declaration.github.include).toEqual([
      'repository_owner_id',
      { job_workflow_ref: '<value>' },
    ])
    answers[SUBJECT] = { use_default: false }
    answers['/orgs/contoso/actions/oidc/customization/sub'] = {
      include_claim_keys: ['repository_id', 'context'],
    }
    const organization = await run({ tag: 'v1', json: true })
    expect(JSON.parse(organization.printed).subject).toBe('repository_id:456789:ref:refs/tags/v1')
  })

  it('says what could not be read, and a new name', async () => {
    delete answers[SUBJECT]
    answers['/repos/contoso/old'] = REPOSITORY
    const { noted } = await run({ repository: 'contoso/old', branch: 'main' })
    expect(noted).toContain('contoso/old is called contoso/files now.')
    expect(noted).toContain('GitHub does not say how it writes the subject (404')
    await expect(run({ repository: 'contoso/none', branch: 'main' })).rejects.toThrow(
      'does not show contoso/none (404',
    )
    const refused = run({ branch: 'main' }, { GITHUB_TOKEN: 'ghp_wrong-and-secret' })
    await expect(refused).rejects.toThrow('401: the token in GITHUB_TOKEN is not valid')
    await expect(refused).rejects.not.toThrow('secret')
  })

  it.each([
    [{}, 'one of --branch'],
    [{ branch: 'a', tag: 'b' }, 'one of --branch'],
    [{ branch: 'refs/heads/main' }, 'without refs/heads/'],
    [{ repository: 'contoso/files/x', branch: 'main' }, 'owner/name'],
  ])('asks nothing for the options %j', async (options, says) => {
    await expect(run(options)).rejects.toThrow(says)
    expect(asked).toEqual([])
  })
})

describe('doctor', () => {
  const github = (rest: object) => ({ github: { repository: 'contoso/files', branch: 'main', ...rest } })
  const ids = { ownerId: 123456, repositoryId: 456789 }
  const check = (federatedCredentials: object) =>
    checkGithubSubjects({ crm: appDeclaration.parse({ displayName: 'CRM', federatedCredentials }) }, env)

  it('compares what is declared with what GitHub writes', async () => {
    const [wrong] = await check({ main: github({}) })
    expect(wrong).toMatchObject({ name: 'GitHub subject of crm: main', status: 'warning' })
    expect(wrong?.detail).toContain(
      `declared is repo:contoso/files:ref:refs/heads/main, GitHub writes ${IMMUTABLE}:ref:refs/heads/main (from character 13 on:`,
    )
    expect(await check({ main: github(ids) })).toMatchObject([{ status: 'passed' }])
  })

  it('takes both formats beside each other, and leaves out what cannot be asked', async () => {
    const both = await check({ main: github({}), 'main-ids': github(ids) })
    expect(both.map(({ status }) => status)).toEqual(['passed', 'passed'])
    const elsewhere = await check({ main: github({ repository: 'contoso/hidden' }) })
    expect(elsewhere).toMatchObject([{ status: 'skipped' }])
    expect(await check({ main: { other: { issuer: 'https://i', subject: 's' } } })).toEqual([])
  })
})
