import type { AddOptions } from './add.ts'
import { defineCommand } from './definition.ts'
import { DRY_RUN, TEMPLATE } from './shared-options.ts'

export const add = defineCommand({
  name: 'add',
  summary: 'declare an application from a template: write its file in apps/',
  argument: { name: 'name', description: 'name of the application' },
  options: [TEMPLATE, DRY_RUN],
  synchronous: true,
  run: async (options: AddOptions, context) => (await import('./add.ts')).add(options, context),
})
