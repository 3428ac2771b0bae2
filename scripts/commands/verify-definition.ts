import { defineCommand, withWorkspace } from './definition.ts'
import { parseCount, STACK } from './shared-options.ts'
import type { VerifyFromEnvOptions, VerifyOptions } from './verify.ts'

type Options = VerifyOptions & VerifyFromEnvOptions & { readonly fromEnv?: boolean }

export const verify = defineCommand({
  name: 'verify',
  summary: 'prove every credential of the stack: token, permissions, consent, Graph',
  options: [
    { flags: '-a, --app <name...>', description: 'only these applications and identities' },
    {
      flags: '--identity <name...>',
      description: 'on the own host of these identities: prove a token of each, too',
    },
    {
      flags: '--deadline <time>',
      description: 'how long to wait for what may be replication (default: 10m; 0s: not at all)',
    },
    {
      flags: '--successes <count>',
      description: 'successes in a row that prove it (default: 1; 3 within an hour of a change)',
      parse: parseCount,
    },
    {
      flags: '--fail-within <time>',
      description: 'fail when a credential expires within, such as 30d (default: warn within 30d)',
    },
    { flags: '--no-probes', description: 'tokens only, no Graph calls' },
    { flags: '--write-probes', description: 'also run declared probes that write' },
    {
      flags: '--certificate <file...>',
      description:
        'private keys of given certificates, PEM or PFX (AZURE_CLIENT_CERTIFICATE_PASSWORD), to prove these too',
    },
    {
      flags: '--live',
      description: 'compare the registrations in the directory, and list foreign and orphaned secrets',
    },
    { flags: '--strict', description: 'warnings count as failures' },
    {
      flags: '--await-consent',
      description: "wait for an administrator's consent until the deadline",
    },
    {
      flags: '--concurrency <count>',
      description: 'credentials proved at the same time (default: 16)',
      parse: parseCount,
    },
    { flags: '--json', description: 'print the report as JSON (docs/schemas/proof-report.schema.json)' },
    { flags: '--junit <file>', description: 'write the report as JUnit XML', isOutputFile: true },
    { flags: '--markdown <file>', description: 'write the report as Markdown', isOutputFile: true },
    {
      flags: '--from-env',
      description: 'without Pulumi: prove AZURE_TENANT_ID, AZURE_CLIENT_ID and the credential beside them',
    },
    {
      flags: '--expect <role...>',
      description: 'with --from-env: the exact permissions; <app id>=<role> for other APIs than Graph',
    },
    {
      flags: '--probe <request...>',
      description: 'with --from-env: Graph reads that must succeed, such as "GET /users?$top=1"',
    },
    {
      flags: '--changed-at <time>',
      description: 'with --from-env: when credential or consent were last changed (RFC 3339)',
    },
    STACK,
  ],
  fleet: { single: ['--from-env', '--expect', '--probe', '--changed-at'] },
  run: async (options: Options, context) => {
    const command = await import('./verify.ts')
    command.checkVerifyOptions(options)
    const { env, terminal, signal } = context
    if (options.fromEnv) return command.verifyFromEnv(options, env, terminal, signal)
    return command.verify(withWorkspace(context).openWorkspace, options, env, terminal, signal)
  },
})
