import type { Readable } from 'node:stream'

/**
 * Reads a stream of text to its end.
 *
 * @param onLine told of each line as soon as it is whole, and of the rest at the end
 * @returns everything that came
 */
export async function readLines(stream: Readable, onLine: (line: string) => void): Promise<string> {
  let text = ''
  let open = ''
  for await (const chunk of stream.setEncoding('utf8')) {
    text += chunk
    const lines = `${open}${chunk}`.split('\n')
    open = lines.pop() ?? ''
    for (const line of lines) onLine(line.replace(/\r$/, ''))
  }
  if (open) onLine(open)
  return text
}
