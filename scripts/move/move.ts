import type { Intent } from '../../infra/contract/intent.ts'
import type { MovedEntries, MoveRecord } from '../../infra/contract/move.ts'
import { instantAfter } from '../../lib/duration.ts'
import { judgePreview } from '../adopt/preview.ts'
import { CommandError, EXIT } from '../lib/errors.ts'
import type { PulumiEnded } from '../stack/pulumi.ts'
import { entriesToMove, type MovingStack, outputsOf } from './check-move.ts'
import type { Declared } from './declaration-files.ts'
import type { MoveReport } from './report.ts'
import type { Entry, StackState } from './stack-state.ts'

/** A stack as a move works on it. */
export interface StackPort {
  readonly read: () => Promise<MovingStack>
  /** What a deployment with the intent would do, as `pulumi preview --json` prints it. */
  readonly preview: (intent: Intent) => Promise<PulumiEnded>
  readonly deploy: (intent: Intent) => Promise<void>
  /**
   * Makes sure that nobody deploys the stack and that its secrets can be read, by a write that changes nothing.
   *
   * @param root URN of the stack's own resource
   */
  readonly probe: (root: string) => Promise<void>
  /** Keeps any deployment from deleting objects, until one that declares them. */
  readonly protect: (urns: readonly string[]) => Promise<void>
  /** Forgets entries with everything below them, in the state alone. */
  readonly forget: (urns: readonly string[]) => Promise<void>
}

/** What moving needs from the world. */
export interface MovePorts {
  readonly source: StackPort
  readonly target: StackPort
  /** Moves entries with everything below them from one state to the other: first into the target, then out of the source. */
  readonly moveState: (urns: readonly string[]) => Promise<void>
  /** The stacks' files as they are to be. */
  readonly movedFiles: (declared: readonly Declared[]) => MoveRecord['files']
  readonly writeFiles: (files: MoveRecord['files']) => void
  readonly record: {
    readonly read: () => MoveRecord | undefined
    readonly write: (record: MoveRecord) => void
    readonly remove: () => void
  }
  readonly now: () => Date
  readonly note: (line: string) => void
}

export interface MoveRequest {
  readonly names: readonly string[]
  readonly source: string
  readonly target: string
  /** Change nothing, write nothing. */
  readonly dryRun?: boolean
}

/**
 * Moves applications and identities to another stack: state, ledger and declaration. Nothing in the tenant is changed. A
 * run that was killed is continued by the next one with the same options.
 *
 * @throws CommandError as {@link entriesToMove}; BAD_OPTIONS when another move was interrupted; OTHER_CHANGES,
 *   STACK_LOCKED, WRONG_PASSPHRASE, FILE_CHANGED, PULUMI_FAILED
 */
export async function move(request: MoveRequest, ports: MovePorts): Promise<MoveReport> {
  const { dryRun = false } = request
  const found = ports.record.read()
  if (found) requireSame(found, request)
  const [source, target] = [await ports.source.read(), await ports.target.read()]
  const begun = dryRun || !isUnmoved(request, source, target) ? found : undefined
  // Nothing was moved yet, and somebody may have deployed the stacks from elsewhere since.
  if (found && !begun) ports.record.remove()
  const record = begun ?? (await planned(request, source, target, ports))
  const report = reportOf(record, source, target, dryRun)
  if (dryRun) return report
  if (begun) ports.note('Continuing the move that was interrupted.')
  else ports.record.write(record)
  await moveStates(record, source, target, ports).catch(async (error) => {
    if (await isUntouched(record, ports)) ports.record.remove()
    throw error
  })
  ports.writeFiles(record.files)
  await settle(record, ports)
  ports.record.remove()
  return report
}

async function planned(
  { names, source: from, target: to }: MoveRequest,
  source: MovingStack,
  target: MovingStack,
  ports: MovePorts,
): Promise<MoveRecord> {
  const entries = entriesToMove(names, source, target)
  const files = ports.movedFiles(entries)
  const at = instantAfter(ports.now())
  ports.note('pulumi preview: both stacks must be deployed as they are declared')
  await requireQuiet(from, ports.source, { at }, NOT_DEPLOYED)
  const isNew = target.declared.size === 0 && target.state.entries.size === 0
  if (!isNew) await requireQuiet(to, ports.target, { at }, NOT_DEPLOYED)
  const moved = outputsOf(entries, source)
  return { schemaVersion: 1, names: [...names], source: from, target: to, at, moved, files }
}

const NOT_DEPLOYED = 'has changes that are not deployed yet; nothing was moved. Run up first, or undo them'
const NOT_QUIET =
  'would be changed by the deployment that records the move; nothing in the tenant was changed. Correct its declaration, and run the same command again'

/** @throws CommandError OTHER_CHANGES, PULUMI_FAILED */
async function requireQuiet(
  stack: string,
  { preview }: StackPort,
  intent: Partial<Intent>,
  sentence: string,
): Promise<void> {
  const { imports, others, failure } = judgePreview(await preview({ steps: [], ...intent }), [])
  if (failure !== undefined)
    throw new CommandError('PULUMI_FAILED', `The stack "${stack}" cannot be previewed:\n${failure}`, {
      exitCode: EXIT.wrong,
    })
  if (others.length === 0 && imports === 0) return
  const list = others.map((each) => `  - ${each}`).join('\n')
  throw new CommandError('OTHER_CHANGES', `The stack "${stack}" ${sentence}:\n${list}`, {
    exitCode: EXIT.wrong,
  })
}

/** Brings every entry from the source's state into the target's, from wherever an earlier run has left them. */
async function moveStates(
  { names, source: from, target: to }: MoveRecord,
  source: MovingStack,
  target: MovingStack,
  ports: MovePorts,
): Promise<void> {
  const left = names.flatMap((name) => source.state.entries.get(name) ?? [])
  if (left.length === 0) return
  const urns = left.map(({ urn }) => urn)
  if (left.every(({ name }) => target.state.entries.has(name))) {
    requireCopies(left, target.state)
    ports.note(`pulumi state delete: ${names.join(', ')}, which "${to}" has already`)
    return ports.source.forget(urns)
  }
  if (target.state.root !== undefined) await ports.target.probe(target.state.root)
  ports.note(`pulumi state protect: ${names.join(', ')}`)
  await ports.source.protect(left.flatMap(({ objects }) => objects.map(({ urn }) => urn)))
  ports.note(`pulumi state move: ${names.join(', ')} from "${from}" to "${to}"`)
  await ports.moveState(urns)
}

type Names = Pick<MoveRequest, 'names'>

function isUnmoved({ names }: Names, source: MovingStack, target: MovingStack): boolean {
  return names.every((name) => source.state.entries.has(name) && !target.state.entries.has(name))
}

/** Whether both stacks may be deployed as ever after a failure. False where that cannot be seen. */
async function isUntouched(names: Names, { source, target }: MovePorts): Promise<boolean> {
  try {
    return isUnmoved(names, await source.read(), await target.read())
  } catch {
    return false
  }
}

/** @throws CommandError NAME_TAKEN when the target has other objects under the same names */
function requireCopies(left: readonly Entry[], target: StackState): void {
  const idsOf = (entry: Entry | undefined) =>
    JSON.stringify((entry?.objects ?? []).map(({ id = '' }) => id).sort())
  const other = left.find((entry) => idsOf(entry) !== idsOf(target.entries.get(entry.name)))
  if (!other) return
  throw new CommandError(
    'NAME_TAKEN',
    `Both stacks have a "${other.name}", with different objects: somebody deployed one of them during the move. Nothing was changed by this run; compare them with pulumi stack --show-ids.`,
  )
}

/** Deploys both stacks, so that each has recorded what it has now: the target first, whose ledger rotations go on with. */
async function settle({ source, target, at, moved }: MoveRecord, ports: MovePorts): Promise<void> {
  const { declared } = await ports.source.read()
  await requireQuiet(target, ports.target, { at, moved }, NOT_QUIET)
  await ports.target.deploy({ at, steps: [], moved })
  if (declared.size === 0) {
    ports.note(`"${source}" declares nothing any more: pulumi destroy and pulumi stack rm remove it.`)
    return
  }
  await requireQuiet(source, ports.source, { at, moved: NOTHING }, NOT_QUIET)
  await ports.source.deploy({ at, steps: [], moved: NOTHING })
}

const NOTHING: MovedEntries = { apps: {}, identities: {}, ledger: {} }

function requireSame(begun: MoveRecord, { names, source, target }: MoveRequest): void {
  const isSame =
    begun.source === source &&
    begun.target === target &&
    [...begun.names].sort().join(' ') === [...names].sort().join(' ')
  if (isSame) return
  throw new CommandError(
    'BAD_OPTIONS',
    `Another move was interrupted. Continue it first: npx entra-apps move ${begun.names.join(' ')} --stack ${begun.source} --to ${begun.target}`,
  )
}

function reportOf(
  { names, source, target, moved, files }: MoveRecord,
  from: MovingStack,
  to: MovingStack,
  dryRun: boolean,
): MoveReport {
  return {
    schemaVersion: 1,
    source,
    target,
    dryRun,
    entries: names.flatMap((name) => {
      const entry = from.state.entries.get(name) ?? to.state.entries.get(name)
      if (!entry) return []
      const credentials = Object.entries(moved.ledger[name] ?? {}).flatMap(([secret, generations]) =>
        generations.flatMap(({ generation, phase }) =>
          phase === 'retired' ? [] : [{ secret, generation, phase }],
        ),
      )
      return [{ name, section: entry.section, objects: entry.objects.length, credentials }]
    }),
    files: Object.entries(files).map(([file, { content }]) => ({ file, content })),
  }
}
