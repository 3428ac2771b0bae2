import { suggest } from '../../lib/nearest.ts'
import { findStacks } from '../fleet/find-stacks.ts'
import { CommandError, EXIT, type ExitCode } from '../lib/errors.ts'
import { move } from '../move/move.ts'
import { openMove, otherPassphrase } from '../move/open-ports.ts'
import { renderMove } from '../move/report.ts'
import { stackArgs } from '../stack/workspace.ts'
import type { WorkspaceContext } from './definition.ts'

export interface MoveOptions {
  readonly app: readonly string[]
  /** The stack to move from. Default: PULUMI_STACK, else the selected stack. */
  readonly stack?: string
  readonly to?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

/**
 * Moves applications to another stack of the project.
 *
 * @throws CommandError BAD_OPTIONS, NO_STACK, and what {@link move} throws
 */
export async function moveCommand(options: MoveOptions, context: WorkspaceContext): Promise<ExitCode> {
  const { app, to, dryRun, json } = options
  const { openWorkspace, projectDir, env, terminal, signal } = context
  if (to === undefined) throw new CommandError('BAD_OPTIONS', 'Say where to: --to <stack>.')
  const stacks = findStacks(projectDir).map(({ stack }) => stack)
  for (const stack of [to, ...(options.stack === undefined ? [] : [options.stack])]) {
    if (stacks.includes(stack)) continue
    const hint = suggest(stack, stacks, `stacks: ${stacks.join(', ')}`)
    throw new CommandError('NO_STACK', `There is no Pulumi.${stack}.yaml in the project; ${hint}.`)
  }
  const { pulumi } = await openWorkspace()
  const source = (await pulumi.read(['stack', '--show-name', ...stackArgs(options.stack)])).trim()
  if (source === to) throw new CommandError('BAD_OPTIONS', `"${to}" is the stack that they are in already.`)
  const ports = openMove({ pulumi, projectDir, env, source, target: to, note: terminal.note, signal })
  const request = { names: [...new Set(app)], source, target: to, ...(dryRun && { dryRun }) }
  const report = await move(request, ports).catch((error) => {
    const isPassphrase = error instanceof CommandError && error.code === 'WRONG_PASSPHRASE'
    throw isPassphrase ? otherPassphrase() : error
  })
  terminal.print(json ? JSON.stringify(report, null, 2) : renderMove(report, terminal.colors))
  return EXIT.ok
}
