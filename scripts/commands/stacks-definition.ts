import { defineCommand } from './definition.ts'
import { SELECT_STACKS } from './fleet-options.ts'
import { parseCount } from './shared-options.ts'
import type { StacksOptions } from './stacks.ts'

export const stacks = defineCommand({
  name: 'stacks',
  summary: 'list every stack: tenant, applications, last deployment, what is due',
  options: [
    ...SELECT_STACKS,
    { flags: '--declared', description: 'from the files alone: no engine, no state, no login' },
    { flags: '--json', description: 'print the list as JSON' },
    {
      flags: '--matrix <service>',
      description: 'print the matrix of a pipeline instead, one stack a job, from the files alone',
      choices: ['github', 'azure', 'gitlab'],
      conflicts: 'json',
    },
    {
      flags: '--summary <dir>',
      description: 'sum up instead what the jobs of a pipeline printed with --json, one stack a job',
      conflicts: 'matrix',
    },
    { flags: '--markdown <file>', description: 'with --summary: write it as Markdown', isOutputFile: true },
    { flags: '--junit <file>', description: 'with --summary: write it as JUnit XML', isOutputFile: true },
    {
      flags: '--parallel <count>',
      description: 'with --matrix github: jobs at a time (default: 20)',
      parse: parseCount,
    },
  ],
  run: async (options: StacksOptions, context) => (await import('./stacks.ts')).stacks(options, context),
})
