import { EXIT, type ExitCode } from '../../lib/errors.ts'
import { MANIFEST } from '../../lib/manifest.ts'
import { explain } from '../catalogue/index.ts'
import { type AppProof, type Check, type ProofReport, REPORT_VERSION } from '../model/report.ts'
import type { ChangeTimes } from '../model/target.ts'
import { FIRST, lateVerdictOf, type Verdict, verdictOf, worst, worthWaiting } from '../retry/wait.ts'

export interface AssembleOptions {
  readonly apps: readonly AppProof[]
  /** About the run as a whole. */
  readonly checks: readonly Check[]
  readonly startedAt: Date
  readonly endedAt: Date
  readonly stack?: string
  /** Warnings count as failures. */
  readonly strict?: boolean
}

/** Sums a run up: the verdict is the gravest of all, the exit code follows from it. */
export function assemble(options: AssembleOptions): ProofReport {
  const { apps, checks, startedAt, endedAt, stack, strict = false } = options
  const all = [...checks, ...apps.flatMap(checksOf)]
  const count = (status: Check['status']) => all.filter((check) => check.status === status).length
  const strictly: Verdict = strict && count('warning') > 0 ? 'wrong' : 'proved'
  const verdict = worst([strictly, ...apps.map((app) => app.verdict)])
  return {
    schemaVersion: REPORT_VERSION,
    tool: { name: 'entra-apps', version: MANIFEST.version },
    ...(stack !== undefined && { stack }),
    startedAt: startedAt.toISOString(),
    durationMs: endedAt.getTime() - startedAt.getTime(),
    verdict,
    exitCode: exitCodeOf(verdict),
    summary: {
      apps: apps.length,
      credentials: apps.reduce((sum, { credentials }) => sum + credentials.length, 0),
      unproved: apps
        .flatMap(({ credentials }) => credentials)
        .filter((credential) => credential.verdict === 'unproved').length,
      passed: count('passed'),
      failed: count('failed'),
      warnings: count('warning'),
      skipped: count('skipped'),
    },
    checks: [...checks],
    apps: [...apps],
  }
}

/** Every check of an application: its own, then those of its credentials. */
function checksOf({ checks, credentials }: AppProof): Check[] {
  return [...checks, ...credentials.flatMap((credential) => credential.checks)]
}

/** What failed checks come to that nothing waits for any more: young changes may still arrive. */
export function verdictOfChecks(checks: readonly Check[], now: Date, changed: ChangeTimes): Verdict {
  const verdicts = checks
    .filter(({ status }) => status === 'failed')
    .map(({ explanation }): Verdict => {
      if (!explanation) return 'wrong'
      const explained = explain(explanation)
      return worthWaiting(explained, FIRST, { now, changed })
        ? lateVerdictOf(explained)
        : verdictOf(explained)
    })
  return worst(verdicts)
}

/** The exit code that tells "wrong" from "not ready" from "could not run". */
export function exitCodeOf(verdict: Verdict): ExitCode {
  switch (verdict) {
    case 'proved':
      return EXIT.ok
    case 'wrong':
      return EXIT.wrong
    case 'couldNotRun':
      return EXIT.couldNotRun
    case 'notReady':
      return EXIT.notReady
  }
}
