import { FILE_MANAGER, openStage, type Stage } from '../test/support/stage.ts'
import { type Figure, seconds } from './figure.ts'

/** Sizes of the stacks: the second tells what one more application costs. */
const SIZES = [1, 100]

/** What a command took. */
interface Cost {
  readonly ms: number
  /** Requests that the tenant answered, logins included. */
  readonly requests: number
}

/**
 * Stacks of several sizes through our own commands, with the plugin that is in use: the first deployment, one that changes
 * nothing, and `check`, which asks nobody. The ratios say how a stack grows; requests are counted at the tenant.
 */
export async function* benchUp(): AsyncGenerator<Figure> {
  let smallest: Cost | undefined
  for (const size of SIZES) {
    const apps = `${size} app${size > 1 ? 's' : ''}`
    const stage = await openStage()
    try {
      await stage.declare(applications(size))
      const first = await cost(stage, 'up')
      yield { name: `up: ${apps}, first`, value: describe(first, size) }
      const second = await cost(stage, 'up')
      yield { name: `up: ${apps}, no change`, value: describe(second, size) }
      const check = await cost(stage, 'check')
      yield { name: `check: ${apps}`, value: describe(check, size) }
      yield {
        name: `up: ${apps}, no change and check, compared with the first`,
        value: `${ratio(second, first)}, ${ratio(check, first)}`,
      }
      if (smallest) {
        const growth = `${ratio(first, smallest)} for ${size / (SIZES[0] ?? 1)} times the applications`
        yield { name: `up: ${apps}, first, compared with ${SIZES[0]}`, value: growth }
      }
      smallest ??= first
    } finally {
      await stage.close()
    }
  }
}

/** Each with redirect URIs, four permissions of both kinds, consent and a secret. */
function applications(size: number) {
  return Object.fromEntries(
    Array.from({ length: size }, (_, i) => [`app-${i}`, { ...FILE_MANAGER, displayName: `App ${i}` }]),
  )
}

async function cost(stage: Stage, ...args: string[]): Promise<Cost> {
  const before = stage.tenant.requests().length
  const start = performance.now()
  const ended = await stage.cli(...args)
  if (ended.code !== 0) throw new Error(`${args.join(' ')} failed:\n${ended.output}`)
  return { ms: performance.now() - start, requests: stage.tenant.requests().length - before }
}

function describe({ ms, requests }: Cost, size: number): string {
  return `${seconds(ms)}, ${requests} requests, ${(requests / size).toFixed(1)} per app`
}

function ratio(some: Cost, other: Cost): string {
  return `${(some.ms / other.ms).toFixed(2)} times the time`
}
