import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PYTHON_SDK } from '../../../scripts/docs/clients/python-sdk.ts'
import { describeClient, INSTALL_TIMEOUT } from '../../support/clients/describe.ts'
import { pythonPackages } from '../../support/clients/install.ts'
import { checkPrinted, runText } from '../../support/clients/run.ts'
import { type ClientTenant, expectNoGaps, openClientTenant } from '../../support/clients/signed-in.ts'
import { REPOSITORY } from '../../support/stage.ts'

describeClient(PYTHON_SDK, 'python3', () => {
  const packages = PYTHON_SDK.version.split(', ').map((each) => each.replace(' ', '=='))
  let venv: string
  let at: ClientTenant

  beforeAll(async () => {
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

  it('passes the tests of the example', async () => {
    const example = join(REPOSITORY, 'examples/testing-python')
    expect(readFileSync(join(example, 'requirements.txt'), 'utf8').trim().split('\n')).toEqual(packages)
    const command = `${process.execPath} ${join(REPOSITORY, 'scripts/main.js')}`
    const env = { PATH: process.env['PATH'], HOME: at.home, ENTRA_APPS: command }
    await runText(join(venv, 'bin', 'python'), ['-B', '-m', 'unittest'], { cwd: example, env })
  })
})
