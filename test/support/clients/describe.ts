import { execFileSync } from 'node:child_process'
import { describe } from 'vitest'
import type { Client } from '../../../scripts/docs/clients/client.ts'
import { NIGHTLY } from '../backends/index.ts'

/** Milliseconds; the API server of Kubernetes takes longest, 37 minutes on a busy machine with two processors. */
export const INSTALL_TIMEOUT = 3_600_000

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
