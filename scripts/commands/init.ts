import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { APPS_DIR } from '../../infra/declaration/app-files.ts'
import { slug } from '../../lib/slug.ts'
import { completeAnswers, type GivenAnswers, QUESTIONS } from '../init/answers.ts'
import { askMissing, withQuestions } from '../init/ask.ts'
import { projectFiles } from '../init/project.ts'
import { CommandError, type ExitCode } from '../lib/errors.ts'
import { requireNewApp } from './add.ts'
import { applyPlan } from './apply-plan.ts'
import type { CommandContext } from './definition.ts'

export interface InitOptions extends GivenAnswers {
  readonly template: string
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
  const { template, stack = 'dev' } = options
  requireStack(stack)
  // Options that are wrong are refused before anything is asked.
  answersOf(options, folder)
  const given = await askedFor(options, folder, context)
  const answers = answersOf(given, folder)
  requireNewApp(projectDir, answers.app)
  const all = projectFiles({ ...answers, name: slug(folder) || 'entra-apps', stack, template })
  // A project that has applications gets no other one unless it is named.
  const isNamed = given.app !== undefined || !existsSync(join(projectDir, APPS_DIR))
  const wanted = all.filter(({ path }) => isNamed || !path.startsWith(`${APPS_DIR}/`))
  const next = ['npm install', 'npx entra-apps demo']
  const code = applyPlan(wanted, next, { projectDir, dryRun: options.dryRun, terminal })
  if (answers.state === 'local' && answers.pipeline !== 'none') {
    terminal.note(
      '\nThe state in a home directory does not outlive the runner of a pipeline: set PULUMI_BACKEND_URL there.',
    )
  }
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
