import type { RotationOutputs } from '../../infra/contract/outputs.ts'
import { rotatedCredentials } from '../../infra/declaration/rotated-credentials.ts'
import type { RotationRequest } from '../../infra/rotation/plan.ts'
import { suggest } from '../../lib/nearest.ts'
import { parseTimeout } from '../../lib/timeout.ts'
import { CommandError, EXIT, type ExitCode } from '../lib/errors.ts'
import type { Terminal } from '../lib/terminal.ts'
import { type OpenedRotation, openRotation } from '../rotation/open-ports.ts'
import { deleteOrphans, findOrphans } from '../rotation/prune.ts'
import { renderOrphans, renderPlan, renderReport } from '../rotation/render.ts'
import { plan, rotate } from '../rotation/rotate.ts'
import type { Workspace } from '../stack/workspace.ts'
import { parseOption } from './parse-option.ts'

export interface RotateOptions {
  /** Default: PULUMI_STACK, else the selected stack. */
  readonly stack?: string
  readonly app?: string
  readonly secret?: string
  /** Rotate whether it is due or not. */
  readonly now?: boolean
  /** The secret has leaked. */
  readonly revoke?: boolean
  /** With `revoke`: without any overlap. */
  readonly immediately?: boolean
  /** Only retire what is overdue. */
  readonly retire?: boolean
  /** Only delete secrets that are named like ours and that no state knows. */
  readonly prune?: boolean
  /** Change nothing. */
  readonly dryRun?: boolean
  readonly json?: boolean
  /** How long to wait for a new secret to work, such as `10m`. */
  readonly deadline?: string
  /** Successes in a row that prove it. */
  readonly successes?: number
}

/** What the command needs beside its options. */
export interface RotateContext {
  readonly openWorkspace: () => Promise<Pick<Workspace, 'pulumi'>>
  readonly projectDir: string
  readonly env: NodeJS.ProcessEnv
  readonly terminal: Terminal
  readonly signal?: AbortSignal
  /** Default: the clock of this computer. */
  readonly now?: () => Date
}

/** Rotates what is due, or what is asked for: exit code 0 when everything that was to be done is done. */
export async function rotateCommand(options: RotateOptions, context: RotateContext): Promise<ExitCode> {
  const request = readRequest(options)
  const { terminal } = context
  const opened = await open(options, context)
  if (options.prune) return prune(opened, options, terminal)

  const planned = await plan(request, opened.ports)
  checkSelection(request, planned.declared)
  const json = (more: object) => terminal.print(JSON.stringify({ plan: planned.actions, ...more }, null, 2))
  if (!options.json) terminal.print(renderPlan(planned.actions, terminal.colors))
  const isBlocked = planned.actions.some((action) => action.do === 'blocked')
  if (options.dryRun) {
    if (options.json) json({ ok: !isBlocked, outcomes: [] })
    return isBlocked ? EXIT.wrong : EXIT.ok
  }
  const report = await rotate(planned, opened.ports)
  if (options.json) json(report)
  else if (report.outcomes.length > 0) terminal.print(renderReport(report, terminal.colors))
  return report.ok ? EXIT.ok : EXIT.wrong
}

/** Opens the rotation of a stack. */
export async function open(
  options: Pick<RotateOptions, 'stack' | 'deadline' | 'successes'>,
  { openWorkspace, projectDir, env, terminal, signal, now }: RotateContext,
): Promise<OpenedRotation> {
  const { stack, deadline, successes } = options
  const wait = {
    ...(deadline !== undefined && { deadlineMs: parseOption('--deadline', () => parseTimeout(deadline)) }),
    ...(successes !== undefined && { successes }),
  }
  const { pulumi } = await openWorkspace()
  return openRotation({
    pulumi,
    projectDir,
    env,
    terminal,
    stack,
    wait,
    ...(signal && { signal }),
    ...(now && { now }),
  })
}

/** @throws CommandError UNKNOWN_APP, UNKNOWN_SECRET when nothing of that name is declared */
export function checkSelection(
  { app, secret }: Pick<RotationRequest, 'app' | 'secret'>,
  declared: Readonly<Record<string, RotationOutputs>>,
): void {
  if (app !== undefined && !Object.hasOwn(declared, app)) {
    throw unknown('UNKNOWN_APP', 'application', app, Object.keys(declared))
  }
  if (secret === undefined) return
  const apps = app === undefined ? Object.values(declared) : [declared[app]]
  const known = apps.flatMap((each) => (each ? Object.keys(rotatedCredentials(each)) : []))
  if (!known.includes(secret)) throw unknown('UNKNOWN_SECRET', 'secret', secret, known)
}

function unknown(
  code: 'UNKNOWN_APP' | 'UNKNOWN_SECRET',
  kind: string,
  name: string,
  known: readonly string[],
): CommandError {
  const hint = suggest(name, known, `declared: ${known.join(', ') || 'none'}`)
  return new CommandError(code, `No ${kind} "${name}" is declared; ${hint}.`)
}

function readRequest({
  app,
  secret,
  now,
  revoke,
  immediately,
  retire,
  prune,
}: RotateOptions): RotationRequest {
  const chosen = Object.entries({ '--now': now, '--revoke': revoke, '--retire': retire, '--prune': prune })
    .filter(([, given]) => given)
    .map(([name]) => name)
  if (chosen.length > 1)
    throw new CommandError('BAD_OPTIONS', `${chosen.join(' and ')} exclude each other: choose one.`)
  if (immediately && !revoke) {
    throw new CommandError('BAD_OPTIONS', '--immediately cuts consumers off; it goes with --revoke only.')
  }
  const revocation = immediately ? 'revoke-now' : 'revoke'
  const mode = now ? 'now' : revoke ? revocation : retire ? 'retire' : 'due'
  return { mode, ...(app !== undefined && { app }), ...(secret !== undefined && { secret }) }
}

async function prune(
  { ports, stack, proof, reader }: OpenedRotation,
  { dryRun, json }: RotateOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const directory = reader()
  const { keyIds } = await stack.state()
  const outputs = await ports.stack.outputs()
  const orphans = await findOrphans(await ports.stack.declared(), outputs, keyIds, directory, ports.now())
  const deleted = dryRun ? [] : await deleteOrphans(orphans, directory, proof)
  terminal.print(
    json ? JSON.stringify({ orphans, deleted }, null, 2) : renderOrphans(orphans, deleted, terminal.colors),
  )
  return EXIT.ok
}
