import { defineCommand } from './definition.ts'
import type { DoctorOptions } from './doctor.ts'
import { STACK } from './shared-options.ts'

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'run the pre-flight checks of a deployment, and list what the deployer lacks',
  options: [
    STACK,
    {
      flags: '--for <purpose>',
      description: 'what the deployer is about to do',
      choices: ['up', 'rotate'],
      default: 'up',
    },
    { flags: '--json', description: 'print the report as JSON (docs/schemas/doctor-report.schema.json)' },
  ],
  fleet: { single: [] },
  run: async (options: Omit<DoctorOptions, 'projectDir'>, { projectDir, env, terminal, signal }) =>
    (await import('./doctor.ts')).doctor({ ...options, projectDir }, env, terminal, signal),
})
