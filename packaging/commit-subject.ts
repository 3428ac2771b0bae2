/** Types of commits; CONTRIBUTING.md says what each is for. */
const TYPES = ['feat', 'fix', 'perf', 'refactor', 'docs', 'test', 'build', 'ci', 'chore'] as const
const MAX_LENGTH = 72

const SUBJECT = new RegExp(`^(${TYPES.join('|')})(\\([a-z0-9./-]+\\))?!?: \\S.*$`)

/** Why a commit's subject is no conventional one ("Conventional Commits 1.0.0"); undefined when it is. */
export function subjectProblem(subject: string): string | undefined {
  if (!SUBJECT.test(subject)) return `expected "type(scope): what changed"; types: ${TYPES.join(', ')}`
  if (subject.endsWith('.')) return 'remove the period at the end'
  if (subject.length > MAX_LENGTH) return `at most ${MAX_LENGTH} characters, got ${subject.length}`
  return undefined
}
