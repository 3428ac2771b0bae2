import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { entryName } from '../declaration/schema/names.ts'
import { instant } from '../rotation/generation.ts'
import { stackOutputs } from './outputs.ts'

/** What the outputs of the former stack said of entries that a deployment finds in its state. No secret is among it. */
export const movedEntries = stackOutputs
  .pick({ apps: true, ledger: true })
  .extend({ identities: stackOutputs.shape.identities.unwrap() })

const moveRecord = z.strictObject({
  schemaVersion: z.literal(1),
  /** Names of applications and identities. */
  names: z.array(entryName),
  source: z.string(),
  target: z.string(),
  /** When it began. Its deployments take that for now, so that nothing falls due in them however late they are. */
  at: instant,
  moved: movedEntries,
  /** Files of the project as they are to be, by their path in it; `was` is the SHA-256 of what they were. */
  files: z.record(z.string(), z.strictObject({ was: z.string(), content: z.string() })),
})

export type MovedEntries = z.infer<typeof movedEntries>

/** A move from one stack to another that has begun. */
export type MoveRecord = z.infer<typeof moveRecord>

/** The record, from the project directory; it is there from before the first write until everything is moved. */
export const MOVE_RECORD = join('.entra-apps', 'move.json')

/** The record of a move that has begun in this checkout is none. */
export class MoveRecordError extends Error {
  readonly code = 'INVALID_MOVE_RECORD'

  constructor(file: string, cause: unknown) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : cause
    super(
      `The record of an interrupted move, ${file}, could not be read: ${reason}\nUse the version of entra-apps that began the move to continue it.`,
      { cause },
    )
    this.name = 'MoveRecordError'
  }
}

/** A deployment in the middle of a move would delete what has left, or create anew what has yet to come. */
export class MoveUnderWayError extends Error {
  readonly code = 'MOVE_UNDER_WAY'

  constructor({ names, source, target }: MoveRecord) {
    super(
      `A move from stack "${source}" to stack "${target}" was interrupted. Nothing was changed. Continue it first: npx entra-apps move ${names.join(' ')} --stack ${source} --to ${target}`,
    )
    this.name = 'MoveUnderWayError'
  }
}

/**
 * The move that has begun in this checkout and not ended.
 *
 * @throws MoveRecordError
 */
export function readMoveRecord(projectDir: string): MoveRecord | undefined {
  const file = join(projectDir, MOVE_RECORD)
  try {
    return moveRecord.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new MoveRecordError(file, error)
  }
}

/**
 * Refuses to deploy a stack that a move has begun to change.
 *
 * @param moved of the intent; the move itself makes its deployments with it
 * @throws MoveUnderWayError, MoveRecordError
 */
export function checkNoMove(projectDir: string, stack: string, moved: MovedEntries | undefined): void {
  const record = moved ? undefined : readMoveRecord(projectDir)
  if (record && [record.source, record.target].includes(stack)) throw new MoveUnderWayError(record)
}
