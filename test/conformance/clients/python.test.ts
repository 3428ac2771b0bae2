import { join } from 'node:path'
import { afterAll, beforeAll, it } from 'vitest'
import { PYTHON_SDK } from '../../../scripts/docs/clients/python-sdk.ts'
import { describeClient, INSTALL_TIMEOUT } from '../../support/clients/describe.ts'
import { pythonPackages } from '../../support/clients/install.ts'
import { checkPrinted, runText } from '../../support/clients/run.ts'
import { type ClientTenant, expectNoGaps, openClientTenant } from '../../support/clients/signed-in.ts'

describeClient(PYTHON_SDK, 'python3', () => {
  let venv: string
  let at: ClientTenant

  beforeAll(async () => {
    const packages = PYTHON_SDK.version.split(', ').map((each) => each.replace(' ', '=='))
    venv = await pythonPackages(`python-${packages.join('-')}`, packages)
    at = await openClientTenant()
  }, INSTALL_TIMEOUT)
  afterAll(() => at?.close())

  it('signs in and manages applications', async () => {
    const program = join(import.meta.dirname, 'programs', 'sdk.py')
    const printed = await runText(join(venv, 'bin', 'python'), [program], { env: at.env })
    await checkPrinted(PYTHON_SDK.steps, {}, printed)
    expectNoGaps(at)
  })
})
