import pc from 'picocolors'
import { asInvoked } from '../../lib/invocation.ts'

type Stream = NodeJS.WriteStream & { fd: number }

/** Where a command writes: results to stdout, everything about the way there to stderr. */
export interface Terminal {
  /** Writes a line of the result. */
  readonly print: (text: string) => void
  /** Writes a line about progress. */
  readonly note: (text: string) => void
  /** Replaces the live line, or with '' takes it away. Absent where nobody watches: write few, whole lines there. */
  readonly status?: (text: string) => void
  readonly colors: ReturnType<typeof pc.createColors>
}

/** Back to the start of the line, and erase what is there (ECMA-48). */
const ERASE_LINE = '\r\u001b[2K'

/** A terminal on the process's own streams: colour only where a person looks, and never with NO_COLOR. */
export function processTerminal(stdout: Stream = process.stdout, stderr: Stream = process.stderr): Terminal {
  let live = false
  const aside = () => {
    if (live) stderr.write(ERASE_LINE)
    live = false
  }
  const status = (text: string) => {
    aside()
    if (text) stderr.write(cut(text, stderr.columns))
    live = text !== ''
  }
  return {
    print: (text) => {
      aside()
      stdout.write(`${asInvoked(text)}\n`)
    },
    note: (text) => {
      aside()
      stderr.write(`${asInvoked(text)}\n`)
    },
    ...(stderr.isTTY === true && process.env['TERM'] !== 'dumb' && { status }),
    colors: pc.createColors(usesColor(stdout)),
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
