import { plural } from '../../lib/plural.ts'

/** One mistake in the declaration: where it stands, which rule it breaks and how to fix it. */
export interface Problem {
  /** Path in the stack's YAML, from the config key down: `['apps', 'file-manager', 'redirectUris', 'web', 0]`. */
  readonly path: readonly (string | number)[]
  /** What is wrong, naming the value and the rule. One sentence without a full stop. */
  readonly message: string
  /** What to do about it. One sentence without a full stop. */
  readonly fix: string
}

/**
 * Every mistake of a declaration at once, so that a file is corrected in one pass.
 * Thrown before any resource is registered: nothing has been changed in the tenant when it appears.
 */
export class DeclarationError extends Error {
  readonly code = 'INVALID_DECLARATION'
  readonly problems: readonly Problem[]
  /** The file the problems are in, or what else was declared. */
  readonly source: string

  constructor(problems: readonly Problem[], source: string) {
    super(
      [
        `${plural(problems.length, 'mistake')} in ${source}; nothing was changed.`,
        ...problems.map(renderProblem),
      ].join('\n'),
    )
    this.name = 'DeclarationError'
    this.problems = problems
    this.source = source
  }
}

/** Writes a path the way people point into YAML: `apps.file-manager.redirectUris.web[0]`. */
export function renderPath(path: readonly (string | number)[]): string {
  return path
    .map((step, i) => {
      if (typeof step === 'number') return `[${step}]`
      const plain = /^[\w-]+$/.test(step) ? step : JSON.stringify(step)
      return i === 0 ? plain : `.${plain}`
    })
    .join('')
}

/** The place, what is wrong there and how to fix it, on two lines; with the code of the rule where there is one. */
export function renderProblem(problem: Problem & { readonly code?: string }): string {
  const code = problem.code ? ` [${problem.code}]` : ''
  return `  ${renderPath(problem.path)}: ${problem.message}${code}.\n    → ${problem.fix}.`
}
