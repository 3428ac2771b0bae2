import type { AppDeclaration } from './schema.ts'

type GithubDeclaration = NonNullable<AppDeclaration['federatedCredentials'][string]['github']>

/**
 * The subject that GitHub writes into the tokens of a job ("OpenID Connect reference" in its documentation): "repo" with
 * the ids where they are declared, and the event; or the claims of a template, each as name and value.
 */
export function githubSubject(declared: GithubDeclaration): string {
  if (declared.subject !== undefined) return declared.subject
  const { include = ['repo', 'context'] } = declared
  return include
    .map((claim) => {
      if (typeof claim === 'string') return derivedClaim(declared, claim)
      const [[name, value] = ['', '']] = Object.entries(claim)
      return `${name}:${value}`
    })
    .join(':')
}

/** `repo:contoso@123456/files@456789`: what comes before the event in GitHub's own template. */
export function githubSubjectPrefix({
  repository,
  ownerId,
  repositoryId,
}: Pick<GithubDeclaration, 'repository' | 'ownerId' | 'repositoryId'>): string {
  if (ownerId === undefined) return `repo:${repository}`
  const [owner, name] = repository.split('/')
  return `repo:${owner}@${ownerId}/${name}@${repositoryId}`
}

/** The command that asks GitHub for the ids and prints the lines to write. */
export function githubSubjectCommand({ repository, branch, environment, tag }: GithubDeclaration): string {
  const [option, value] =
    Object.entries({ branch, environment, tag }).find(([, each]) => each !== undefined) ?? []
  if (value === undefined) return `npm run github-subject -- ${repository} --pull-request`
  return `npm run github-subject -- ${repository} --${option} ${/^[\w./-]+$/.test(value) ? value : `'${value}'`}`
}

function derivedClaim(declared: GithubDeclaration, claim: string): string {
  const { repository, ownerId, repositoryId, branch, environment, tag } = declared
  const values: Readonly<Record<string, string | undefined>> = {
    repository,
    repository_id: repositoryId?.toString(),
    repository_owner: repository.split('/')[0],
    repository_owner_id: ownerId?.toString(),
    environment: environment && escapeColons(environment),
    ref: branch === undefined ? `refs/tags/${tag}` : `refs/heads/${branch}`,
    ref_type: branch === undefined ? 'tag' : 'branch',
  }
  // "repo" brings its own name, and "context" is the event with its name.
  if (claim === 'repo') return githubSubjectPrefix(declared)
  return claim === 'context' ? githubEvent(declared) : `${claim}:${values[claim]}`
}

function githubEvent({ branch, environment, tag }: GithubDeclaration): string {
  if (branch) return `ref:refs/heads/${branch}`
  if (tag) return `ref:refs/tags/${tag}`
  return environment ? `environment:${escapeColons(environment)}` : 'pull_request'
}

/** GitHub escapes the character that separates the parts of a subject. */
function escapeColons(value: string): string {
  return value.replaceAll(':', '%3A')
}
