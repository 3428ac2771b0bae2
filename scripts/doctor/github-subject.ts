import { z } from 'zod'
import { githubSubjectPrefix } from '../../infra/declaration/github-subject.ts'
import { DERIVED_GITHUB_CLAIMS } from '../../infra/declaration/schema/federation.ts'
import { openGithub } from '../lib/github.ts'

/** Limit of one request to GitHub's API, in milliseconds. */
const TIMEOUT_MS = 10_000

/** What GitHub says about the subjects of a repository's tokens. */
export interface SubjectFormat {
  /** As it is called now: a repository that was renamed answers under its old name, too. */
  readonly repository: string
  readonly ownerId: number
  readonly repositoryId: number
  /** What stands before the event: `repo:contoso@123456/files@456789`. Left out where GitHub did not say. */
  readonly prefix?: string
  /** Claims of a template of the repository or the organisation. Left out for GitHub's own. */
  readonly include?: readonly string[]
  /** Why the format is not known. One sentence without a full stop. */
  readonly unknown?: string
}

/** GitHub could not be asked. */
export class GithubError extends Error {
  readonly code = 'GITHUB_UNREADABLE'
}

const repositoryAnswer = z.object({
  id: z.number(),
  full_name: z.string(),
  owner: z.object({ id: z.number() }),
})

const subjectAnswer = z.object({
  use_default: z.boolean().optional(),
  include_claim_keys: z.array(z.string()).nullish(),
  use_immutable_subject: z.boolean().optional(),
  sub_claim_prefix: z.string().nullish(),
})

const organizationAnswer = z.object({ include_claim_keys: z.array(z.string()).nullish() })

/**
 * Asks GitHub for the ids of a repository and the format of its subjects ("REST API endpoints for GitHub Actions OIDC").
 *
 * @param env GITHUB_TOKEN or GH_TOKEN for what is not public; GITHUB_API_URL for GitHub Enterprise
 * @throws GithubError when the repository cannot be read
 */
export async function readSubjectFormat(
  repository: string,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<SubjectFormat> {
  const ask = githubApi(env, signal)
  const { id, full_name, owner } = repositoryAnswer.parse(
    await ask(`/repos/${repository}`).catch((error) => {
      throw new GithubError(`GitHub does not show ${repository} (${reasonOf(error)})`)
    }),
  )
  const known = { repository: full_name, ownerId: owner.id, repositoryId: id }
  try {
    const subject = subjectAnswer.parse(await ask(`/repos/${full_name}/actions/oidc/customization/sub`))
    return { ...known, ...(await formatOf(subject, known, ask)) }
  } catch (error) {
    return { ...known, unknown: `GitHub does not say how it writes the subject (${reasonOf(error)})` }
  }
}

type Ask = (path: string) => Promise<unknown>

/** A prefix counts for GitHub's own template, even while use_immutable_subject is false. */
async function formatOf(
  { use_default, include_claim_keys, use_immutable_subject, sub_claim_prefix }: z.infer<typeof subjectAnswer>,
  { repository, ownerId, repositoryId }: SubjectFormat,
  ask: Ask,
): Promise<Pick<SubjectFormat, 'prefix' | 'include'>> {
  const ids = use_immutable_subject ? { ownerId, repositoryId } : {}
  const prefix = sub_claim_prefix ?? githubSubjectPrefix({ repository, ...ids })
  if (use_default !== false) return { prefix }
  // A repository without a template of its own follows that of its organisation, where there is one.
  const include =
    include_claim_keys ??
    organizationAnswer.parse(await ask(`/orgs/${repository.split('/')[0]}/actions/oidc/customization/sub`))
      .include_claim_keys
  return include && include.length > 0 ? { prefix, include } : { prefix }
}

function githubApi(env: NodeJS.ProcessEnv, signal: AbortSignal | undefined): Ask {
  const opening = openGithub(env)
  return async (path) => {
    const limit = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])])
    const { data } = await (await opening).request(`GET ${path}`, { request: { signal: limit } })
    return data
  }
}

function reasonOf(error: unknown): string {
  const status = (error as { status?: number }).status
  if (error instanceof z.ZodError) return 'its answer has another form'
  if ((error as Error).name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`
  if (status === 404) return '404: it is not there, or the token in GITHUB_TOKEN may not read it'
  if (status === 401) return '401: the token in GITHUB_TOKEN is not valid'
  if (status === 403 || status === 429) return `${status}: set GITHUB_TOKEN to a token that may read it`
  return status ? `status ${status}` : `no answer: ${(error as Error).message}`
}

/** The settings that a declaration needs beside the event, as GitHub writes the subjects now. */
export function declaredSettings({ repository, ownerId, repositoryId, prefix, include }: SubjectFormat) {
  const hasIds = prefix === undefined || prefix.includes('@')
  const needsIds = hasIds || include?.some((claim) => claim.endsWith('_id'))
  return {
    repository,
    ...(needsIds && { ownerId, repositoryId }),
    ...(include && {
      include: include.map((claim) =>
        (DERIVED_GITHUB_CLAIMS as readonly string[]).includes(claim) ? claim : { [claim]: '<value>' },
      ),
    }),
  }
}
