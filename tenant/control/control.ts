import { type Duration, durationSchema } from '../faults/duration.ts'
import type { ActiveFault, Faults } from '../faults/faults.ts'
import { type Lag, type LagInput, lagEverywhere, lagSchema } from '../faults/lag.ts'
import type { Replicas } from '../faults/replicas.ts'
import { type FaultRule, faultSchema } from '../faults/rule.ts'
import type { MovableClock } from './clock.ts'
import { readInput } from './input.ts'

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
   * Replaces the replication lag: by who looks, or one duration everywhere. `{}` or 0 ends it, and what was under way
   * arrives at once.
   *
   * @throws ControlError `CONTROL_INPUT`
   */
  setLag(lag: LagInput | Duration): void
  /** The lag in force, in milliseconds. */
  lag(): Lag
}

/** What control acts on. */
export interface ControlParts {
  readonly clock: MovableClock
  readonly faults: Faults
  readonly replicas: Replicas
}

export function createControl({ clock, faults, replicas }: ControlParts): TenantControl {
  return {
    clock: {
      now: clock.now,
      advance: (by) => {
        const milliseconds = typeof by === 'number' ? by : readInput(durationSchema, by, 'duration')
        clock.advance(milliseconds)
        if (milliseconds < 0) replicas.catchUp()
      },
      set: (to) => {
        const isBack = to.getTime() < clock.now().getTime()
        clock.set(to)
        if (isBack) replicas.catchUp()
      },
    },
    addFault: (rule) => faults.add(readInput(faultSchema, rule, 'fault')),
    removeFault: (id) => faults.remove(id),
    clearFaults: () => faults.clear(),
    faults: () => faults.list(),
    setLag: (lag) => {
      replicas.lag =
        typeof lag === 'object'
          ? readInput(lagSchema, lag, 'lag')
          : lagEverywhere(readInput(durationSchema, lag, 'lag'))
    },
    lag: () => replicas.lag,
  }
}
