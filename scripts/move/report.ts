import { z } from 'zod'
import type { Terminal } from '../lib/terminal.ts'

/** What was moved, or would be, as `--json` prints it. */
export const moveReport = z.object({
  schemaVersion: z.literal(1),
  source: z.string(),
  target: z.string(),
  dryRun: z.boolean().describe('Nothing was moved, nothing written'),
  entries: z.array(
    z.object({
      name: z.string(),
      section: z.enum(['apps', 'identities']),
      objects: z.number().int().describe('Number of objects in the state'),
      credentials: z.array(
        z.object({
          secret: z.string().describe('Name of the secret or certificate'),
          generation: z.number().int(),
          phase: z.enum(['issued', 'current', 'previous']),
        }),
      ),
    }),
  ),
  files: z
    .array(z.object({ file: z.string(), content: z.string() }))
    .describe('Files of the project that are written, as they are to be'),
})

export type MoveReport = z.infer<typeof moveReport>

/** The report for people. */
export function renderMove(report: MoveReport, colors: Terminal['colors']): string {
  const { source, target, dryRun, entries, files } = report
  const lines = entries.map(({ name, objects, credentials }) => {
    const live = credentials.map(({ secret, generation, phase }) => `${secret} g${generation} ${phase}`)
    return `  ${name}: ${objects} objects${live.length > 0 ? `; ${live.join(', ')}` : ''}`
  })
  const names = files.map(({ file }) => file).join(' and ')
  if (dryRun) {
    const contents = files.flatMap(({ file, content }) => ['', colors.bold(file), content.trimEnd()])
    return [`Would move from "${source}" to "${target}":`, ...lines, ...contents].join('\n')
  }
  return [
    colors.green(`Moved from "${source}" to "${target}"; nothing in the tenant was changed:`),
    ...lines,
    `Commit ${names} before anyone deploys either stack from another checkout.`,
  ].join('\n')
}
