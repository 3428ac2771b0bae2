import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe } from 'vitest'
import { AZURITE, openAzurite } from './azurite.ts'
import { type Backend, stateKey } from './backend.ts'
import { findPostgres, openPostgres } from './postgres.ts'

/** Where Pulumi keeps the state of a stage: with `file` in a directory, as `npm run demo` has it. */
export type BackendKind = 'file' | 'postgres' | 'azblob'

/** Runs what takes too long for each change: every back end with every case, and more of what is random. */
export const NIGHTLY = process.env['ENTRA_APPS_TESTS'] === 'nightly'

/** Why tests cannot use a back end here; empty when they can. To be put into the name of what is skipped. */
export function missingFor(kind: BackendKind): string {
  if (kind === 'postgres' && !findPostgres()) {
    return ' (skipped: no PostgreSQL server; install Debian’s package postgresql, or put initdb and postgres on PATH)'
  }
  if (kind === 'azblob' && !AZURITE.isInstalled() && !NIGHTLY) {
    return ' (skipped: no azurite-blob on PATH; ENTRA_APPS_TESTS=nightly installs it)'
  }
  return ''
}

/** @param stateDir of the local stage, for `file` */
export async function openBackend(kind: BackendKind, stateDir: string): Promise<Backend> {
  if (kind === 'postgres') return openPostgres()
  if (kind === 'azblob') return openAzurite()
  const stateOf = (stack: string) => readFile(join(stateDir, stateKey(stack)), 'utf8').catch(() => '')
  return { env: {}, stateOf, close: async () => {} }
}

const NAMES: Readonly<Record<BackendKind, string>> = {
  file: 'a file',
  postgres: 'PostgreSQL',
  azblob: 'Azure Blob Storage',
}

/**
 * The same tests for a state in each back end, or skipped with the reason in their name.
 *
 * @param others `nightly`: in a directory for each change, elsewhere in the nightly run only. Default: `always`
 */
export function describeOnBackends(
  title: string,
  tests: (backend: BackendKind) => void,
  others: 'always' | 'nightly' = 'always',
): void {
  for (const kind of Object.keys(NAMES) as BackendKind[]) {
    if (kind !== 'file' && others === 'nightly' && !NIGHTLY) continue
    const missing = missingFor(kind)
    const suite = missing ? describe.skip : describe.sequential
    suite(`${title}, with the state in ${NAMES[kind]}${missing}`, () => tests(kind))
  }
}
