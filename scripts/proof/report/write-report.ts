import { appendFile, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Terminal } from '../../lib/terminal.ts'
import type { ProofReport } from '../model/report.ts'
import { renderAzurePipelines } from './azure-pipelines.ts'
import { renderProofJunit } from './junit.ts'
import { renderMarkdown } from './markdown.ts'
import { renderText } from './text.ts'

export interface ReportOptions {
  /** JSON instead of tables on standard output. */
  readonly json?: boolean
  /** A file for JUnit XML. */
  readonly junit?: string
  /** A file for Markdown; GITHUB_STEP_SUMMARY is written in any case. */
  readonly markdown?: string
}

/**
 * Writes a report to everywhere it is wanted: standard output, the files that were named, the job summary of GitHub
 * Actions and of Azure Pipelines. Everything goes through the mask.
 */
export async function deliverReport(
  report: ProofReport,
  { json, junit, markdown }: ReportOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<void> {
  terminal.print(json ? JSON.stringify(report, null, 2) : renderText(report, terminal.colors))
  if (junit) await writeFile(junit, terminal.mask.apply(renderProofJunit(report)))
  const summary = terminal.mask.apply(renderMarkdown(report))
  if (markdown) await writeFile(markdown, summary)
  if (env['GITHUB_STEP_SUMMARY']) await appendFile(env['GITHUB_STEP_SUMMARY'], summary)
  if (env['TF_BUILD'] === 'True') {
    // The agent reads the file after this process has ended, so it is left behind; it holds no secret.
    const file = join(await mkdtemp(join(env['AGENT_TEMPDIRECTORY'] || tmpdir(), 'verify-')), 'proof.md')
    await writeFile(file, summary)
    // On standard error, so that `--json` stays JSON: the agent reads commands from both streams.
    terminal.command(renderAzurePipelines(report, file))
  }
}
