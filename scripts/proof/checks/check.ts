import type { Explained } from '../catalogue/index.ts'
import type { Check, Explanation } from '../model/report.ts'
import type { ProbeResult } from './probes.ts'
import type { Finding } from './token-contract.ts'

/** A failed check, with the whole explanation. */
export function failed(name: string, failure: Explained): Check {
  return { name, status: 'failed', detail: shortly(failure), explanation: explanation(failure) }
}

export function passed(name: string, detail: string): Check {
  return { name, status: 'passed', detail: printable(detail) }
}

/** Something people should see that proves nothing wrong. */
export function warning(name: string, detail: string): Check {
  return { name, status: 'warning', detail: printable(detail) }
}

export function skipped(name: string, detail: string): Check {
  return { name, status: 'skipped', detail: printable(detail) }
}

/** Something that could not be looked at. @param what as in "may not read it" */
export function unreadable(
  name: string,
  { code, meaning }: Pick<Explained, 'code' | 'meaning'>,
  what = 'it',
): Check {
  return skipped(name, `the deployer may not read ${what} (${code}: ${meaning})`)
}

export function checkOfFinding(finding: Finding): Check {
  return finding.ok ? passed(finding.name, finding.detail) : failed(finding.name, finding.failure)
}

export function checkOfProbe(result: ProbeResult): Check {
  if (result.outcome === 'failed') return failed(result.probe.text, result.failure)
  return { name: result.probe.text, status: result.outcome, detail: printable(result.detail) }
}

/** Code and meaning in one line. */
function shortly({ code, meaning }: Pick<Explained, 'code' | 'meaning'>): string {
  return `${code}: ${meaning}`
}

function explanation({
  wait: _wait,
  fault: _fault,
  retryAfterMs: _retryAfterMs,
  ...shown
}: Explained): Explanation {
  return { ...shown, message: printable(shown.message) }
}

/** What others wrote (a display name, a proxy's page) must not steer the terminal it is shown on. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim()
}
