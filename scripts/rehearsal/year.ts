import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { AppDeclarationInput } from '../../infra/declaration/schema.ts'
import { isWork, planRotation } from '../../infra/rotation/plan.ts'
import { policiesOf } from '../../infra/rotation/policy.ts'
import { instantAfter } from '../../lib/duration.ts'
import type { Terminal } from '../lib/terminal.ts'
import { type CredentialReport, reportCredentials } from '../report/credentials.ts'
import { type OpenedRotation, openRotation } from '../rotation/open-ports.ts'
import { plan, rotate } from '../rotation/rotate.ts'
import { Consumer, type Habit, type Tally } from './consumer.ts'
import { ReplaceInPlace } from './replace-in-place.ts'
import type { RehearsalStage } from './stage.ts'
import { watched } from './watch.ts'

const HOUR = 3_600_000

const COMMON: Pick<AppDeclarationInput, 'permissions' | 'consent'> = {
  permissions: { 'Microsoft Graph': { application: ['User.Read.All'] } },
  consent: 'grant',
}

/**
 * The applications of the rehearsal: one rotated every 30 days, with a week of overlap, delivered to one file; and one
 * whose secret is replaced in place.
 */
export const REHEARSED_APPS: Readonly<Record<string, AppDeclarationInput>> = {
  'replaced-in-place': { ...COMMON, displayName: 'Replaced in place' },
  'file-manager': {
    ...COMMON,
    displayName: 'FileManager',
    secrets: {
      onedrive: {
        displayName: 'OneDrive access',
        lifetime: '90d',
        rotateEvery: '30d',
        overlap: '7d',
        deliver: [{ dotenv: { file: 'consumers.env', variable: 'CLIENT_SECRET' } }],
      },
    },
    verify: ['GET /users?$top=1'],
  },
}

/** Who reads the secret, and how often; the overlap is longer than any of them waits. */
const HABITS: readonly Habit[] = [
  { name: 're-reads hourly', rereadHours: 1, callHours: 2, startsAfterHours: 0 },
  { name: 're-reads daily', rereadHours: 24, callHours: 6, startsAfterHours: 9 },
  { name: 're-reads every 6 days', rereadHours: 144, callHours: 12, startsAfterHours: 75 },
]

/** A clock that stands still until it is moved. */
export interface RehearsalClock {
  now: Date
}

export interface YearResult {
  readonly rotated: readonly Tally[]
  readonly replaced: readonly Tally[]
  /** Runs that had something to do, and deployments of the real engine. */
  readonly runs: number
  readonly deployments: number
  /** Runs that did not do what they should have. */
  readonly failures: readonly string[]
  readonly report: CredentialReport
}

export interface YearOptions {
  readonly stage: RehearsalStage
  readonly clock: RehearsalClock
  /** Default: 365. */
  readonly days?: number
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

/**
 * Rehearses months of rotations: each day a run looks at the ledger, and starts the real engine when there is work;
 * consumers keep calling in between, and at every step of a run. Beside them the same consumers on an application
 * whose secret is replaced in place.
 */
export async function rehearseYear({
  stage,
  clock,
  days = 365,
  terminal,
  signal,
}: YearOptions): Promise<YearResult> {
  const count = { runs: 0, deployments: 0 }
  const failures: string[] = []
  const consumers: Consumer[] = []
  const opened = await openDriver(stage, clock, signal, count, () => callAll(consumers))
  const { stack } = opened.ports
  await stack.deploy({ at: instantAfter(clock.now), steps: [] })
  await run(opened, count, failures)

  const policies = policiesOf(await stack.declared())
  let outputs = await stack.outputs()
  const [rotated, inPlace] = ['file-manager', 'replaced-in-place'].map(
    (app) => outputs.apps[app] ?? missing(app),
  )
  const baseline = await ReplaceInPlace.start(inPlace?.objectId ?? '', opened.reader, opened.proof)
  const consumersOf = (clientId: string | undefined, read: () => Promise<string>) =>
    HABITS.map((habit) => new Consumer(habit, serviceOf(stage, clientId ?? ''), read, clock.now))
  const replaced = consumersOf(inPlace?.clientId, baseline.read)
  consumers.push(...consumersOf(rotated?.clientId, () => readDelivered(stage)))

  for (let day = 1; day <= days; day++) {
    signal.throwIfAborted()
    for (let hour = 0; hour < 24; hour++) {
      clock.now = new Date(clock.now.getTime() + HOUR)
      await Promise.all([...consumers, ...replaced].map((consumer) => consumer.tick(clock.now)))
    }
    const actions = planRotation(outputs.ledger, policies, { mode: 'due' }, clock.now).filter(isWork)
    if (actions.length === 0) continue
    const words = await run(opened, count, failures)
    outputs = await stack.outputs()
    if (actions.some((action) => action.do === 'issue')) await baseline.rotate()
    terminal.note(`day ${String(day).padStart(3)}, ${instantAfter(clock.now).slice(0, 10)}: ${words}`)
  }
  const lastUses = await opened.ports.lastUses()
  const report = reportCredentials({ outputs, policies, lastUses, now: clock.now, stack: 'year' })
  return {
    rotated: consumers.map(({ tally }) => tally),
    replaced: replaced.map(({ tally }) => tally),
    ...count,
    failures,
    report,
  }
}

/** What a run works with, on the rehearsal's clock, with the consumers at work between its steps. */
async function openDriver(
  stage: RehearsalStage,
  clock: RehearsalClock,
  signal: AbortSignal,
  count: { deployments: number },
  meanwhile: () => Promise<void>,
): Promise<OpenedRotation> {
  const opened = await openRotation({
    pulumi: stage.workspace.pulumi,
    projectDir: stage.dir,
    env: stage.env,
    terminal: { note: () => {} },
    wait: { successes: 1 },
    now: () => clock.now,
    signal,
  })
  const ports = watched(opened.ports, async (moment) => {
    if (/^after (issue|promote|retire|record)/.test(moment)) count.deployments++
    if (moment.startsWith('after')) await meanwhile()
  })
  return { ...opened, ports }
}

async function run({ ports }: OpenedRotation, count: { runs: number }, failures: string[]): Promise<string> {
  const todays = { ...ports, run: randomUUID() }
  const { ok, outcomes } = await rotate(await plan({ mode: 'due' }, todays), todays)
  count.runs++
  const words = outcomes.map(({ generation, result }) => `g${generation} ${result}`).join(', ')
  if (!ok)
    failures.push(
      outcomes.map(({ generation, result, detail }) => `g${generation} ${result}: ${detail}`).join('; '),
    )
  return words
}

async function callAll(consumers: readonly Consumer[]): Promise<void> {
  await Promise.all(consumers.map((consumer) => consumer.call()))
}

function serviceOf({ tenant }: RehearsalStage, clientId: string) {
  const tokenUrl = `${tenant.url}/${tenant.tenantId}/oauth2/v2.0/token`
  return { tokenUrl, graphUrl: tenant.graphUrl, clientId }
}

async function readDelivered({ dir }: RehearsalStage): Promise<string> {
  return parseEnv(await readFile(join(dir, 'consumers.env'), 'utf8'))['CLIENT_SECRET'] ?? ''
}

function missing(app: string): never {
  throw new Error(`the rehearsed application "${app}" was not deployed`)
}
