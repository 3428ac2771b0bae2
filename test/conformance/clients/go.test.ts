import { join } from 'node:path'
import { afterAll, beforeAll, it } from 'vitest'
import { GO_SDK } from '../../../scripts/docs/clients/go-sdk.ts'
import { describeClient, INSTALL_TIMEOUT } from '../../support/clients/describe.ts'
import { goProgram } from '../../support/clients/install.ts'
import { checkPrinted, runText } from '../../support/clients/run.ts'
import { type ClientTenant, expectNoGaps, openClientTenant } from '../../support/clients/signed-in.ts'

describeClient(GO_SDK, 'go', () => {
  let program: string
  let at: ClientTenant

  beforeAll(async () => {
    program = await goProgram(join(import.meta.dirname, 'programs', 'go'))
    at = await openClientTenant()
  }, INSTALL_TIMEOUT)
  afterAll(() => at?.close())

  it('signs in and manages applications', async () => {
    await checkPrinted(GO_SDK.steps, {}, await runText(program, [], { env: at.env }))
    expectNoGaps(at)
  })
})
