import { EXIT, type ExitCode } from '../lib/errors.ts'
import { redeliver } from '../rotation/redeliver.ts'
import { renderReport } from '../rotation/render.ts'
import { checkSelection, open, type RotateContext } from './rotate.ts'

export interface DeliverOptions {
  /** Default: PULUMI_STACK, else the selected stack. */
  readonly stack?: string
  readonly app?: string
  readonly secret?: string
  readonly json?: boolean
}

/** Delivers the current secrets to their targets, and confirms those that are there: exit code 0 when all hold them. */
export async function deliver(options: DeliverOptions, context: RotateContext): Promise<ExitCode> {
  const { app, secret, json } = options
  const { terminal } = context
  const opened = await open(options, context)
  const selection = { ...(app !== undefined && { app }), ...(secret !== undefined && { secret }) }
  checkSelection(selection, await opened.ports.stack.declared())
  const report = await redeliver(selection, opened.ports)
  terminal.print(json ? JSON.stringify(report, null, 2) : renderReport(report, terminal.colors))
  return report.ok ? EXIT.ok : EXIT.wrong
}
