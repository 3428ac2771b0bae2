import { Interrupted } from './errors.ts'

/**
 * Runs `work` with a signal that fires on Ctrl-C or SIGTERM, and lets it finish cleaning up before the process ends.
 *
 * @throws Interrupted once `work` has given up because the signal fired; work that is done all the same is done
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const stop = () => controller.abort(new Interrupted())
  process.on('SIGINT', stop).on('SIGTERM', stop)
  try {
    return await work(controller.signal)
  } catch (error) {
    throw controller.signal.aborted ? new Interrupted() : error
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

/** Resolves when the signal fires. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
