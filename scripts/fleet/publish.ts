import { appendFileSync, writeFileSync } from 'node:fs'
import type { Terminal } from '../lib/terminal.ts'
import { renderFleet, renderFleetJunit, renderFleetMarkdown } from './render.ts'
import type { FleetReport } from './report.ts'

/** Forms of a summary beside the text. */
export interface ReportForms {
  readonly json?: boolean
  /** File to write. */
  readonly markdown?: string
  /** File to write. */
  readonly junit?: string
}

/** Prints the summary of several stacks, and writes it to the files that are asked for and the page of a job on GitHub. */
export function publishReport(
  report: FleetReport,
  { json, markdown, junit }: ReportForms,
  { env, terminal }: { readonly env: NodeJS.ProcessEnv; readonly terminal: Terminal },
): void {
  terminal.print(json ? JSON.stringify(report, null, 2) : renderFleet(report, terminal.colors))
  const page = terminal.mask.apply(renderFleetMarkdown(report))
  if (markdown) writeFileSync(markdown, page)
  if (env['GITHUB_STEP_SUMMARY']) appendFileSync(env['GITHUB_STEP_SUMMARY'], page)
  if (junit) writeFileSync(junit, terminal.mask.apply(renderFleetJunit(report)))
}
