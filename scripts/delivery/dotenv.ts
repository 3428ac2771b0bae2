import { resolve } from 'node:path'
import type { DotenvDeclaration } from '../../infra/declaration/schema/delivery/dotenv.ts'
import { abandonedBeside } from '../../lib/replace-file.ts'
import { accessOf, clearAbandoned, readBytes, realFileOf, replaceBytes, whileLocked } from './dotenv-file.ts'
import { setVariable, variableIn } from './dotenv-text.ts'
import type { DeliveryOptions } from './options.ts'
import {
  type Delivery,
  DeliveryError,
  type DeliveryTarget,
  GenerationLost,
  reasonOf,
  sameSecret,
  type WriteOptions,
} from './target.ts'

export type DotenvOptions = Pick<DeliveryOptions, 'projectDir' | 'signal' | 'note'>

/**
 * A variable in a `.env` file. The file is replaced as a whole, so that a reader sees the old one or the new one and
 * never a part; its other bytes, its owner and its permissions stay as they are. Several variables of one file are set
 * one after another, by whatever path and from whatever process.
 */
export function dotenvTarget(
  id: string,
  { file, variable }: DotenvDeclaration,
  { projectDir, signal, note }: DotenvOptions,
): DeliveryTarget {
  const path = resolve(projectDir, file)
  const holdsIn = (bytes: Buffer, { value }: Delivery) => {
    const held = variableIn(bytes, variable)
    return held !== undefined && sameSecret(held, value)
  }
  const holds = async (real: string, delivery: Delivery) => holdsIn(await readBytes(real), delivery)

  const write = async (real: string, delivery: Delivery, { beforeWrite }: WriteOptions) => {
    clearAbandoned(real)
    if (await holds(real, delivery)) return false
    await beforeWrite?.()
    const access = await accessOf(real)
    replaceBytes(real, setVariable(await readBytes(real), variable, delivery.value), access)
    if ((access.mode & 0o004) !== 0) {
      note?.(`${id}: every user of this computer can read the file; to prevent it, run: chmod o= ${file}`)
    }
    return true
  }

  return {
    id,
    async deliver(delivery, options = {}) {
      let replaced = false
      try {
        const real = await realFileOf(path)
        await whileLocked(real, signal, async () => {
          replaced = await write(real, delivery, options)
          if (replaced && !(await holds(real, delivery)))
            throw new Error('the file does not hold the secret after it was written')
        })
        return {}
      } catch (error) {
        if (error instanceof GenerationLost) throw error
        throw new DeliveryError(id, reasonOf(error), { exposed: replaced, cause: error })
      }
    },
    async holds(delivery) {
      try {
        const real = await realFileOf(path)
        if (abandonedBeside(real).length > 0)
          await whileLocked(real, signal, async () => clearAbandoned(real))
        return (await holds(real, delivery)) ? 'yes' : 'no'
      } catch (error) {
        throw new DeliveryError(id, reasonOf(error), { exposed: false, cause: error })
      }
    },
  }
}
