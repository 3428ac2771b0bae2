import { neutralise } from '../../lib/neutralise.ts'
import type { Check, ProofReport } from '../model/report.ts'
import { sectionsOf } from './outline.ts'

/**
 * Logging commands that put each failure and warning on the build's summary ("Logging commands" of Azure Pipelines).
 *
 * @param summaryFile a Markdown file to attach to the build, if one was written
 */
export function renderAzurePipelines(report: ProofReport, summaryFile?: string): string {
  const issues = report.apps.flatMap((app) =>
    sectionsOf(app).flatMap(({ title, checks }) =>
      checks.flatMap((check) => issue(`${app.app} ${title}`, check)),
    ),
  )
  const run = report.checks.flatMap((check) => issue('verify', check))
  const summary = summaryFile === undefined ? [] : [`##vso[task.uploadsummary]${data(summaryFile)}`]
  return [...run, ...issues, ...summary].join('\n')
}

function issue(subject: string, { name, status, detail, explanation }: Check): string[] {
  if (status !== 'failed' && status !== 'warning') return []
  const type = status === 'failed' ? 'error' : 'warning'
  const code = explanation ? `code=${property(explanation.code)};` : ''
  const fix = explanation ? `. ${explanation.fix}` : ''
  return [`##vso[task.logissue type=${type};${code}]${data(`${subject}: ${name}: ${detail}${fix}`)}`]
}

/** Percent signs are escaped as the agent's own convention has it; without that, a text could pass for a command. */
function data(text: string): string {
  return neutralise(text).replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(']', '%5D').replaceAll(';', '%3B')
}
