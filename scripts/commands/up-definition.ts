import { defineCommand, withWorkspace } from './definition.ts'
import { STACK } from './shared-options.ts'
import type { UpOptions } from './up.ts'

export const up = defineCommand({
  name: 'up',
  summary: 'deploy the stack as declared, without questions',
  options: [
    STACK,
    { flags: '--preview', description: 'show what would change, change nothing' },
    {
      flags: '--policy-pack [dir]',
      description: 'enforce a policy pack (default: the one of entra-apps, docs/policy.md)',
    },
    { flags: '--policy-pack-config <file>', description: 'JSON file with the settings of its policies' },
  ],
  fleet: { single: [] },
  run: async (options: UpOptions, context) => {
    const command = await import('./up.ts')
    const { openWorkspace, terminal, signal } = withWorkspace(context)
    return command.up(openWorkspace, options, terminal, signal)
  },
})
