import type { ConfigShowOptions } from './config-show.ts'
import { defineCommand } from './definition.ts'

export const configShow = defineCommand({
  name: 'config show',
  summary: 'print every setting as it is deployed, with the file and line where it is written',
  options: [
    {
      flags: '-s, --stack <name>',
      description: 'stack (default: PULUMI_STACK, else the only one of the project)',
    },
    { flags: '-a, --app <name>', description: 'one application (default: all)' },
    { flags: '--json', description: 'print the settings as JSON' },
  ],
  synchronous: true,
  run: async (options: Omit<ConfigShowOptions, 'projectDir'>, { projectDir, env, terminal }) =>
    (await import('./config-show.ts')).configShow({ ...options, projectDir }, env, terminal),
})
