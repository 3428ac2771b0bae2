import type { AddOptions } from './add.ts'
import { defineCommand } from './definition.ts'
import { DRY_RUN } from './shared-options.ts'

export const add = defineCommand({
  name: 'add',
  summary: 'declare an application from a template: write its file in apps/',
  argument: { name: 'name', description: 'name of the application' },
  options: [
    {
      flags: '-t, --template <name>',
      description: 'daemon, web, spa, native, api, github-deployer, onedrive (default: daemon)',
    },
    DRY_RUN,
  ],
  synchronous: true,
  run: async (options: AddOptions, context) => (await import('./add.ts')).add(options, context),
})
