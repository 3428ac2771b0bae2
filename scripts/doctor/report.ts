import { z } from 'zod'
import { EXIT, type ExitCode } from '../lib/errors.ts'
import type { Terminal } from '../lib/terminal.ts'
import { type Check, check } from '../proof/model/report.ts'
import { mark } from '../proof/report/text.ts'

/** The report of `doctor`, as `--json` prints it. */
export const doctorReport = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.literal('entra-apps'), version: z.string() }),
  /** Whether nothing is missing. */
  ok: z.boolean(),
  sections: z.array(z.object({ title: z.string(), checks: z.array(check) })),
})

export type DoctorReport = z.infer<typeof doctorReport>

/** The report for people: section by section, and what to do below each check that failed. */
export function renderDoctor({ ok, sections }: DoctorReport, colors: Terminal['colors']): string {
  const parts = sections.map(({ title, checks }) =>
    [colors.bold(title), ...checks.map((each) => renderCheck(each, colors))].join('\n'),
  )
  const count = sections.flatMap(({ checks }) => checks).filter(({ status }) => status === 'failed').length
  const result = ok ? colors.green('Ready.') : colors.red(`Not ready: ${count} to fix.`)
  return [...parts, result].join('\n\n')
}

function renderCheck({ status, name, detail, explanation }: Check, colors: Terminal['colors']): string {
  const fix = explanation ? [`      ${colors.dim('fix')} ${explanation.fix}`] : []
  return [`  ${mark(status, colors)} ${name}: ${detail}`, ...fix].join('\n')
}

/** 0 when nothing is missing, else 1. */
export function exitCodeOf({ ok }: DoctorReport): ExitCode {
  return ok ? EXIT.ok : EXIT.wrong
}
