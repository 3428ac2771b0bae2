import { FILE_MANAGER, openStage, type Stage } from '../test/support/stage.ts'
import { type Figure, seconds } from './figure.ts'

/** `up` through our own command, with the plugin that is in use: first deployment, no-change deployment, requests. */
export async function* benchUp(sizes: readonly number[]): AsyncGenerator<Figure> {
  for (const size of sizes) {
    const stage = await openStage()
    try {
      await stage.declare(
        Object.fromEntries(
          Array.from({ length: size }, (_, i) => [`app-${i}`, { ...FILE_MANAGER, displayName: `App ${i}` }]),
        ),
      )
      const apps = `${size} app${size > 1 ? 's' : ''}`
      const first = await up(stage)
      yield { name: `up: ${apps}, first`, value: seconds(first.ms) }
      yield { name: `up: ${apps}, Graph requests per app, first`, value: (first.requests / size).toFixed(1) }
      const second = await up(stage)
      yield { name: `up: ${apps}, no change`, value: seconds(second.ms) }
      yield { name: `up: ${apps}, no change, Graph requests in all`, value: String(second.requests) }
    } finally {
      await stage.close()
    }
  }
}

async function up(stage: Stage): Promise<{ ms: number; requests: number }> {
  const before = stage.tenant.requests().length
  const start = performance.now()
  const ended = await stage.cli('up')
  if (ended.code !== 0) throw new Error(`up failed:\n${ended.output}`)
  return { ms: performance.now() - start, requests: stage.tenant.requests().length - before }
}
