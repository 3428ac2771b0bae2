import { defineCommand, withWorkspace } from './definition.ts'
import type { MoveOptions } from './move.ts'
import { STACK } from './shared-options.ts'

export const move = defineCommand({
  name: 'move',
  summary: 'move applications to another stack with state, ledger and declaration; the tenant stays as it is',
  argument: { name: 'app', description: 'applications and identities to move', several: true },
  options: [
    STACK,
    { flags: '--to <stack>', description: 'the stack of the project that they move to' },
    {
      flags: '--dry-run',
      description: 'show what would be moved and the files as they would be, write nothing',
    },
    { flags: '--json', description: 'print the report as JSON (docs/schemas/move-report.schema.json)' },
  ],
  run: async (options: MoveOptions, context) => {
    const { moveCommand } = await import('./move.ts')
    return moveCommand(options, withWorkspace(context))
  },
})
