import { stringify } from 'yaml'
import { describeFederation } from '../../infra/declaration/federation.ts'
import { federatedCredential } from '../../infra/declaration/schema/federation.ts'
import { declaredSettings, readSubjectFormat, type SubjectFormat } from '../doctor/github-subject.ts'
import { CommandError, EXIT, type ExitCode } from '../lib/errors.ts'
import { secretsIn } from '../lib/secret-variables.ts'
import type { CommandContext } from './definition.ts'

export interface GithubSubjectOptions {
  /** owner/name. */
  readonly repository: string
  readonly branch?: string
  readonly environment?: string
  readonly tag?: string
  readonly pullRequest?: boolean
  readonly json?: boolean
}

/**
 * Prints the lines that declare a job of GitHub Actions as GitHub writes its subject now, and those with ids for a
 * repository that does not write them yet.
 *
 * @throws CommandError BAD_OPTIONS, GITHUB_UNREADABLE
 */
export async function githubSubject(
  { repository, json, ...options }: GithubSubjectOptions,
  { env, terminal, signal }: CommandContext,
): Promise<ExitCode> {
  terminal.mask.add(...secretsIn(env))
  const event = eventOf(options)
  // Judged before GitHub is asked.
  subjectOf({ repository, ...event })
  const format = await readSubjectFormat(repository, env, signal)
  const declared = { ...declaredSettings(format), ...event }
  const subject = subjectOf(declared)
  if (json) {
    terminal.print(JSON.stringify({ ...format, declaration: { github: declared }, subject }, null, 2))
    return EXIT.ok
  }
  terminal.print(snippet(event, declared))
  terminal.note(`The subject of its tokens is ${subject}.`)
  for (const line of notes(repository, format, event)) terminal.note(line)
  return EXIT.ok
}

type Event = Readonly<Record<string, string | true>>

function eventOf({ branch, environment, tag, pullRequest }: Omit<GithubSubjectOptions, 'repository'>): Event {
  const given = Object.entries({ branch, environment, tag, pullRequest }).filter(([, value]) => value)
  const [event] = given
  if (given.length === 1 && event?.[1]) return Object.fromEntries([event]) as Event
  throw new CommandError(
    'BAD_OPTIONS',
    'Say which jobs log in, with one of --branch, --environment, --tag and --pull-request.',
  )
}

function subjectOf(github: object): string {
  const read = federatedCredential.safeParse({ github })
  if (read.success) return describeFederation(read.data, { cloud: 'public' }).subject ?? ''
  throw new CommandError('BAD_OPTIONS', `${read.error.issues.map(({ message }) => message).join('; ')}.`)
}

function snippet(event: Event, github: object): string {
  const [kind = '', value] = Object.entries(event)[0] ?? []
  const name = `github-${value === true ? 'pull-requests' : `${kind}-${value}`}`
  const declared = { federatedCredentials: { [name.replace(/[^\w-]+/g, '-')]: { github } } }
  return stringify(declared, { flowCollectionPadding: true, lineWidth: 0 }).trimEnd()
}

function* notes(asked: string, format: SubjectFormat, event: Event): Generator<string> {
  const { repository, ownerId, repositoryId, prefix, include, unknown } = format
  if (repository.toLowerCase() !== asked.toLowerCase()) yield `${asked} is called ${repository} now.`
  if (unknown !== undefined) yield `${unknown}; the lines are right for a repository that writes its ids.`
  if (include?.some((claim) => claim === 'job_workflow_ref')) {
    yield 'Replace <value> by the value of the claim in your tokens.'
  }
  if (prefix === undefined || prefix.includes('@') || (include && !include.includes('repo'))) return
  yield 'The repository does not write its ids yet. Before it does (setting, renaming or transfer), declare this beside it, under another name:'
  yield snippet(event, { repository, ownerId, repositoryId, ...event })
}
