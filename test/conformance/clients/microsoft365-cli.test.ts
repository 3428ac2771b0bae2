import { join } from 'node:path'
import { afterAll, beforeAll, it } from 'vitest'
import { MICROSOFT_365_CLI } from '../../../scripts/docs/clients/microsoft365-cli.ts'
import { describeClient, INSTALL_TIMEOUT } from '../../support/clients/describe.ts'
import { npmPackage } from '../../support/clients/install.ts'
import { runJson, runSteps, wordsOf } from '../../support/clients/run.ts'
import { type ClientTenant, expectNoGaps, openClientTenant } from '../../support/clients/signed-in.ts'

describeClient(MICROSOFT_365_CLI, 'npm', () => {
  let program: string
  let at: ClientTenant

  beforeAll(async () => {
    const { version } = MICROSOFT_365_CLI
    const folder = await npmPackage(`m365-${version}`, `@pnp/cli-microsoft365@${version}`)
    program = join(folder, 'node_modules', '@pnp', 'cli-microsoft365', 'dist', 'index.js')
    at = await openClientTenant()
  }, INSTALL_TIMEOUT)
  afterAll(() => at?.close())

  it('signs in and manages applications, with their permissions', async () => {
    const env = {
      PATH: process.env['PATH'],
      // Where it keeps its connection and its settings.
      HOME: at.home,
      TENANT_URL: at.tenant.url,
      NODE_EXTRA_CA_CERTS: at.tenant.caFile,
    }
    const names = {
      TENANT: at.tenant.tenantId,
      DEPLOYER: at.tenant.deployer.clientId,
      SECRET: at.secret,
      CERTIFICATE_FILE: at.certificateFile,
    }
    const hosts = join(import.meta.dirname, 'programs', 'hosts.ts')
    await runSteps(MICROSOFT_365_CLI.steps, names, (run, names) => {
      const [, ...words] = wordsOf(run, names)
      const args = ['--import', hosts, program, ...words, '--output', 'json']
      return runJson(process.execPath, args, { env })
    })
    expectNoGaps(at)
  })
})
