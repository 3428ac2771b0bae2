import { setTimeout } from 'node:timers/promises'
import { adoptCommand } from '../commands/adopt.ts'
import { doctor } from '../commands/doctor.ts'
import { rotateCommand } from '../commands/rotate.ts'
import { up } from '../commands/up.ts'
import { verify } from '../commands/verify.ts'
import { EXIT, type ExitCode } from '../lib/errors.ts'
import { readOutputs, type Workspace } from '../stack/workspace.ts'
import { OVERLAP_MS, ROTATED } from './declaration.ts'
import { ownName } from './fence.ts'
import { type AcceptanceContext, type Connection, openProject, STACK } from './stage.ts'
import { sweep } from './sweep.ts'

/** How a step of the job ended. */
export interface StepResult {
  readonly step: string
  readonly ok: boolean
  readonly seconds: number
  /** Why it failed. */
  readonly detail?: string
}

/** Attempts to see a change of the directory, and the wait between them, in milliseconds: Graph replicates. */
const ATTEMPTS = 12
const ATTEMPT_MS = 10_000

/** Runs the job up to the first step that fails, and removes what it made in any case. */
export async function runJob(connection: Connection, context: AcceptanceContext): Promise<StepResult[]> {
  const { terminal } = context
  const results: StepResult[] = []
  const attempt = async (step: string, run: () => Promise<unknown>) => {
    terminal.note(`\n${terminal.colors.bold(step)}`)
    const started = performance.now()
    const detail = await run().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    const seconds = Math.round((performance.now() - started) / 1000)
    results.push({ step, ok: detail === undefined, seconds, ...(detail !== undefined && { detail }) })
    if (detail !== undefined) terminal.note(`failed: ${detail}`)
    return detail === undefined
  }
  for (const [step, run] of stepsOf(connection, context)) {
    if (!(await attempt(step, run))) break
  }
  await attempt('remove what is left', async () => {
    const { deleted, kept } = await sweep(connection.graph, connection.run)
    for (const each of [...deleted, ...kept]) terminal.note(each)
    const isComplete = results.every(({ ok }) => ok)
    if (isComplete && deleted.length > 0) throw new Error(`destroy left ${deleted.join(', ')}`)
  })
  return results
}

type Step = readonly [name: string, run: () => Promise<unknown>]

function stepsOf(connection: Connection, context: AcceptanceContext): Step[] {
  const { run, dir, env, graph } = connection
  const { terminal, signal } = context
  let opened: Promise<Workspace> | undefined
  const openWorkspace = () => (opened ??= openProject(connection, context))
  const commandContext = { openWorkspace, projectDir: dir, env, terminal, signal }
  const pulumi = async (...args: string[]) => (await openWorkspace()).pulumi.read([...args, '--stack', STACK])
  const deploy = async () => done(await up(openWorkspace, { stack: STACK }, terminal, signal))
  const prove = () => verify(openWorkspace, { stack: STACK, live: true }, env, terminal, signal)
  const app = async () => (await readOutputs((await openWorkspace()).pulumi, STACK)).apps[ROTATED.app]
  return [
    [
      'check the deployer',
      async () => {
        await openWorkspace()
        done(await doctor({ projectDir: dir, stack: STACK }, env, terminal, signal))
      },
    ],
    ['deploy the examples', deploy],
    ['verify', async () => done(await prove())],
    [
      'rotate a secret',
      async () => done(await rotateCommand({ stack: STACK, now: true, ...ROTATED }, commandContext)),
    ],
    [
      'retire the old one after its overlap',
      async () => {
        await setTimeout(OVERLAP_MS + 5000, undefined, { signal })
        done(await rotateCommand({ stack: STACK, retire: true, ...ROTATED }, commandContext))
        done(await prove())
      },
    ],
    [
      'adopt an application made by Graph',
      async () => {
        const made = await graph('POST', '/applications', { displayName: ownName(run, 'made by hand') })
        const clientId = String(made['appId'])
        await graph('POST', '/servicePrincipals', { appId: clientId })
        done(await adoptCommand({ stack: STACK, clientId, app: 'made-by-hand' }, commandContext))
        await pulumi('preview', '--expect-no-changes')
      },
    ],
    [
      'find and undo a change made by hand',
      async () => {
        await graph('PATCH', `/applications/${(await app())?.objectId}`, { notes: 'changed by hand' })
        await until('verify --live sees the change', async () => (await prove()) === EXIT.wrong, signal)
        await pulumi('refresh', '--yes')
        await deploy()
        await until('verify --live sees it undone', async () => (await prove()) === EXIT.ok, signal)
      },
    ],
    [
      'destroy',
      async () => {
        await pulumi('state', 'unprotect', '--all', '--yes')
        await pulumi('destroy', '--yes')
      },
    ],
  ]
}

function done(code: ExitCode): void {
  if (code !== EXIT.ok) throw new Error(`it ended with exit code ${code} (its own output is above)`)
}

async function until(what: string, isSo: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (await isSo()) return
    await setTimeout(ATTEMPT_MS, undefined, { signal })
  }
  throw new Error(`${what}: not within ${(ATTEMPTS * ATTEMPT_MS) / 1000} seconds`)
}
