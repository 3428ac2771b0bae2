import { randomBytes } from 'node:crypto'
import { type FileHandle, open, readFile, realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type { DotenvDeclaration } from '../../infra/declaration/schema/delivery.ts'
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
  const last = assignmentsIn(text).findLast(({ name }) => name === variable)
  if (last) return `${text.slice(0, last.from)}${assignment}${text.slice(last.to)}`
  const separator = text === '' || text.endsWith('\n') ? '' : '\n'
  return `${text}${separator}${assignment}\n`
}

/** An assignment in a `.env` file, from its name to the end of its value. */
interface Assignment {
  readonly name: string
  readonly from: number
  readonly to: number
}

const ASSIGNED = /^([ \t]*(?:export[ \t]+)?)([A-Za-z_][\w.-]*)[ \t]*=[ \t]*/

/** Finds the assignments as Node's `parseEnv` does: a value in quotes reaches over as many lines as it likes. */
function assignmentsIn(text: string): Assignment[] {
  const found: Assignment[] = []
  for (let at = 0; at < text.length; ) {
    const line = text.slice(at)
    const [start = '', before = '', name] = ASSIGNED.exec(line) ?? []
    const mark = name === undefined ? '' : (line[start.length] ?? '')
    const closing = QUOTES.includes(mark) ? text.indexOf(mark, at + start.length + 1) : -1
    const rest = text.indexOf('\n', Math.max(at, closing))
    const end = rest < 0 ? text.length : rest
    if (name !== undefined) {
      found.push({ name, from: at + before.length, to: text[end - 1] === '\r' ? end - 1 : end })
    }
    at = end + 1
  }
  return found
}

const QUOTES: readonly string[] = ["'", '"', '`']

/**
 * Entra's secrets need no quotes; whatever else comes is quoted so that `#`, spaces and line breaks stay part of it. In
 * double quotes a backslash could stand for something else.
 */
function quote(value: string): string {
  if (/^[\w.~+/=-]+$/.test(value)) return value
  const mark = QUOTES.find((each) => !value.includes(each) && !(each === '"' && value.includes('\\')))
  if (!mark || /\r/.test(value))
    throw new Error('the value holds carriage returns or every kind of quote, which .env files cannot carry')
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
