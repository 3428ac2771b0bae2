import { appendFile, writeFile } from 'node:fs/promises'
import type { StackOutputs } from '../../infra/contract/outputs.ts'
import { policiesOf } from '../../infra/rotation/policy.ts'
import { parseDuration } from '../../lib/duration.ts'
import { EXIT, type ExitCode } from '../lib/errors.ts'
import { foreignKeys } from '../proof/directory/held-keys.ts'
import { readProofs } from '../proof/last-proofs.ts'
import { reportCredentials } from '../report/credentials.ts'
import { renderReportHtml } from '../report/html.ts'
import { renderReportMarkdown } from '../report/markdown.ts'
import { renderReportText } from '../report/text.ts'
import { readUsages, type Usage } from '../retirement/usage.ts'
import type { OpenedRotation } from '../rotation/open-ports.ts'
import { unrecordedIn } from '../stack/unrecorded.ts'
import { parseOption } from './parse-option.ts'
import { open, type RotateContext } from './rotate.ts'

export interface ReportCommandOptions {
  /** Default: PULUMI_STACK, else the selected stack. */
  readonly stack?: string
  readonly json?: boolean
  /** A file for Markdown; GITHUB_STEP_SUMMARY is written in any case. */
  readonly markdown?: string
  /** A file for the HTML page. */
  readonly html?: string
  /** Fail when a current credential ends within, such as `30d`. */
  readonly failWithin?: string
}

/** Reports every credential of a stack: exit code 1 when one ends too soon. */
export async function report(options: ReportCommandOptions, context: RotateContext): Promise<ExitCode> {
  const { stack, json, markdown, html, failWithin } = options
  const within =
    failWithin === undefined ? undefined : parseOption('--fail-within', () => parseDuration(failWithin))
  const { terminal } = context
  const opened = await open(options, context)
  const { ports } = opened
  const credentials = await ports.stack.credentials()
  const outputs = await ports.stack.outputs()
  const policies = policiesOf(await ports.stack.declared())
  const held = await ports.heldKeys?.(outputs)
  const found = reportCredentials({
    outputs,
    policies,
    unrecorded: unrecordedIn(credentials, outputs.ledger, policies),
    held,
    foreign: foreignKeys({ held, credentials, outputs }),
    lastUses: await ports.lastUses(),
    proofs: readProofs(context.projectDir, outputs),
    usages: await usagesAtTheirEnd(outputs, opened),
    now: ports.now(),
    ...(stack !== undefined && { stack }),
    ...(within !== undefined && { failWithin: within }),
  })
  terminal.print(json ? JSON.stringify(found, null, 2) : renderReportText(found, terminal.colors))
  const summary = terminal.mask.apply(renderReportMarkdown(found))
  if (markdown) await writeFile(markdown, summary)
  if (context.env['GITHUB_STEP_SUMMARY']) await appendFile(context.env['GITHUB_STEP_SUMMARY'], summary)
  if (html) {
    await writeFile(html, terminal.mask.apply(renderReportHtml(found)))
    terminal.note(`The page is in ${html}.`)
  }
  return found.failing > 0 ? EXIT.wrong : EXIT.ok
}

/** When the applications whose sign-in is disabled were used. @returns nothing where no deployer may ask */
async function usagesAtTheirEnd(
  { apps }: StackOutputs,
  { ports, reader }: OpenedRotation,
): Promise<ReadonlyMap<string, Usage>> {
  const retiring = Object.entries(apps).filter(([, { retirement }]) => retirement)
  if (retiring.length === 0 || !ports.heldKeys) return new Map()
  const usages = await readUsages(
    reader(),
    retiring.map(([, app]) => app),
  )
  return new Map(retiring.map(([name], i) => [name, usages[i]!]))
}
