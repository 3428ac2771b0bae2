import type { Clock } from '../lib/clock.ts'
import { ControlError } from './errors.ts'

/** A clock that runs on with another one, and can be moved. */
export interface MovableClock {
  /** The time it shows. */
  readonly now: Clock
  /** How far it is ahead of the clock it runs with, in milliseconds; negative when it is behind. */
  readonly offset: () => number
  /** Moves it forward, or back when negative. */
  advance(milliseconds: number): void
  /** Makes it show `date` now; it runs on from there. */
  set(date: Date): void
}

/**
 * @param base the clock to run with
 * @param offset how far ahead of it to start, in milliseconds
 * @param onMove is told the new offset after each move
 * @returns a clock whose moves throw ControlError `CONTROL_INPUT` where no date would be shown
 */
export function movableClock(base: Clock, offset: number, onMove: (offset: number) => void): MovableClock {
  const moveTo = (next: number) => {
    if (!Number.isFinite(next) || Number.isNaN(new Date(base().getTime() + next).getTime())) {
      throw new ControlError(
        'CONTROL_INPUT',
        'The clock cannot be moved there: give a date that exists, or a duration such as 90d.',
      )
    }
    current = Math.round(next)
    onMove(current)
  }
  let current = offset
  return {
    now: () => new Date(base().getTime() + current),
    offset: () => current,
    advance: (milliseconds) => moveTo(current + milliseconds),
    set: (date) => moveTo(date.getTime() - base().getTime()),
  }
}
