import pc from 'picocolors'

type Stream = NodeJS.WriteStream & { fd: number }

/** Where a command writes: results to stdout, everything about the way there to stderr. */
export interface Terminal {
  /** Writes a line of the result. */
  readonly print: (text: string) => void
  /** Writes a line about progress. */
  readonly note: (text: string) => void
  readonly colors: ReturnType<typeof pc.createColors>
}

/** A terminal on the process's own streams: colour only where a person looks, and never with NO_COLOR. */
export function processTerminal(stdout: Stream = process.stdout, stderr: Stream = process.stderr): Terminal {
  return {
    print: (text) => stdout.write(`${text}\n`),
    note: (text) => stderr.write(`${text}\n`),
    colors: pc.createColors(usesColor(stdout)),
  }
}

/** @param stream whether this stream gets colour, judged by the NO_COLOR convention */
export function usesColor(stream: Stream, env: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}
