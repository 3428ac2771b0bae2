import { once } from 'node:events'
import { realpath } from 'node:fs/promises'
import { extname, isAbsolute, relative, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { ModuleDeclaration } from '../../infra/declaration/schema/delivery/module.ts'
import { parseTimeout } from '../../lib/timeout.ts'
import { alone } from './alone.ts'
import { commandEnvironment } from './command-environment.ts'
import type { DeliveryOptions } from './options.ts'
import { collect, showable } from './output.ts'
import {
  type Delivery,
  DeliveryError,
  type DeliveryTarget,
  GenerationLost,
  type Receipt,
  reasonOf,
} from './target.ts'
import type { Answer, Question } from './worker-protocol.ts'

export type ModuleOptions = Pick<DeliveryOptions, 'projectDir' | 'env' | 'signal'>

const WORKER = new URL(`module-worker${extname(import.meta.url)}`, import.meta.url)

/** Milliseconds between telling a module that its time is up and ending it. */
const GRACE_MS = 5000

/** Asks the module in its thread. */
type Ask = (call: Question['call'], version?: string) => Promise<unknown>

/** What the module said of a failure. */
class ModuleFailure extends Error {
  readonly exposed: boolean
  constructor(message: string, exposed: boolean) {
    super(message)
    this.exposed = exposed
  }
}

/**
 * A module of the project that delivers, see {@link DeliveryModule}: a file inside the project directory, wherever links lead. It
 * runs in a thread of its own with the environment of a command, one delivery at a time. What it prints is shown when it
 * fails, masked.
 */
export function moduleTarget(
  id: string,
  declaration: ModuleDeclaration,
  options: ModuleOptions,
): DeliveryTarget {
  const timeoutMs = 3 * parseTimeout(declaration.timeout)
  return {
    id,
    async deliver(delivery, { beforeWrite } = {}) {
      let exposed = false
      const store = async (ask: Ask): Promise<Receipt> => {
        if ((await ask('holds')) === 'yes') return {}
        await beforeWrite?.()
        exposed = true
        const receipt = (await ask('deliver').catch((error: unknown) => {
          if (error instanceof ModuleFailure) exposed = error.exposed
          throw error
        })) as Receipt
        if ((await ask('holds', receipt.version)) === 'no')
          throw new Error('the module says that the place does not hold what it has just stored')
        return receipt
      }
      try {
        const path = await pathInside(declaration.file, options)
        return await alone(`module:${path}`, { ...options, timeoutMs }, () =>
          withModule(path, declaration, delivery, options, store),
        )
      } catch (error) {
        if (error instanceof GenerationLost) throw error
        throw new DeliveryError(id, reasonOf(error), { exposed, cause: error })
      }
    },
    async holds(delivery, version) {
      try {
        const path = await pathInside(declaration.file, options)
        const ask = (ask: Ask) => ask('holds', version)
        return (await withModule(path, declaration, delivery, options, ask)) as 'yes' | 'no' | 'unknown'
      } catch (error) {
        throw new DeliveryError(id, reasonOf(error), { exposed: false, cause: error })
      }
    },
  }
}

/** @throws Error when the file is not one of the project directory */
async function pathInside(file: string, { projectDir }: ModuleOptions): Promise<string> {
  const [folder, path] = await Promise.all([realpath(projectDir), realpath(resolve(projectDir, file))])
  const inside = relative(folder, path)
  if (isAbsolute(inside) || /^\.\.([/\\]|$)/.test(inside)) {
    throw new Error(`${file} is outside the project directory; move the module into it`)
  }
  return path
}

/** Starts the module in a thread, and ends the thread when the work is done. */
async function withModule<T>(
  path: string,
  { timeout, pass, with: settings }: ModuleDeclaration,
  delivery: Delivery,
  { env, signal }: ModuleOptions,
  work: (ask: Ask) => Promise<T>,
): Promise<T> {
  const worker = new Worker(WORKER, {
    workerData: pathToFileURL(path).href,
    env: commandEnvironment(env, pass),
    stdout: true,
    stderr: true,
  })
  const output = collect(worker.stdout, worker.stderr)
  // Listened to by each question; a thread that fails between two must not end the program.
  worker.on('error', () => {})
  const ask: Ask = async (call, version) => {
    const limit = AbortSignal.any([AbortSignal.timeout(parseTimeout(timeout)), ...(signal ? [signal] : [])])
    const answer = await answerWithin(limit, worker, { call, delivery, settings, version })
    if (answer.ok) return answer.result
    const isLate = limit.aborted && !signal?.aborted
    const what = isLate ? `the module did not end within ${timeout}` : 'the module failed'
    const said = [answer.message, output()].filter(Boolean).join('\n')
    throw new ModuleFailure(`${what}: ${showable(said, delivery, { env, pass })}`, answer.exposed)
  }
  try {
    return await work(ask)
  } finally {
    await worker.terminate()
  }
}

/** The answer of the thread, which is told when the signal fires, and ended if it does not answer then. */
async function answerWithin(signal: AbortSignal, worker: Worker, question: Question): Promise<Answer> {
  const done = new AbortController()
  const lost = (message: string): Answer => ({ ok: false, message, exposed: true })
  const late = async () => {
    if (!signal.aborted) await once(signal, 'abort', { signal: done.signal })
    worker.postMessage('stop')
    await sleep(GRACE_MS, undefined, { signal: done.signal })
    return lost('it was ended')
  }
  try {
    worker.postMessage(question)
    const { signal: ended } = done
    return await Promise.race([
      once(worker, 'message', { signal: ended }).then(([answer]) => answer as Answer),
      once(worker, 'exit', { signal: ended }).then(() => lost('it ended the thread')),
      late(),
    ])
  } catch (error) {
    return lost(reasonOf(error))
  } finally {
    done.abort()
  }
}
