import { defineCommand, withWorkspace } from './definition.ts'
import type { RotateOptions } from './rotate.ts'
import { parseCount, SELECTION, STACK } from './shared-options.ts'

export const rotate = defineCommand({
  name: 'rotate',
  summary: 'rotate credentials that are due: issue, prove, deliver, promote; retire the old ones later',
  options: [
    STACK,
    ...SELECTION,
    { flags: '--now', description: 'rotate now, due or not' },
    {
      flags: '--revoke',
      description: 'the secret has leaked: rotate now, and retire the old one after a day at most',
    },
    {
      flags: '--immediately',
      description: 'with --revoke: retire it in this run; consumers that still use it lose access',
    },
    { flags: '--retire', description: 'only retire what is overdue' },
    {
      flags: '--prune',
      description: 'only delete secrets named like ours, and copies of our certificates, that no state knows',
    },
    { flags: '-n, --dry-run', description: 'show the plan, change nothing' },
    { flags: '--deadline <time>', description: 'how long to wait for a new secret to work (default: 10m)' },
    {
      flags: '--successes <count>',
      description: 'successes in a row that prove a new secret (default: 3)',
      parse: parseCount,
    },
    { flags: '--json', description: 'print plan and report as JSON' },
  ],
  fleet: { single: [] },
  run: async (options: RotateOptions, context) => {
    const { rotateCommand } = await import('./rotate.ts')
    return rotateCommand(options, withWorkspace(context))
  },
})
