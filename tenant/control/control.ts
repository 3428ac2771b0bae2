import {
  findRequests,
  type RequestLog,
  type RequestQuery,
  type RequestRecord,
} from '../audit/request-record.ts'
import type { Directory } from '../directory/directory.ts'
import { type Duration, durationSchema } from '../faults/duration.ts'
import type { ActiveFault, Faults } from '../faults/faults.ts'
import { type Lag, type LagInput, lagSchema } from '../faults/lag.ts'
import type { Replicas } from '../faults/replicas.ts'
import { type FaultRule, faultSchema } from '../faults/rule.ts'
import type { EntityStore } from '../store/entity-store.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import type { MovableClock } from './clock.ts'
import { readInput } from './input.ts'
import { type Script, scriptSchema } from './script.ts'
import { applySeed } from './seed.ts'
import { type Seed, seedSchema } from './seed-schema.ts'
import { restoreSnapshot, type Snapshot, takeSnapshot } from './snapshot.ts'
import type { SnapshotFiles } from './snapshot-files.ts'

/** The tenant's clock, as control moves it: issuing, checking, expiry and lag all follow it. */
export interface ClockControl {
  now(): Date
  /**
   * Moves it forward by milliseconds or a written duration (`90d`); a negative number moves it back.
   *
   * @throws ControlError `CONTROL_INPUT`
   */
  advance(by: Duration): void
  /**
   * Makes it show this moment; it runs on from there. Moving back lets everything that lags arrive.
   *
   * @throws ControlError `CONTROL_INPUT` for a date that does not exist
   */
  set(to: Date): void
}

/** How a rehearsal makes the tenant behave. All of it is off when a tenant starts, but the clock stays as it was. */
export interface TenantControl {
  readonly clock: ClockControl
  /**
   * Adds a fault after those in force.
   *
   * @returns the id to remove it by
   * @throws ControlError `CONTROL_INPUT` naming every mistake in the rule
   */
  addFault(rule: FaultRule): string
  /** Removes one fault; false when there is none of that id. */
  removeFault(id: string): boolean
  /** Removes all faults. Lag and clock stay. */
  clearFaults(): void
  /** The faults in force, with how often each has hit. */
  faults(): readonly ActiveFault[]
  /**
   * Replaces the replication lag: by who looks, or one duration everywhere. `{}` or 0 ends it. What was under way
   * arrives at once.
   *
   * @throws ControlError `CONTROL_INPUT`
   */
  setLag(lag: LagInput | Duration): void
  /** The lag in force, in milliseconds. */
  lag(): Lag
  /**
   * Carries out a rehearsal script: its lag and faults replace those in force, and the clock moves if it says so.
   *
   * @throws ControlError `CONTROL_INPUT` naming every mistake; then nothing has changed
   */
  run(script: Script): void
  /**
   * Adds the users, groups and applications of a seed to the directory, in the deployer's name; all or nothing.
   *
   * @returns display names of those that were added; those that were there are left as they are
   * @throws ControlError `CONTROL_INPUT` naming every mistake
   */
  seed(seed: Seed): readonly string[]
  /** Makes a new key that signs tokens from now on, and returns its id (`kid`); tokens signed before stay good. */
  rotateSigningKey(): Promise<string>
  /** The latest requests that fit, oldest first; at most 10,000 are remembered. */
  requests(query?: RequestQuery): readonly RequestRecord[]
  /** Everything in the directory, and the clock, as they are now. */
  snapshot(): Snapshot
  /**
   * Makes the directory and the clock what they were; faults and lag stay. Tokens issued in between stay valid.
   *
   * @throws ControlError `SNAPSHOT_UNUSABLE` when it is not of this tenant
   */
  restore(snapshot: Snapshot): void
  /** Snapshots kept by name in the data directory; `save` takes one now. */
  readonly snapshots: NamedSnapshots
}

/** Snapshots by name: letters, digits, `.`, `-` and `_`, at most 64. */
export interface NamedSnapshots {
  list(): readonly string[]
  /** @throws ControlError `CONTROL_INPUT` */
  save(name: string): void
  /** @throws ControlError `SNAPSHOT_UNKNOWN`, `SNAPSHOT_UNUSABLE` */
  restore(name: string): void
  /** @throws ControlError `SNAPSHOT_UNKNOWN` */
  remove(name: string): void
}

/** What control acts on. */
export interface ControlParts {
  readonly clock: MovableClock
  readonly faults: Faults
  readonly replicas: Replicas
  readonly store: EntityStore
  readonly directory: Directory
  readonly keys: SigningKeys
  readonly requests: RequestLog
  readonly snapshotFiles: SnapshotFiles
}

export function createControl(parts: ControlParts): TenantControl {
  const { faults, replicas, snapshotFiles } = parts
  const clock = controlClock(parts)
  const snapshot = () =>
    takeSnapshot(parts.store, {
      tenantId: parts.directory.tenantId,
      takenAt: clock.now().toISOString(),
      clockOffset: parts.clock.offset(),
    })
  const restore = (from: Snapshot) => {
    restoreSnapshot(parts.store, parts.directory.tenantId, from)
    parts.clock.advance(from.clockOffset - parts.clock.offset())
    replicas.catchUp()
  }
  return {
    clock,
    addFault: (rule) => faults.add(readInput(faultSchema, rule, 'the fault')),
    removeFault: (id) => faults.remove(id),
    clearFaults: () => faults.clear(),
    faults: () => faults.list(),
    setLag: (lag) => {
      replicas.lag = readInput(lagSchema, lag, 'the lag')
    },
    lag: () => replicas.lag,
    run: (script) => {
      const { lag, faults: rules, clock: move } = readInput(scriptSchema, script, 'the script')
      if (move?.set !== undefined) clock.set(new Date(move.set))
      if (move?.advance !== undefined) clock.advance(move.advance)
      replicas.lag = lag
      faults.clear()
      for (const rule of rules) faults.add(rule)
    },
    seed: (seed) => applySeed(parts.directory, readInput(seedSchema, seed, 'the seed')),
    rotateSigningKey: async () => (await parts.keys.rotate()).kid,
    requests: (query = {}) => findRequests(parts.requests.latest(), query),
    snapshot,
    restore,
    snapshots: {
      list: () => snapshotFiles.list(),
      save: (name) => snapshotFiles.save(name, snapshot()),
      restore: (name) => restore(snapshotFiles.read(name)),
      remove: (name) => snapshotFiles.remove(name),
    },
  }
}

function controlClock({ clock, replicas }: ControlParts): ClockControl {
  return {
    now: clock.now,
    advance: (by) => {
      const milliseconds = typeof by === 'number' ? by : readInput(durationSchema, by, 'the duration')
      clock.advance(milliseconds)
      if (milliseconds < 0) replicas.catchUp()
    },
    set: (to) => {
      const isBack = to.getTime() < clock.now().getTime()
      clock.set(to)
      if (isBack) replicas.catchUp()
    },
  }
}
