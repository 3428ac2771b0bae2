import { subjectOrExpression, trustOf } from '../../infra/declaration/federation.ts'
import { githubSubjectCommand } from '../../infra/declaration/github-subject.ts'
import { federatedCredential } from '../../infra/declaration/schema/federation.ts'
import type { AppDeclaration } from '../../infra/declaration/schema.ts'
import { describeFirstDifference } from '../../lib/first-difference.ts'
import { passed, skipped, warning } from '../proof/checks/check.ts'
import type { Check } from '../proof/model/report.ts'
import { declaredSettings, readSubjectFormat, type SubjectFormat } from './github-subject.ts'

type GithubDeclaration = NonNullable<AppDeclaration['federatedCredentials'][string]['github']>

interface Declared {
  readonly name: string
  readonly github: GithubDeclaration
}

/**
 * Compares the subjects that are declared for jobs of GitHub with those that GitHub writes. During a migration one that is
 * of the other format is right, as long as its twin is there.
 */
export async function checkGithubSubjects(
  apps: Readonly<Record<string, AppDeclaration>>,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<Check[]> {
  const declared = Object.entries(apps).flatMap(([app, { federatedCredentials }]) =>
    Object.entries(federatedCredentials).flatMap(([credential, { github }]): Declared[] =>
      // Another issuer is another GitHub, which the API in use does not know.
      github && (github.issuer === undefined || env['GITHUB_API_URL'])
        ? [{ name: `${app}: ${credential}`, github }]
        : [],
    ),
  )
  const repositories = [...new Set(declared.map(({ github }) => github.repository))]
  const formats = new Map(
    await Promise.all(
      repositories.map(
        async (each) => [each, await readSubjectFormat(each, env, signal).catch(reason)] as const,
      ),
    ),
  )
  const subjects = new Set(declared.map(({ github }) => subjectOf(github)))
  return declared.map(({ name, github }) => judge(name, github, formats.get(github.repository)!, subjects))
}

function judge(
  credential: string,
  github: GithubDeclaration,
  format: SubjectFormat | string,
  subjects: ReadonlySet<string>,
): Check {
  const name = `GitHub subject of ${credential}`
  if (typeof format === 'string') return skipped(name, format)
  if (format.unknown !== undefined) return skipped(name, format.unknown)
  const declared = subjectOf(github)
  const written = writtenFor(github, format)
  if (written === undefined) return skipped(name, 'the template has claims whose values only a token shows')
  const difference = describeFirstDifference(declared, written)
  if (difference === undefined) return passed(name, declared)
  if (subjects.has(written))
    return passed(name, `${declared}, beside the one that GitHub writes now: ${written}`)
  return warning(
    name,
    `declared is ${declared}, GitHub writes ${written} (${difference}): jobs cannot log in. ${githubSubjectCommand(github)} prints the lines to declare`,
  )
}

/** What GitHub writes for the same event; undefined where that follows from no setting. */
function writtenFor(github: GithubDeclaration, format: SubjectFormat): string | undefined {
  const { branch, environment, tag, pullRequest, include = [] } = github
  const settings = declaredSettings(format)
  const given = new Map(include.flatMap((claim) => (typeof claim === 'string' ? [] : Object.entries(claim))))
  const claims = settings.include?.map((claim) => {
    if (typeof claim === 'string') return claim
    const [key = ''] = Object.keys(claim)
    const value = given.get(key)
    return value === undefined ? undefined : { [key]: value }
  })
  if (claims?.includes(undefined)) return undefined
  const event = { branch, environment, tag, pullRequest }
  const read = federatedCredential.safeParse({
    github: { ...settings, ...event, ...(claims && { include: claims }) },
  })
  // A subject that is given as it is names no event.
  return read.success && read.data.github ? subjectOf(read.data.github) : undefined
}

function subjectOf(github: GithubDeclaration): string {
  return subjectOrExpression(trustOf({ github }, { cloud: 'public' }))
}

function reason(error: unknown): string {
  return (error as Error).message
}
