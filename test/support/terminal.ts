import pc from 'picocolors'
import { Mask } from '../../scripts/lib/mask.ts'
import type { Terminal } from '../../scripts/lib/terminal.ts'

/** A terminal that keeps what is written, as it came, without colours. */
export function recordingTerminal(): Terminal & { readonly printed: string[]; readonly noted: string[] } {
  const [printed, noted]: [string[], string[]] = [[], []]
  return {
    printed,
    noted,
    print: (text) => void printed.push(text),
    printAll: async (pieces) => void printed.push(...pieces),
    note: (text) => void noted.push(text),
    command: (text) => void noted.push(text),
    colors: pc.createColors(false),
    mask: new Mask(),
  }
}
