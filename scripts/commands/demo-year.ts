import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EXIT, type ExitCode } from '../lib/errors.ts'
import type { Terminal } from '../lib/terminal.ts'
import { figuresOf, isGood, renderYear } from '../rehearsal/render.ts'
import { openRehearsalStage } from '../rehearsal/stage.ts'
import { REHEARSED_APPS, rehearseYear } from '../rehearsal/year.ts'
import { renderReportHtml } from '../report/html.ts'
import { renderReportText } from '../report/text.ts'
import { openEngine } from '../stack/workspace.ts'

export interface DemoYearOptions {
  /** Where the page goes unless it is told otherwise. */
  readonly projectDir: string
  /** Days to rehearse. Default: 365. */
  readonly days?: number
  /** A file for the page. Default: `.entra-apps/year.html` in the project directory. */
  readonly html?: string
}

/** Rehearses a year of rotations: exit code 0 when no consumer was ever refused. */
export async function demoYear(
  { projectDir, days = 365, html }: DemoYearOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const engine = await openEngine({ env, terminal, signal })
  const clock = { now: new Date() }
  const stage = await openRehearsalStage({
    engine,
    apps: REHEARSED_APPS,
    program: fileURLToPath(new URL('../../infra/program/main.js', import.meta.url)),
    now: () => clock.now,
    env,
    terminal,
    signal,
  })
  try {
    terminal.note(`\nA tenant on ${stage.tenant.url}, whose clock runs through ${days} days.`)
    const result = await rehearseYear({ stage, clock, days, terminal, signal })
    terminal.print(renderReportText(result.report, terminal.colors))
    terminal.print(`\n${renderYear(result, terminal.colors)}`)
    const file = resolve(html ?? join(projectDir, '.entra-apps', 'year.html'))
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, renderReportHtml(result.report, figuresOf(result)))
    terminal.note(`The page is in ${file}.`)
    return isGood(result) ? EXIT.ok : EXIT.wrong
  } finally {
    await stage.close()
  }
}
