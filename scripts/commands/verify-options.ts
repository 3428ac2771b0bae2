import { type Command, InvalidArgumentError } from 'commander'

/** Describes `verify` to people: what it does, and each of its options. */
export function describeVerify(command: Command): Command {
  return command
    .description('prove every credential of the stack: token, permissions, consent, Graph')
    .option('-a, --app <name...>', 'only these applications')
    .option(
      '--deadline <time>',
      'how long to wait for what may be replication (default: 10m; 0s: not at all)',
    )
    .option(
      '--successes <count>',
      'successes in a row that prove it (default: 1; 3 within an hour of a change)',
      parseCount,
    )
    .option(
      '--fail-within <time>',
      'fail when a credential expires within, such as 30d (default: warn within 30d)',
    )
    .option('--no-probes', 'tokens only, no Graph calls')
    .option('--write-probes', 'also run declared probes that write')
    .option(
      '--certificate <file...>',
      'private keys of given certificates, PEM or PFX (AZURE_CLIENT_CERTIFICATE_PASSWORD), to prove these too',
    )
    .option('--live', 'compare the registrations in the directory, and list foreign and orphaned secrets')
    .option('--strict', 'warnings count as failures')
    .option('--await-consent', "wait for an administrator's consent until the deadline")
    .option('--parallel <count>', 'credentials asked about at the same time (default: 16)', parseCount)
    .option('--json', 'print the report as JSON (docs/schemas/proof-report.schema.json)')
    .option('--junit <file>', 'write the report as JUnit XML')
    .option('--markdown <file>', 'write the report as Markdown')
    .option(
      '--from-env',
      'without Pulumi: prove AZURE_TENANT_ID, AZURE_CLIENT_ID and the credential beside them',
    )
    .option(
      '--expect <role...>',
      'with --from-env: the exact permissions; <app id>=<role> for other APIs than Graph',
    )
    .option(
      '--probe <request...>',
      'with --from-env: Graph reads that must succeed, such as "GET /users?$top=1"',
    )
    .option('--changed-at <time>', 'with --from-env: when credential or consent were last changed (RFC 3339)')
}

function parseCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0) return count
  throw new InvalidArgumentError('it must be a whole number from 1.')
}
