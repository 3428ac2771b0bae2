import { defineCommand } from './definition.ts'
import type { DemoOptions } from './demo.ts'
import type { DemoYearOptions } from './demo-year.ts'
import { DATA, parseCount } from './shared-options.ts'

type Options = Omit<DemoOptions & DemoYearOptions, 'projectDir'> & { readonly year?: boolean }

export const demo = defineCommand({
  name: 'demo',
  summary: 'start the local tenant, deploy, verify: everything on this computer',
  options: [
    DATA,
    {
      flags: '--year',
      description: 'rehearse a year of rotations instead, on a tenant of its own with its own clock',
    },
    {
      flags: '--days <count>',
      description: 'with --year: days to rehearse (default: 365)',
      parse: parseCount,
    },
    {
      flags: '--html <file>',
      description: 'with --year: the page to write (default: .entra-apps/year.html)',
      isOutputFile: true,
    },
  ],
  run: async ({ year, ...options }: Options, { projectDir, env, terminal, signal }) => {
    const run = year ? (await import('./demo-year.ts')).demoYear : (await import('./demo.ts')).demo
    return run({ ...options, projectDir }, env, terminal, signal)
  },
})
