import { ensureEngine } from '../../engine/index.ts'

/** On a new machine the engine may have to be built, which takes minutes: once, before the first test, and visibly. */
export default async function setup(): Promise<void> {
  const engine = await ensureEngine({ log: console.error })
  console.error(engine.description)
}
