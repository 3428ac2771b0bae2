import { randomBytes } from 'node:crypto'
import { type FileHandle, open, readFile, realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type { DotenvDeclaration } from '../../infra/delivery-declaration.ts'
import { type Delivery, DeliveryError, type DeliveryTarget, reasonOf, sameSecret } from './target.ts'

/**
 * A variable in a `.env` file. The file is replaced as a whole, so that a reader sees the old one or the new one and
 * never a part; its other lines stay as they are, and it is readable by its owner only.
 *
 * @param projectDir what relative paths start from
 */
export function dotenvTarget(
  id: string,
  { file, variable }: DotenvDeclaration,
  projectDir: string,
): DeliveryTarget {
  const path = resolve(projectDir, file)
  const holds = async ({ value }: Delivery) => {
    const held = parseEnv(await readIfThere(path))[variable]
    return held !== undefined && sameSecret(held, value)
  }
  return {
    id,
    async deliver(delivery) {
      let replaced = false
      try {
        if (await holds(delivery)) return {}
        await replaceFile(path, setVariable(await readIfThere(path), variable, delivery.value))
        replaced = true
        if (!(await holds(delivery)))
          throw new Error('the file does not hold the secret after it was written')
        return {}
      } catch (error) {
        throw new DeliveryError(id, reasonOf(error), { exposed: replaced, cause: error })
      }
    },
    async holds(delivery) {
      try {
        return (await holds(delivery)) ? 'yes' : 'no'
      } catch (error) {
        throw new DeliveryError(id, reasonOf(error), { exposed: false, cause: error })
      }
    },
  }
}

/**
 * The text of a `.env` file with one variable set: in place of its last assignment, which is the one that counts, or
 * at the end.
 */
export function setVariable(text: string, variable: string, value: string): string {
  const assignment = `${variable}=${quote(value)}`
  const lines = text.split('\n')
  const pattern = new RegExp(`^(\\s*(?:export\\s+)?)${variable}\\s*=`)
  const at = lines.findLastIndex((line) => pattern.test(line))
  if (at >= 0) {
    const line = lines[at] ?? ''
    const prefix = pattern.exec(line)?.[1] ?? ''
    lines[at] = `${prefix}${assignment}${line.endsWith('\r') ? '\r' : ''}`
    return lines.join('\n')
  }
  const separator = text === '' || text.endsWith('\n') ? '' : '\n'
  return `${text}${separator}${assignment}\n`
}

/** Entra's secrets need no quotes; whatever else comes is quoted so that `#` and spaces stay part of it. */
function quote(value: string): string {
  if (/^[\w.~+/=-]+$/.test(value)) return value
  const mark = ["'", '"', '`'].find((each) => !value.includes(each) && !/[\r\n]/.test(value))
  if (!mark)
    throw new Error('the value holds line breaks or every kind of quote, which .env files cannot carry')
  return `${mark}${value}${mark}`
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return ''
    throw error
  }
}

/** Writes beside the file and renames over it. A link is followed, so that what it points to is replaced. */
async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch((error) => {
    if (isMissing(error)) return path
    throw error
  })
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await withFile(temporary, 'wx', async (handle) => {
      await handle.writeFile(text)
      await handle.sync()
    })
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await withFile(dirname(target), 'r', (handle) => handle.sync())
}

async function withFile(
  path: string,
  flags: string,
  work: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await open(path, flags, 0o600)
  try {
    await work(handle)
  } finally {
    await handle.close()
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
