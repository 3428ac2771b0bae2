import type { StackOutputs } from '../../infra/contract/outputs.ts'
import { APPS_KEY } from '../../infra/declaration/stack-declaration.ts'
import { type DeletedApp, type Retirement, restorableUntil } from '../../infra/retirement/retirement.ts'
import { dependentsOf } from '../../infra/rules/references.ts'
import { instantAfter } from '../../lib/duration.ts'
import { suggest } from '../../lib/nearest.ts'
import { CommandError } from '../lib/errors.ts'
import type { DirectoryReader } from '../proof/directory/reader.ts'
import type { PulumiStack } from '../rotation/pulumi-stack.ts'
import { howToRestore, isPartlyDeleted, locate } from './deleted.ts'
import { type Holder, readStanding } from './holders.ts'
import { planRetirement, type Refusal, type RetireRequest } from './plan.ts'
import { readUsage, type Usage } from './usage.ts'

/** What a retirement needs from the world. */
export interface RetirementPorts {
  readonly stack: Pick<
    PulumiStack,
    'declared' | 'rotated' | 'isDeclaredInFiles' | 'outputs' | 'state' | 'deploy' | 'set' | 'unprotect'
  >
  readonly reader: DirectoryReader
  readonly now: () => Date
  /** Takes a line about progress. */
  readonly note: (line: string) => void
}

/** How far an application is on its way out, and what this run did about it. */
export interface RetireReport {
  readonly app: string
  readonly phase: 'active' | 'disabled' | 'deleted'
  readonly did: 'nothing' | 'disabled' | 'deleted' | 'cancelled'
  /** What a run would do next. */
  readonly next: 'disable' | 'wait' | 'delete' | 'nothing'
  /** Why that was not done. */
  readonly refusals: readonly Refusal[]
  /** Left out once it is deleted. */
  readonly usage?: Usage
  /** Left out once it is deleted. */
  readonly holders?: readonly Holder[]
  /** Applications of the stack that refer to it, and keep it from being deleted. Left out once it is deleted. */
  readonly dependents?: readonly string[]
  readonly retirement?: Retirement
  readonly deleted?: DeletedApp & { readonly restorableUntil: string }
}

/**
 * Takes the next step of the retirement of an application: disables its sign-in, waits, deletes it. It can be ended at
 * any moment and run again: the declaration and the stack's outputs say how far it is, and every step is repeatable.
 *
 * @throws CommandError UNKNOWN_APP, NOT_DEPLOYED, DIRECTORY_UNREADABLE, and what a deployment throws
 */
export async function retire(
  app: string,
  request: RetireRequest,
  ports: RetirementPorts,
  { dryRun = false } = {},
): Promise<RetireReport> {
  const { stack, reader, now, note } = ports
  const [declared, outputs] = [await stack.rotated(), await stack.outputs()]
  const gone = outputs.deletedApps?.[app]
  if (gone) return finish(app, gone, ports, dryRun)
  const facts = deployed(app, declared, outputs)
  note(`${app}: reading who uses it`)
  const read = await Promise.all([readUsage(reader, facts), readStanding(reader, facts)]).catch(
    async (error) => {
      // Another run may have deleted it since the outputs were read, or one that was killed a part of it.
      const goneSince = (await stack.outputs({ fresh: true })).deletedApps?.[app]
      if (goneSince) return finish(app, goneSince, ports, dryRun)
      const isOurs = declared[app]?.retire !== undefined && (await stack.isDeclaredInFiles())
      if (isOurs && (await isPartlyDeleted(reader, facts, now()))) return remove(app, ports, dryRun)
      throw error
    },
  )
  if (!Array.isArray(read)) return read
  const [usage, { holders, isEnabled }] = read
  const dependents = dependentsOf(app, await stack.declared())
  const plan = planRetirement(
    {
      retirement: facts.retirement,
      after: declared[app]?.retire?.after,
      isEnabled,
      usage,
      dependents,
      now: now(),
    },
    request,
  )
  const { next, after, refusals } = plan
  const report = {
    app,
    phase: facts.retirement && !isEnabled ? 'disabled' : 'active',
    did: 'nothing',
    next,
    refusals,
    usage,
    holders,
    dependents,
    ...(facts.retirement && { retirement: facts.retirement }),
  } as const
  if (refusals.length > 0 || next === 'wait') return report
  if (!(await stack.isDeclaredInFiles())) {
    if (next === 'delete' && !dryRun) await stack.unprotect(app)
    const fix = next === 'delete' ? REMOVE_ENTRY : declareInCode(after)
    return { ...report, refusals: [inCode(fix)] }
  }
  if (dryRun) return report
  if (next === 'disable') {
    if (declared[app]?.retire?.after !== after) await stack.set(`${settingOf(app)}.after`, after)
    await stack.deploy({ at: instantAfter(now()), steps: [] })
    const { retirement } = (await stack.outputs()).apps[app] ?? {}
    if (!retirement) throw notRecorded(app)
    return { ...report, phase: 'disabled', did: 'disabled', next: 'wait', retirement }
  }
  return remove(app, ports, dryRun)
}

/** Deletes an application whose time has come, or what is left of it. */
async function remove(app: string, ports: RetirementPorts, dryRun: boolean): Promise<RetireReport> {
  const { stack, now } = ports
  if (dryRun) return { app, phase: 'disabled', did: 'nothing', next: 'delete', refusals: [] }
  await stack.unprotect(app)
  await stack.deploy({ at: instantAfter(now()), steps: [], deleteApps: [app] })
  const deleted = (await stack.outputs()).deletedApps?.[app]
  if (!deleted) throw notRecorded(app)
  return finish(app, deleted, ports, dryRun)
}

/**
 * Gives a retirement up: the application gets tokens again.
 *
 * @throws CommandError UNKNOWN_APP, NOT_DEPLOYED, and what a deployment throws
 */
export async function cancelRetirement(
  app: string,
  { stack, now }: RetirementPorts,
  { dryRun = false } = {},
): Promise<RetireReport> {
  const [declared, outputs] = [await stack.rotated(), await stack.outputs()]
  const gone = outputs.deletedApps?.[app]
  if (gone) {
    const reason = `it was deleted on ${gone.at}`
    return { ...deletedReport(app, gone), refusals: [{ reason, fix: howToRestore(gone) }] }
  }
  const { retirement, clientId } = deployed(app, declared, outputs)
  const nothing = { app, phase: 'active', did: 'nothing', next: 'nothing', refusals: [] } as const
  if (!retirement && !declared[app]?.retire) return nothing
  if (!(await stack.isDeclaredInFiles())) {
    return { ...nothing, phase: 'disabled', refusals: [inCode(REMOVE_SETTING)] }
  }
  if (dryRun) return { ...nothing, phase: 'disabled', ...(retirement && { retirement }) }
  if (declared[app]?.retire) await stack.set(settingOf(app), undefined)
  if ((await stack.rotated())[app]?.retire) {
    const fix = `remove it from the file of ${app}, then run the command again`
    return {
      ...nothing,
      phase: 'disabled',
      refusals: [{ reason: '`retire` is declared outside the stack file', fix }],
    }
  }
  await stack.deploy({ at: instantAfter(now()), steps: [] })
  const back = (await stack.outputs()).apps[app]
  if (back?.clientId !== clientId || back.retirement) throw notRecorded(app)
  return { ...nothing, did: 'cancelled' }
}

/** Makes sure that a deletion has come to its end: a run may have been killed in the middle of it. */
async function finish(
  app: string,
  deleted: DeletedApp,
  { stack, reader, now }: RetirementPorts,
  dryRun: boolean,
): Promise<RetireReport> {
  const report = deletedReport(app, deleted)
  const isRegistered = async () => (await locate(reader, deleted)) === 'registered'
  const isInState = async () => (await stack.state()).applications.has(`/applications/${deleted.objectId}`)
  if (!(await isRegistered()) && !(await isInState())) return { ...report, did: 'deleted' }
  if (dryRun) return { ...report, next: 'delete' }
  await stack.unprotect(app)
  await stack.deploy({ at: instantAfter(now()), steps: [] })
  if (!(await isRegistered())) return { ...report, did: 'deleted' }
  const reason = `its registration ${deleted.objectId} is there again or still`
  const fix = 'if somebody restored it, take it over with `npm run adopt`; else run the command again'
  return { ...report, refusals: [{ reason, fix }] }
}

function deletedReport(app: string, deleted: DeletedApp): RetireReport {
  return {
    app,
    phase: 'deleted',
    did: 'nothing',
    next: 'nothing',
    refusals: [],
    deleted: { ...deleted, restorableUntil: restorableUntil(deleted) },
  }
}

/** The deployed application. */
function deployed(
  app: string,
  declared: Awaited<ReturnType<PulumiStack['rotated']>>,
  { apps }: StackOutputs,
): StackOutputs['apps'][string] {
  const facts = apps[app]
  if (!Object.hasOwn(declared, app)) {
    const names = Object.keys(declared)
    const hint = suggest(app, names, `declared: ${names.join(', ') || 'none'}`)
    throw new CommandError('UNKNOWN_APP', `No application "${app}" is declared; ${hint}.`)
  }
  if (facts) return facts
  throw new CommandError(
    'NOT_DEPLOYED',
    `"${app}" was never deployed: there is nothing to retire. Remove it from the declaration.`,
  )
}

const REMOVE_ENTRY =
  'remove its entry there and run npm run up, which deletes it: its credentials are no longer protected against that'

const REMOVE_SETTING = 'remove `retire` from its entry there and run npm run up'

function declareInCode(after: string): string {
  return `add retire: { after: '${after}' } to its entry there, run npm run up, then this command again`
}

/** Only a person can change code. */
function inCode(fix: string): Refusal {
  return { reason: 'it is declared in the code of a program', fix }
}

function settingOf(app: string): string {
  return `${APPS_KEY}[${JSON.stringify(app)}].retire`
}

function notRecorded(app: string): CommandError {
  return new CommandError(
    'OTHER_CHANGES',
    `${app}: the deployment did not do what was asked for, because the declaration or the stack was changed meanwhile, or an identity of the stack needs it. Run the command again.`,
  )
}
