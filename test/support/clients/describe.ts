import { execFileSync } from 'node:child_process'
import { describe } from 'vitest'
import type { Client } from '../../../scripts/docs/clients/client.ts'
import { NIGHTLY } from '../backends/index.ts'

/** Milliseconds; it takes minutes on a slow line. */
export const INSTALL_TIMEOUT = 1_200_000

/** Milliseconds; a step takes up to some seconds. */
const TIMEOUT = 600_000

/**
 * Tests with a client that is installed for them, in the nightly run, where the program that installs or runs it is
 * there; skipped with the reason in their name otherwise.
 *
 * @param needs a program that tells its version
 */
export function describeClient(
  client: Pick<Client, 'name' | 'version'>,
  needs: string,
  tests: () => void,
): void {
  const missing = NIGHTLY
    ? isThere(needs)
      ? ''
      : ` (skipped: there is no ${needs} on PATH)`
    : ' (skipped: ENTRA_APPS_TESTS=nightly installs and runs it)'
  const suite = missing === '' ? describe : describe.skip
  suite(`${client.name} ${client.version}${missing}`, { timeout: TIMEOUT }, tests)
}

function isThere(program: string): boolean {
  try {
    execFileSync(program, [program === 'go' ? 'version' : '--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
