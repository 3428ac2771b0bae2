import { join } from 'node:path'
import { afterAll, beforeAll, it } from 'vitest'
import { AZURE_CLI } from '../../../scripts/docs/clients/azure-cli.ts'
import { describeClient, INSTALL_TIMEOUT } from '../../support/clients/describe.ts'
import { pythonPackages } from '../../support/clients/install.ts'
import { runJson, runSteps, wordsOf } from '../../support/clients/run.ts'
import { type ClientTenant, expectNoGaps, openClientTenant } from '../../support/clients/signed-in.ts'

describeClient(AZURE_CLI, 'python3', () => {
  let venv: string
  let at: ClientTenant

  beforeAll(async () => {
    venv = await pythonPackages(`azure-cli-${AZURE_CLI.version}`, [`azure-cli==${AZURE_CLI.version}`])
    at = await openClientTenant()
  }, INSTALL_TIMEOUT)
  afterAll(() => at?.close())

  it('signs in and manages applications, service principals and people', async () => {
    const env = {
      PATH: process.env['PATH'],
      // Where it writes the certificates that it makes.
      HOME: at.home,
      AZURE_CONFIG_DIR: at.home,
      AZURE_CORE_COLLECT_TELEMETRY: 'no',
      // MSAL asks Microsoft's own cloud about hosts that it does not know, unless told not to.
      AZURE_CORE_INSTANCE_DISCOVERY: 'false',
      AZURE_CORE_ONLY_SHOW_ERRORS: 'yes',
      REQUESTS_CA_BUNDLE: at.tenant.caFile,
    }
    const names = {
      URL: at.tenant.url,
      // Another name for the host, by which `az rest` tells Resource Manager from Microsoft Graph.
      ARM: `https://127.0.0.1:${at.tenant.port}/arm`,
      TENANT: at.tenant.tenantId,
      DEPLOYER: at.tenant.deployer.clientId,
      SECRET_FILE: at.tenant.deployer.secretFile,
      CERTIFICATE_FILE: at.certificateFile,
      TOKEN: at.assertion,
    }
    await runSteps(AZURE_CLI.steps, names, (run, names) => {
      const [, ...words] = wordsOf(run, names)
      return runJson(join(venv, 'bin', 'az'), [...words, '--output', 'json'], { env })
    })
    expectNoGaps(at)
  })
})
