import { defineCommand, withWorkspace } from './definition.ts'
import { ALL_STACKS, SELECT_STACKS } from './fleet-options.ts'
import type { InventoryOptions } from './inventory.ts'

export const inventory = defineCommand({
  name: 'inventory',
  summary: 'list every application and service principal of the tenant, with findings; reads only',
  options: [
    {
      flags: '-s, --stack <names...>',
      description: 'stacks to look up what they manage (default: none)',
    },
    ...SELECT_STACKS,
    ALL_STACKS,
    { flags: '--json', description: 'print everything as JSON (docs/schemas/inventory-report.schema.json)' },
    { flags: '--csv', description: 'print every application as CSV' },
    { flags: '--markdown', description: 'print the findings as Markdown' },
    { flags: '--sarif', description: 'print the findings as a SARIF 2.1.0 log' },
    {
      flags: '--html <file>',
      description: 'write a page to search and filter, for a browser',
      isOutputFile: true,
    },
    { flags: '--suppress <file>', description: 'YAML list of suppressed findings: rule, appId, reason' },
    { flags: '--since <file>', description: 'show what changed since an earlier inventory (its --json)' },
    {
      flags: '--waves [applications]',
      description: 'plan waves (default: of 50) to replace credentials that no stack issued',
    },
    {
      flags: '--resolve',
      description: 'ask the DNS whether the hosts of redirect URIs exist',
    },
    {
      flags: '--checkpoint <file>',
      description: 'keep what was read in this file, and go on from there after an interruption',
    },
    {
      flags: '--fail-on <severity>',
      description: 'fail when a finding is at least so grave',
      choices: ['low', 'medium', 'high'],
    },
    {
      flags: '--expiring-within <time>',
      description: 'a credential that expires within is a finding',
      default: '30d',
    },
    { flags: '--max-lifetime <time>', description: 'longest lifetime of a secret', default: '366d' },
    {
      flags: '--unused-after <time>',
      description: 'what was not used for longer is a finding',
      default: '90d',
    },
  ],
  run: async (options: InventoryOptions, context) =>
    (await import('./inventory.ts')).inventory(options, withWorkspace(context)),
})
