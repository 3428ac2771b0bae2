import { defineCommand, withWorkspace } from './definition.ts'
import type { RetireOptions } from './retire.ts'
import { STACK } from './shared-options.ts'

export const retire = defineCommand({
  name: 'retire',
  summary: 'end an application: show who uses it, disable its sign-in, wait, delete it',
  argument: { name: 'app', description: 'name of the application in the declaration' },
  options: [
    STACK,
    {
      flags: '--after <time>',
      description: 'delete it so long after its sign-in was disabled (default: as declared, else 30d)',
    },
    { flags: '--unused-for <time>', description: 'refuse while it was used within', default: '30d' },
    { flags: '--force', description: 'go on although it was used, or its use is not known' },
    { flags: '--cancel', description: 'give it up: the application gets tokens again' },
    { flags: '-n, --dry-run', description: 'show who uses it and the next step, change nothing' },
    { flags: '--json', description: 'print the report as JSON' },
  ],
  run: async (options: RetireOptions, context) => {
    const { retireCommand } = await import('./retire.ts')
    return retireCommand(options, withWorkspace(context))
  },
})
