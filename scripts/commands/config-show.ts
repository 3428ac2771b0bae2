import { DeclarationError } from '../../infra/declaration/problems.ts'
import { projectReader, readStackDeclaration } from '../../infra/declaration/stack-declaration.ts'
import { readIdentities } from '../../infra/rules/identities.ts'
import { readDeclaration } from '../../infra/rules/validate.ts'
import { mapValues } from '../../lib/map-values.ts'
import { cloudOf } from '../../microsoft/clouds.ts'
import { stackFromFiles } from '../check/check.ts'
import { renderSettings, settingsOf } from '../check/show-declaration.ts'
import { EXIT, type ExitCode } from '../lib/errors.ts'
import type { Terminal } from '../lib/terminal.ts'

export interface ConfigShowOptions {
  readonly projectDir: string
  /** Default: PULUMI_STACK, else the only stack of the project. */
  readonly stack?: string
  /** Default: every application. */
  readonly app?: string
  readonly json?: boolean
}

/**
 * Prints what a stack deploys, setting by setting, with the file and line where each is written.
 *
 * @throws CommandError NO_STACK when no stack is named and there is not exactly one
 * @throws DeclarationError when the declaration has mistakes of form
 */
export function configShow(options: ConfigShowOptions, env: NodeJS.ProcessEnv, terminal: Terminal): ExitCode {
  const { projectDir, app } = options
  const stack = stackFromFiles(projectDir, options.stack ?? env['PULUMI_STACK'])
  const declared = readStackDeclaration(projectDir, stack)
  const rules = {
    cloud: cloudOf(declared.config['azuread:environment'], env),
    read: projectReader(projectDir),
    env,
    hasIdentities: declared.identities !== undefined,
  }
  const result = readDeclaration(declared.value, rules)
  const granted = readIdentities(declared.identities, result.ok ? result.value : {}, rules)
  const problems = [result, granted].flatMap((each) => (each.ok ? [] : each.problems))
  if (!result.ok || !granted.ok) throw new DeclarationError(problems, declared.file)
  const settings = settingsOf(
    result.value,
    declared,
    mapValues(granted.value, ({ declaration }) => declaration),
  ).filter(({ path }) => app === undefined || path[1] === app)
  terminal.print(options.json ? JSON.stringify(settings, null, 2) : renderSettings(settings))
  return EXIT.ok
}
