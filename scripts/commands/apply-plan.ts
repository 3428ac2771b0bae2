import { readProjectFile, writeFiles } from '../init/files.ts'
import { type PlannedFile, planFiles, type WantedFile } from '../init/plan.ts'
import { unfitPeers } from '../init/project.ts'
import { renderPlan } from '../init/render.ts'
import { EXIT, type ExitCode } from '../lib/errors.ts'
import type { Terminal } from '../lib/terminal.ts'

/**
 * Shows what is done about each file, and does it; then what stands in the way, or the next commands.
 *
 * @returns 1 when a file exists with other content: it is shown and left alone
 * @throws CommandError FILE_INACCESSIBLE, FILE_CHANGED
 */
export function applyPlan(
  wanted: readonly WantedFile[],
  next: readonly string[],
  options: {
    readonly projectDir: string
    readonly dryRun?: boolean | undefined
    readonly terminal: Terminal
  },
): ExitCode {
  const { projectDir, dryRun, terminal } = options
  const files = planFiles(wanted, (path) => readProjectFile(projectDir, path))
  terminal.print(renderPlan(files, terminal.colors))
  if (dryRun) terminal.print('\nNothing was written.')
  else writeFiles(projectDir, files)
  const obstacles = [...differing(files), ...peers(files)]
  for (const obstacle of obstacles) terminal.note(`\n${obstacle}`)
  if (!dryRun && obstacles.length === 0) terminal.print(['\nNext:', ...next].join('\n  '))
  return files.some(({ action }) => action === 'differs') ? EXIT.wrong : EXIT.ok
}

function differing(files: readonly PlannedFile[]): string[] {
  const paths = files.filter(({ action }) => action === 'differs').map(({ path }) => path)
  if (paths.length === 0) return []
  return [
    `${paths.join(', ')}: left as ${paths.length === 1 ? 'it is' : 'they are'}. Make the changes that are shown above by hand.`,
  ]
}

function peers(files: readonly PlannedFile[]): string[] {
  const { existing } = files.find(({ path }) => path === 'package.json') ?? {}
  return unfitPeers(existing ?? '{}').map(
    ({ name, there, needed }) =>
      `package.json asks for ${name} ${there}; entra-apps works with ${needed}. Run: npm install ${name}@${needed}`,
  )
}
