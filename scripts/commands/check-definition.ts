import type { CheckOptions } from './check.ts'
import { defineCommand } from './definition.ts'

export const check = defineCommand({
  name: 'check',
  summary: 'check the declaration against every rule: no engine, no tenant, no network',
  options: [
    { flags: '-s, --stack <name>', description: 'stack (default: every stack of the project)' },
    { flags: '--json', description: 'print the report as JSON', conflicts: 'sarif' },
    { flags: '--sarif', description: 'print the report as a SARIF 2.1.0 log' },
  ],
  fleet: { single: ['--sarif'] },
  synchronous: true,
  run: async (options: Omit<CheckOptions, 'projectDir' | 'env'>, { projectDir, env, terminal }) =>
    (await import('./check.ts')).check({ ...options, projectDir, env }, terminal),
})
