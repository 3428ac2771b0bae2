import { mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { replaceFileSync } from '../../lib/replace-file.ts'
import { CommandError } from '../lib/errors.ts'
import type { PlannedFile } from './plan.ts'

/**
 * @param written files that this command has written before, for the message
 * @returns the content of a file of the project; undefined when there is none
 * @throws CommandError FILE_INACCESSIBLE
 */
export function readProjectFile(
  projectDir: string,
  path: string,
  written: readonly string[] = [],
): string | undefined {
  try {
    return readFileSync(join(projectDir, path), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw inaccessible('read', path, error, written)
  }
}

/**
 * Creates the files that are planned so and adds to those that lack something, each in one step; no other file is touched.
 *
 * @throws CommandError FILE_INACCESSIBLE, FILE_CHANGED when a file is no longer as planned; both name what was written before
 */
export function writeFiles(projectDir: string, files: readonly PlannedFile[]): void {
  const written: string[] = []
  for (const { path, action, content, existing } of files) {
    if (action !== 'create' && action !== 'add') continue
    if (readProjectFile(projectDir, path, written) !== existing) {
      const message = `${path} has changed in the meantime. ${before(written)} Run the command again.`
      throw new CommandError('FILE_CHANGED', message)
    }
    try {
      writeFile(join(projectDir, path), content, action === 'add')
    } catch (error) {
      throw inaccessible('write', path, error, written)
    }
    written.push(path)
  }
}

function writeFile(file: string, content: string, exists: boolean): void {
  if (!exists) {
    mkdirSync(dirname(file), { recursive: true })
    replaceFileSync(file, content, { mode: 0o644 })
    return
  }
  // A link stays a link: what it leads to is replaced.
  const real = realpathSync(file)
  const { mode, uid, gid } = statSync(real)
  const owner = uid === process.getuid?.() ? undefined : { uid, gid }
  replaceFileSync(real, content, { mode: mode & 0o777, ...(owner && { owner }) })
}

function inaccessible(verb: string, path: string, cause: unknown, written: readonly string[]): CommandError {
  const { message } = cause as Error
  return new CommandError(
    'FILE_INACCESSIBLE',
    `Cannot ${verb} ${path} (${message}). ${before(written)} Correct that and run the command again.`,
    { cause },
  )
}

function before(written: readonly string[]): string {
  return written.length > 0 ? `Written before: ${written.join(', ')}.` : 'Nothing was written.'
}
