import { basename, resolve } from 'node:path'
import { slug } from '../../lib/slug.ts'
import { completeAnswers, type GivenAnswers, QUESTIONS } from '../init/answers.ts'
import { askMissing, withQuestions } from '../init/ask.ts'
import { projectFiles } from '../init/project.ts'
import { DEFAULT_TEMPLATE } from '../init/templates.ts'
import { CommandError, type ExitCode } from '../lib/errors.ts'
import { requireNewApp, requireTemplate } from './add.ts'
import { applyPlan } from './apply-plan.ts'
import type { CommandContext } from './definition.ts'

export interface InitOptions extends GivenAnswers {
  readonly template?: string
  readonly stack?: string
  readonly yes?: boolean
  readonly dryRun?: boolean
}

/**
 * Starts a project in a directory, empty or not.
 *
 * @returns 1 when a file exists with other content: it is shown and left alone
 * @throws CommandError BAD_OPTIONS, NO_TERMINAL, FILE_INACCESSIBLE, FILE_CHANGED
 */
export async function init(options: InitOptions, context: CommandContext): Promise<ExitCode> {
  const { projectDir, terminal } = context
  const folder = basename(resolve(projectDir))
  const { template = DEFAULT_TEMPLATE, stack = 'dev' } = options
  requireTemplate(template)
  requireStack(stack)
  // Options that are wrong are refused before anything is asked.
  answersOf(options, folder)
  const answers = answersOf(await askedFor(options, folder, context), folder)
  requireNewApp(projectDir, answers.app)
  const wanted = projectFiles({ ...answers, name: slug(folder) || 'entra-apps', stack, template })
  const code = applyPlan(wanted, projectDir, options.dryRun === true, terminal)
  if (options.dryRun) return code
  if (answers.state === 'local' && answers.pipeline !== 'none') {
    terminal.note(
      '\nThe state in a home directory does not outlive the runner of a pipeline: set PULUMI_BACKEND_URL there.',
    )
  }
  terminal.print('\nNext:\n  npm install\n  npx entra-apps demo')
  return code
}

function answersOf(given: GivenAnswers, folder: string) {
  try {
    return completeAnswers(given, folder)
  } catch (error) {
    throw new CommandError('BAD_OPTIONS', `${(error as Error).message}.`, { cause: error })
  }
}

async function askedFor(
  options: InitOptions,
  folder: string,
  { terminal, signal }: CommandContext,
): Promise<GivenAnswers> {
  const missing = QUESTIONS.filter(({ key }) => options[key] === undefined)
  if (options.yes || missing.length === 0) return options
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    const flags = missing.map(({ key }) => `--${key}`).join(', ')
    throw new CommandError(
      'NO_TERMINAL',
      `There is no terminal to ask questions on. Give ${flags}, or take the defaults with --yes.`,
    )
  }
  return withQuestions(signal, (ask) => askMissing(options, folder, { ask, note: terminal.note }))
}

/** @throws CommandError BAD_OPTIONS for a name that Pulumi does not accept, or that is the local tenant's */
function requireStack(stack: string): void {
  if (/^[\w.-]{1,100}$/.test(stack) && stack !== 'local') return
  const reason =
    stack === 'local' ? 'is the stack of the local tenant' : 'may hold letters, digits, "_", "-" and "." only'
  throw new CommandError('BAD_OPTIONS', `--stack: "${stack}" ${reason}. Choose another name, such as dev.`)
}
