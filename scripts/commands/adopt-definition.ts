import type { AdoptOptions } from './adopt.ts'
import { defineCommand, withWorkspace } from './definition.ts'
import { STACK } from './shared-options.ts'

export const adopt = defineCommand({
  name: 'adopt',
  summary:
    'take an existing registration into the stack: write its file in apps/, change nothing in the tenant',
  options: [
    STACK,
    { flags: '--client-id <id>', description: 'the registration with this application (client) id' },
    { flags: '--name <displayName>', description: 'the registration with this display name' },
    {
      flags: '--all-owned',
      description: 'every registration that the deployer owns and the stack does not have',
    },
    { flags: '--from <file>', description: 'several registrations of an inventory (its --json)' },
    {
      flags: '--match <condition...>',
      description: 'which of them: name=…, owner=…, rule=… or wave=…, * for any text; all must hold',
    },
    {
      flags: '-a, --app <name>',
      description: 'name in the declaration (default: derived from the display name)',
    },
    { flags: '--dry-run', description: 'show the file and what would be imported, write nothing' },
    {
      flags: '--json',
      description: 'print the report as JSON (docs/schemas/adoption-report.schema.json)',
    },
  ],
  run: async (options: AdoptOptions, context) => {
    const { adoptCommand } = await import('./adopt.ts')
    return adoptCommand(options, withWorkspace(context))
  },
})
