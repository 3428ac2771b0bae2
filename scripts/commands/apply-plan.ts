import { readProjectFile, writeFiles } from '../init/files.ts'
import { planFiles, type WantedFile } from '../init/plan.ts'
import { renderPlan } from '../init/render.ts'
import { EXIT, type ExitCode } from '../lib/errors.ts'
import type { Terminal } from '../lib/terminal.ts'

/**
 * Shows what is done about each file, and does it.
 *
 * @returns 1 when a file exists with other content: it is shown and left alone
 * @throws CommandError FILE_INACCESSIBLE, FILE_CHANGED
 */
export function applyPlan(
  wanted: readonly WantedFile[],
  projectDir: string,
  dryRun: boolean,
  terminal: Terminal,
): ExitCode {
  const files = planFiles(wanted, (path) => readProjectFile(projectDir, path))
  terminal.print(renderPlan(files, terminal.colors))
  if (dryRun) terminal.print('\nNothing was written.')
  else writeFiles(projectDir, files)
  return files.some(({ action }) => action === 'differs') ? EXIT.wrong : EXIT.ok
}
