import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'

const repository = resolve(import.meta.dirname, '..')

/** A commit of this repository in a folder of its own, with the dependencies that are installed here. */
export interface Checkout {
  readonly dir: string
  remove(): void
}

/** @param dir is created */
export function checkOut(commit: string, dir: string): Checkout {
  git('worktree', 'add', '--quiet', '--detach', dir, commit)
  symlinkSync(join(repository, 'node_modules'), join(dir, 'node_modules'))
  return { dir, remove: () => git('worktree', 'remove', '--force', dir) }
}

function git(...args: string[]): void {
  execFileSync('git', args, { cwd: repository, stdio: ['ignore', 'ignore', 'inherit'] })
}
