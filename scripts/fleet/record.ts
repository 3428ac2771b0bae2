import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFileSync } from '../../lib/replace-file.ts'
import { CommandError } from '../lib/errors.ts'

const recordSchema = z.object({
  schemaVersion: z.literal(1),
  command: z.string(),
  arguments: z.array(z.string()),
  /** Stacks of the run by label, with the exit code once they ended. */
  stacks: z.record(z.string(), z.number().int().nullable()),
})

/** What a run for several stacks has done so far, for `--resume`. */
export type FleetRecord = z.infer<typeof recordSchema>

/** Where the last run of a command for several stacks keeps its record and its logs; for nobody else to read. */
export function folderOf(root: string, command: string): string {
  const folder = join(root, '.entra-apps', 'fleet', command)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** The files of one stack, which are made anew. */
export function filesOf(folder: string, label: string): { readonly log: string; readonly json: string } {
  const name = encodeURIComponent(label)
  return { log: join(folder, `${name}.log`), json: join(folder, `${name}.json`) }
}

/** Files of an earlier run have their own access rights, and may be links. */
export function removeFiles(files: ReturnType<typeof filesOf>): void {
  for (const file of Object.values(files)) rmSync(file, { force: true })
}

export function writeRecord(folder: string, record: FleetRecord): void {
  replaceFileSync(join(folder, 'run.json'), JSON.stringify(record, null, 2), { mode: 0o600 })
}

/** @throws CommandError BAD_OPTIONS when there is no such run, or it was one with other options */
export function readRecord(folder: string, command: string, args: readonly string[]): FleetRecord {
  const record = recordSchema.safeParse(
    attempt(() => JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))),
  )
  if (!record.success) {
    throw new CommandError(
      'BAD_OPTIONS',
      `--resume: there is no earlier run of ${command} for several stacks in ${folder}. Leave --resume out.`,
    )
  }
  const before = record.data.arguments.join(' ')
  if (before === args.join(' ')) return record.data
  throw new CommandError(
    'BAD_OPTIONS',
    `--resume: the earlier run was \`${`${command} ${before}`.trim()}\`. Give the same options.`,
  )
}

function attempt(work: () => unknown): unknown {
  try {
    return work()
  } catch {
    return undefined
  }
}
