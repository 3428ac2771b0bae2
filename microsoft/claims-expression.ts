/** One condition of a claims matching expression: `claims['sub'] matches 'repo:contoso/*'`. */
export interface ClaimCondition {
  readonly claim: string
  /** `eq` compares exactly, `matches` takes `*` for any characters and `?` for one. */
  readonly operator: 'eq' | 'matches'
  readonly value: string
}

/** Issuers of tokens, by the documentation of GitHub Actions, GitLab CI/CD and HCP Terraform. */
export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com'
export const GITLAB_ISSUER = 'https://gitlab.com'
export const TERRAFORM_ISSUER = 'https://app.terraform.io'

/**
 * Issuers that flexible federated credentials can be for, each with the claims that an expression may look at (Microsoft
 * Entra workload ID: Flexible federated identity credentials).
 */
export const FLEXIBLE_ISSUERS: { readonly [issuer: string]: readonly string[] } = {
  [GITHUB_ISSUER]: ['sub', 'job_workflow_ref'],
  [GITLAB_ISSUER]: ['sub'],
  [TERRAFORM_ISSUER]: ['sub'],
}

/** The only version of the language that there is: `claimsMatchingExpression.languageVersion`. */
export const EXPRESSION_LANGUAGE_VERSION = 1

const CONDITION = /^claims\[\s*'([^']+)'\s*\]\s+(eq|matches)\s+'((?:[^']|'')*)'/

/**
 * Reads a claims matching expression: conditions joined by `and`. A quote within a value is written twice.
 *
 * @throws SyntaxError saying where the expression stops being one
 */
export function parseClaimsExpression(text: string): readonly ClaimCondition[] {
  const conditions: ClaimCondition[] = []
  let rest = text.trim()
  for (;;) {
    const [whole, claim, operator, value] = CONDITION.exec(rest) ?? []
    if (whole === undefined || claim === undefined || value === undefined) {
      throw new SyntaxError(
        `expected claims['name'] matches 'pattern' or claims['name'] eq 'value' at "${rest}"`,
      )
    }
    conditions.push({
      claim,
      operator: operator as ClaimCondition['operator'],
      value: value.replaceAll("''", "'"),
    })
    rest = rest.slice(whole.length)
    if (rest === '') return conditions
    const [joint] = /^\s+and\s+/.exec(rest) ?? []
    if (joint === undefined) throw new SyntaxError(`expected "and" at "${rest.trim()}"`)
    rest = rest.slice(joint.length)
  }
}

/** Whether the claims of a token meet all conditions. Case matters, as it does for subjects. */
export function meetsConditions(
  conditions: readonly ClaimCondition[],
  claims: { readonly [name: string]: unknown },
): boolean {
  return conditions.every(({ claim, operator, value }) => {
    const presented = claims[claim]
    if (typeof presented !== 'string') return false
    return operator === 'eq' ? presented === value : fitsPattern(presented, value)
  })
}

/** Linear in the length of both but for backtracking to the last `*`, so no pattern can take long. */
function fitsPattern(text: string, pattern: string): boolean {
  let at = 0
  let star = -1
  let resumeAt = 0
  let index = 0
  while (index < text.length) {
    if (pattern[at] === '*') {
      star = at
      resumeAt = index
      at += 1
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[index])) {
      at += 1
      index += 1
    } else if (star >= 0) {
      at = star + 1
      resumeAt += 1
      index = resumeAt
    } else return false
  }
  while (pattern[at] === '*') at += 1
  return at === pattern.length
}
