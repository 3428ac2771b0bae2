/** Runs a team's module in a thread that can be ended, and whose output is not the program's. See module.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import type { DeliveryContext, DeliveryModule } from './delivery-module.ts'
import { reasonOf } from './target.ts'
import type { Answer, Question } from './worker-protocol.ts'

const HELD = ['yes', 'no', 'unknown']

const stop = new AbortController()
parentPort?.on('message', async (question: Question | 'stop') => {
  if (question === 'stop') stop.abort(new Error('the time is up, or the run ends'))
  else parentPort?.postMessage(await answerTo(question))
})

async function answerTo(question: Question): Promise<Answer> {
  try {
    return { ok: true, result: await ask(question) }
  } catch (error) {
    const isRefusal = (error as { exposed?: unknown } | undefined)?.exposed === false
    return { ok: false, message: reasonOf(error), exposed: !isRefusal }
  }
}

async function ask({ call, delivery, settings, version }: Question): Promise<unknown> {
  const { default: module } = (await import(workerData)) as { default?: DeliveryModule }
  if (typeof module?.deliver !== 'function') {
    throw new TypeError('its default export has no function "deliver"')
  }
  const context: DeliveryContext = { settings, signal: stop.signal }
  if (call === 'deliver') {
    const receipt: unknown = await module.deliver(delivery, context)
    const { version } = (receipt ?? {}) as { version?: unknown }
    if (version === undefined) return {}
    if (typeof version !== 'string') throw new TypeError('"deliver" returned a version that is not a string')
    return { version }
  }
  const held = (await module.holds?.(delivery, { ...context, ...(version && { version }) })) ?? 'unknown'
  if (!HELD.includes(held)) throw new TypeError('"holds" must return "yes", "no" or "unknown"')
  return held
}
