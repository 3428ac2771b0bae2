import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseName } from '../init/answers.ts'
import { appFile } from '../init/project.ts'
import { CommandError, type ExitCode } from '../lib/errors.ts'
import { applyPlan } from './apply-plan.ts'
import type { CommandContext } from './definition.ts'
import { parseOption } from './parse-option.ts'

export interface AddOptions {
  readonly name: string
  readonly template: string
  readonly dryRun?: boolean
}

/**
 * Writes the file of an application from a template.
 *
 * @returns 1 when the file exists with other content: it is shown and left alone
 * @throws CommandError BAD_OPTIONS, NO_PROJECT, NAME_TAKEN, FILE_INACCESSIBLE, FILE_CHANGED
 */
export function add(
  { name, template, dryRun }: AddOptions,
  { projectDir, terminal }: CommandContext,
): ExitCode {
  parseOption('name', () => parseName(name))
  if (!existsSync(join(projectDir, 'Pulumi.yaml'))) {
    throw new CommandError('NO_PROJECT', `There is no Pulumi.yaml in ${projectDir}. Run: npx entra-apps init`)
  }
  requireNewApp(projectDir, name)
  return applyPlan([appFile(name, template)], ['npx entra-apps check'], { projectDir, dryRun, terminal })
}

/** @throws CommandError NAME_TAKEN when a file with the other extension declares the application */
export function requireNewApp(projectDir: string, app: string): void {
  if (!existsSync(join(projectDir, 'apps', `${app}.yml`))) return
  throw new CommandError('NAME_TAKEN', `apps/${app}.yml declares "${app}" already. Choose another name.`)
}
