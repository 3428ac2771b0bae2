import { defineCommand } from './definition.ts'
import type { InitOptions } from './init.ts'
import { DRY_RUN, TEMPLATE } from './shared-options.ts'

export const init = defineCommand({
  name: 'init',
  summary: 'start a project in this directory: declaration, Pulumi files, pipeline; overwrite nothing',
  options: [
    { flags: '--app <name>', description: 'name of the first application (default: that of the directory)' },
    TEMPLATE,
    { flags: '--tenant <id>', description: 'tenant id, or "later" (default: later)' },
    {
      flags: '--state <place>',
      description:
        'where Pulumi keeps the state: local, azure-blob, s3, postgresql, pulumi-cloud (default: local)',
    },
    {
      flags: '--pipeline <service>',
      description: 'pipeline to write: github, azure, gitlab, none (default: none)',
    },
    { flags: '-s, --stack <name>', description: 'stack of the tenant (default: dev)' },
    { flags: '-y, --yes', description: 'ask nothing: take the default of every option that is not given' },
    DRY_RUN,
  ],
  startsProject: true,
  run: async (options: InitOptions, context) => (await import('./init.ts')).init(options, context),
})
