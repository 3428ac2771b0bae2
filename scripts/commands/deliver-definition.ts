import { defineCommand, inWorkspace } from './definition.ts'
import type { DeliverOptions } from './deliver.ts'
import { STACK } from './shared-options.ts'

export const deliver = defineCommand({
  name: 'deliver',
  summary: 'write the current credentials to their declared targets, and confirm what is there',
  options: [
    STACK,
    { flags: '-a, --app <name>', description: 'only this application' },
    { flags: '--secret <name>', description: 'only secrets and certificates of this name' },
    { flags: '--json', description: 'print the report as JSON' },
  ],
  run: async (options: DeliverOptions, context) => {
    const command = await import('./deliver.ts')
    return command.deliver(options, await inWorkspace(context))
  },
})
