import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheDirectory } from '../../../engine/context.ts'
import { withFileLock } from '../../../lib/file-lock.ts'

const run = promisify(execFile)

/** Of an installation by somebody else, in milliseconds. */
const LOCK_TIMEOUT = 900_000

/**
 * A folder below the cache with what `install` puts into it, once for each name: a run that is killed leaves no mark, and
 * the next one begins anew.
 *
 * @throws Error of the installer, such as a registry that cannot be reached
 */
export async function installed(
  name: string,
  install: (folder: string) => Promise<unknown>,
): Promise<string> {
  const clients = join(cacheDirectory(process.env), 'clients')
  const folder = join(clients, name)
  mkdirSync(clients, { recursive: true })
  return withFileLock(`${folder}.lock`, { timeoutMs: LOCK_TIMEOUT }, async () => {
    const mark = join(folder, '.installed')
    if (existsSync(mark)) return folder
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
    await install(folder)
    writeFileSync(mark, '')
    return folder
  })
}

/** A virtual environment of Python with these packages (`name==version`), for `bin/…` in it. */
export function pythonPackages(name: string, packages: readonly string[]): Promise<string> {
  return installed(name, async (folder) => {
    await run('python3', ['-m', 'venv', folder])
    await run(join(folder, 'bin', 'pip'), ['install', '--quiet', ...packages])
  })
}

/** A folder with this npm package (`name@version`), for `node_modules/…` in it. */
export function npmPackage(name: string, npm: string): Promise<string> {
  return installed(name, (folder) =>
    run('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', npm]),
  )
}
