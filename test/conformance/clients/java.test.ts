import { join } from 'node:path'
import { afterAll, beforeAll, it } from 'vitest'
import { JAVA_SDK } from '../../../scripts/docs/clients/java-sdk.ts'
import { describeClient, INSTALL_TIMEOUT } from '../../support/clients/describe.ts'
import { javaProgram, javaTrustStore } from '../../support/clients/install.ts'
import { checkPrinted, runText } from '../../support/clients/run.ts'
import { type ClientTenant, expectNoGaps, openClientTenant } from '../../support/clients/signed-in.ts'

describeClient(JAVA_SDK, 'mvn', () => {
  let folder: string
  let trustStore: readonly string[]
  let at: ClientTenant

  beforeAll(async () => {
    folder = await javaProgram(join(import.meta.dirname, 'programs', 'java'))
    at = await openClientTenant()
    trustStore = await javaTrustStore(at.tenant.caFile, join(at.home, 'trust.p12'))
  }, INSTALL_TIMEOUT)
  afterAll(() => at?.close())

  it('signs in and manages applications', async () => {
    const args = [...trustStore, '-cp', `${folder}/classes:${folder}/lib/*`, 'Sdk']
    await checkPrinted(JAVA_SDK.steps, {}, await runText('java', args, { env: at.env }))
    expectNoGaps(at)
  })
})
