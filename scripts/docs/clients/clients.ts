import { AZURE_CLI } from './azure-cli.ts'
import type { Client, Step } from './client.ts'
import { GO_SDK } from './go-sdk.ts'
import { JAVA_SDK } from './java-sdk.ts'
import { MICROSOFT_365_CLI } from './microsoft365-cli.ts'
import { PYTHON_SDK } from './python-sdk.ts'

const CLIENTS: readonly Client[] = [AZURE_CLI, MICROSOFT_365_CLI, PYTHON_SDK, GO_SDK, JAVA_SDK]

/** Arguments that are longer stand as `'…'`. */
const LONGEST_ARGUMENT = 60

/** The section of docs/tenant-coverage.md: what the nightly tests run, with what comes of it. */
export function clientsSection(): string[] {
  return [
    '## Clients',
    '',
    'Clients that others make, each against a tenant of its own, unchanged and with the versions named here. The nightly tests install them,',
    'run each line in this order and compare its answer (`test/conformance/clients`); `@azure/msal-node`, `@azure/identity` and',
    '`@microsoft/microsoft-graph-client` are among the tests of every change. `$NAME` is a value from the set-up or from an earlier line,',
    'and "refused" what the client says when the line fails, as it has to. CLI for Microsoft 365 knows the addresses of Microsoft only; a module',
    'that is loaded before it leads them here, and with a certificate it cannot sign in so, since its assertion is for the public cloud.',
    '',
    '| client | version | command | result |',
    '|---|---|---|---|',
    ...CLIENTS.flatMap((client) => client.steps.map((step) => row(client, step))),
    '',
  ]
}

function row({ name, version }: Client, { run, refused, note }: Step): string {
  const command = run
    .replace(/'[^']*'/g, (argument) => (argument.length > LONGEST_ARGUMENT ? "'…'" : argument))
    .replaceAll('|', '\\|')
  const result = refused === undefined ? 'works' : `refused: "${refused}"`
  return `| ${name} | ${version} | \`${command}\` | ${note === undefined ? result : `${result}; ${note}`} |`
}
