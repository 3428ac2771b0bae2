/** What is killed. `machine`: the command and everything below it at once, as by a loss of power. */
export const VICTIMS = ['cli', 'engine', 'plugin', 'tenant', 'machine'] as const
export const COMMANDS = ['rotate', 'up', 'deliver', 'adopt'] as const

export type Victim = (typeof VICTIMS)[number]
export type Command = (typeof COMMANDS)[number]

/** One kill: while the command runs, after a part of the time that it takes undisturbed. */
export interface Kill {
  readonly command: Command
  readonly victim: Victim
  /** 0 to 1. */
  readonly at: number
}

/** Kills of every command and victim in turn, in an order and at moments that the seed decides. */
export function killPlan(seed: number, count: number): Kill[] {
  const random = randomFrom(seed)
  const pairs = COMMANDS.flatMap((command) =>
    VICTIMS.filter((victim) => isReached(command, victim)).map((victim) => ({ command, victim })),
  )
  const plan: Kill[] = []
  while (plan.length < count) {
    plan.push(...shuffled(pairs, random).map((pair) => ({ ...pair, at: random() })))
  }
  return plan.slice(0, count)
}

/** Where nothing is deployed, no plugin runs for long enough to be met. */
function isReached(command: Command, victim: Victim): boolean {
  return command !== 'deliver' || victim !== 'plugin'
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

/** Mulberry32, a generator of 32 bits by Tommy Ettinger: the same numbers from the same seed, everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
