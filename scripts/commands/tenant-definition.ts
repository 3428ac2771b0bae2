import { InvalidArgumentError } from 'commander'
import { defineCommand } from './definition.ts'
import { DATA } from './shared-options.ts'
import type { TenantCommandOptions } from './tenant.ts'

type Options = Omit<TenantCommandOptions, 'projectDir'>

export const tenant = defineCommand({
  name: 'tenant',
  summary: 'run the local tenant in the foreground',
  options: [
    DATA,
    {
      flags: '-p, --port <number>',
      description: 'port to listen on (default: a free one)',
      parse: parsePort,
    },
    { flags: '-v, --verbose', description: 'log each request' },
    {
      flags: '--seed <file>',
      description: 'YAML file of users, groups, applications and sites to add (docs/local-tenant.md)',
    },
    {
      flags: '--ready-file <file>',
      description: 'write addresses and environment as JSON once it serves',
    },
    { flags: '--tenant-id <guid>', description: 'id of the tenant in a new data directory' },
    {
      flags: '--allow <permission...>',
      description: 'give the deployer more permissions of Graph, such as User.Read.All',
    },
    {
      flags: '--faults <file>',
      description: 'YAML script of clock, replication lag and faults (docs/local-tenant.md)',
    },
    {
      flags: '--lag <duration>',
      description: 'replication lag of every change, such as 30s (default: none)',
    },
  ],
  run: async (options: Options, { projectDir, terminal, signal }) => {
    const command = await import('./tenant.ts')
    return command.tenant({ ...options, projectDir }, terminal, signal)
  },
})

export const tenantEnv = defineCommand({
  name: 'tenant:env',
  summary: 'print the shell environment for the running local tenant: eval "$(npm run -s tenant:env)"',
  options: [DATA],
  run: async (options: Pick<Options, 'data'>, { projectDir, env, terminal, signal }) => {
    const command = await import('./tenant.ts')
    return command.tenantEnv({ ...options, projectDir }, env, terminal, signal)
  },
})

/** @throws InvalidArgumentError */
function parsePort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('a port is 0 to 65535.')
  return port
}
