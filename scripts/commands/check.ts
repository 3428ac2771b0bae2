import { relative, resolve } from 'node:path'
import { publishedApisByName } from '../../microsoft/apis.ts'
import { renderAnnotations } from '../check/annotations.ts'
import { checkProject, stackFromFiles, stacksOf } from '../check/check.ts'
import { renderCheck, renderCheckJson } from '../check/render.ts'
import { renderSarif } from '../check/sarif.ts'
import { CommandError, EXIT, type ExitCode } from '../lib/errors.ts'
import type { Terminal } from '../lib/terminal.ts'

export interface CheckOptions {
  readonly projectDir: string
  /** On GitHub each finding is shown beside its line. */
  readonly env?: NodeJS.ProcessEnv
  /** Default: every stack of the project. */
  readonly stack?: string
  readonly json?: boolean
  readonly sarif?: boolean
}

/**
 * Checks the declaration against every rule, without engine, tenant or network: for editors and pre-commit hooks.
 *
 * @returns 1 when there is an error; warnings alone are 0
 * @throws CommandError NO_STACK when the project has no such stack
 */
export function check(options: CheckOptions, terminal: Terminal): ExitCode {
  const { projectDir, env = {} } = options
  const stacks =
    options.stack === undefined ? stacksOf(projectDir) : [stackFromFiles(projectDir, options.stack)]
  if (stacks.length === 0) {
    throw new CommandError(
      'NO_STACK',
      `There is no stack in ${projectDir}: a stack is a file Pulumi.<stack>.yaml.`,
    )
  }
  const report = checkProject({ projectDir, stacks, catalogue: publishedApisByName() })
  if (options.sarif) terminal.print(renderSarif(report))
  else terminal.print(options.json ? renderCheckJson(report) : renderCheck(report, terminal.colors))
  if (env['GITHUB_ACTIONS'] === 'true' && report.findings.length > 0) {
    const folder = relative(env['GITHUB_WORKSPACE'] ?? projectDir, resolve(projectDir))
    terminal.command(renderAnnotations(report, folder))
  }
  return report.findings.some(({ severity }) => severity === 'error') ? EXIT.wrong : EXIT.ok
}
