import { once } from 'node:events'
import pc from 'picocolors'
import { asInvoked } from '../../lib/invocation.ts'
import { Mask } from './mask.ts'
import { neutralise } from './neutralise.ts'

type Stream = NodeJS.WriteStream & { fd: number }

/**
 * Where a command writes: results to stdout, everything about the way there to stderr. The one way out: everything
 * passes the mask, and what a pipeline or a terminal would take for a command is made harmless.
 */
export interface Terminal {
  /** Writes a line of the result. */
  readonly print: (text: string) => void
  /** Writes many lines of the result, no faster than they are taken: whoever reads a pipe slowly fills no memory. */
  readonly printAll: (pieces: Iterable<string>) => Promise<void>
  /** Writes a line about progress. */
  readonly note: (text: string) => void
  /** Writes commands for GitHub Actions or Azure Pipelines, to stderr: the only text that may be taken for commands. */
  readonly command: (text: string) => void
  /** Replaces the live line, or with '' takes it away. Absent where nobody watches: write few, whole lines there. */
  readonly status?: (text: string) => void
  readonly colors: ReturnType<typeof pc.createColors>
  /** Told of every secret as soon as it is known. */
  readonly mask: Mask
}

/** Back to the start of the line, and erase what is there (ECMA-48). */
const ERASE_LINE = '\r\u001b[2K'

/** A terminal on the process's own streams: colour only where a person looks, and never with NO_COLOR. */
export function processTerminal(stdout: Stream = process.stdout, stderr: Stream = process.stderr): Terminal {
  const mask = new Mask()
  const hasColors = usesColor(stdout)
  const safe = (text: string) => neutralise(mask.apply(asInvoked(text)), hasColors)
  let live = false
  const aside = () => {
    if (live) stderr.write(ERASE_LINE)
    live = false
  }
  const write = (stream: Stream, text: string) => {
    aside()
    stream.write(`${text}\n`)
  }
  const status = (text: string) => {
    aside()
    if (text) stderr.write(cut(safe(text).replaceAll('\n', ' '), stderr.columns))
    live = text !== ''
  }
  return {
    print: (text) => write(stdout, safe(text)),
    printAll: async (pieces) => {
      for (const piece of pieces) {
        write(stdout, safe(piece))
        if (stdout.writableNeedDrain && !(await isTaken(stdout))) return
      }
    },
    note: (text) => write(stderr, safe(text)),
    command: (text) => write(stderr, mask.apply(text)),
    ...(stderr.isTTY === true && process.env['TERM'] !== 'dumb' && { status }),
    colors: pc.createColors(hasColors),
    mask,
  }
}

/** Whether an error says that nobody reads any more what is written. */
export function isClosedPipe(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'EPIPE'
}

/** Waits until what was written is taken; false when nobody takes it any more. */
async function isTaken(stream: Stream): Promise<boolean> {
  try {
    await once(stream, 'drain')
    return true
  } catch (error) {
    if (isClosedPipe(error)) return false
    throw error
  }
}

/** A live line that wraps cannot be erased. Some terminals say that they are 0 wide, and mean that they do not know. */
function cut(text: string, columns: number | undefined): string {
  const width = columns || 80
  return text.length < width ? text : `${text.slice(0, width - 2)}…`
}

/** @param stream whether this stream gets colour, judged by the NO_COLOR convention */
export function usesColor(stream: Stream, env: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}
