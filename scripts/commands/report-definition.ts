import { defineCommand, withWorkspace } from './definition.ts'
import type { ReportCommandOptions } from './report.ts'
import { STACK } from './shared-options.ts'

export const report = defineCommand({
  name: 'report',
  summary: 'list every credential of the stack: generation, phase, age, expiry, proof, use, delivery',
  options: [
    STACK,
    {
      flags: '--fail-within <time>',
      description: 'fail when a current credential expires within, such as 30d',
    },
    { flags: '--json', description: 'print the report as JSON (docs/schemas/credential-report.schema.json)' },
    { flags: '--markdown <file>', description: 'write the report as Markdown', isOutputFile: true },
    {
      flags: '--html <file>',
      description: 'write one self-contained page with a timeline',
      isOutputFile: true,
    },
  ],
  fleet: { single: ['--html'] },
  run: async (options: ReportCommandOptions, context) => {
    const command = await import('./report.ts')
    return command.report(options, withWorkspace(context))
  },
})
