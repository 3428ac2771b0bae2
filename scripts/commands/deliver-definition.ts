import { defineCommand, withWorkspace } from './definition.ts'
import type { DeliverOptions } from './deliver.ts'
import { SELECTION, STACK } from './shared-options.ts'

export const deliver = defineCommand({
  name: 'deliver',
  summary: 'write the current credentials to their declared targets, and confirm what is there',
  options: [STACK, ...SELECTION, { flags: '--json', description: 'print the report as JSON' }],
  fleet: { single: [] },
  run: async (options: DeliverOptions, context) => {
    const command = await import('./deliver.ts')
    return command.deliver(options, withWorkspace(context))
  },
})
