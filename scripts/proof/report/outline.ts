import { plural } from '../../../lib/plural.ts'
import type { AppProof, Check, ProofReport } from '../model/report.ts'

/** A group of checks under one heading, as every format shows them. */
export interface Section {
  /** `onedrive g2`, or what stands for the application as a whole. */
  readonly title: string
  readonly checks: readonly Check[]
  /** How long it took, in milliseconds, where it is known. */
  readonly durationMs?: number
}

/** An application's checks in the order in which they are shown: credentials, then the application itself. */
export function sectionsOf(app: AppProof): Section[] {
  return [
    ...app.credentials.map(({ label, checks, waitedMs }) => ({ title: label, checks, durationMs: waitedMs })),
    ...(app.checks.length > 0 ? [{ title: 'application', checks: app.checks }] : []),
  ]
}

/** One line that says how it came out. */
export function resultLine({ verdict, summary }: ProofReport): string {
  const { passed, failed, warnings, unproved } = summary
  const left = unproved > 0 ? `, ${plural(unproved, 'credential')} not proved from here` : ''
  const warned = `${warnings > 0 ? `, ${plural(warnings, 'warning')}` : ''}${left}`
  switch (verdict) {
    case 'proved':
      if (passed === 0) return `Nothing was proved${warned}.`
      return `Proved: ${passed} checks passed${warned}.`
    case 'wrong':
      return `Not proved: ${failed} of ${failed + passed} checks failed${warned}.`
    case 'notReady':
      return `Not ready: ${failed} of ${failed + passed} checks had not come right before the deadline${warned}.`
    case 'couldNotRun':
      return `Could not be proved: ${failed} of ${failed + passed} checks could not be made${warned}.`
  }
}

/** The ids that Microsoft's support asks for, in one line. */
export function supportLine({ explanation }: Check): string | undefined {
  const { requestId, correlationId, traceId, timestamp } = explanation?.support ?? {}
  const parts = [
    requestId && `request id ${requestId}`,
    correlationId && `correlation id ${correlationId}`,
    traceId && traceId !== requestId && `trace id ${traceId}`,
    timestamp,
  ].filter((part) => part !== undefined && part !== '' && part !== false)
  return parts.length > 0 ? parts.join(', ') : undefined
}
