import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import { verify } from '../../../scripts/proof/public.ts'
import { PLAIN_APP } from '../../support/app-outputs.ts'
import { type Rehearsal, type RehearsedApp, rehearse } from '../../support/rehearsal.ts'

const DAY_MS = 86_400_000

describe('verify of entra-apps/verify, with the outputs of a program', { timeout: 60_000 }, () => {
  let stage: Rehearsal
  let app: RehearsedApp
  beforeAll(async () => {
    stage = await rehearse()
    app = await stage.app({ roles: ['User.Read.All'] })
  })
  afterAll(() => stage?.close())

  const env = () => ({
    ARM_METADATA_HOSTNAME: new URL(stage.tenant.url).host,
    ARM_TENANT_ID: stage.tenant.tenantId,
    ARM_CLIENT_ID: stage.tenant.deployer.clientId,
    ARM_CLIENT_SECRET: readFileSync(stage.tenant.deployer.secretFile, 'utf8').trim(),
  })
  /** As the Automation API gives them. */
  function outputs() {
    const { clientId, objectId, servicePrincipalId, secret } = app
    const endDate = new Date(Date.now() + 60 * DAY_MS).toISOString()
    const graph = {
      appId: MICROSOFT_GRAPH_APP_ID,
      application: ['User.Read.All'],
      delegated: [],
      roleIds: {},
    }
    const issued = { generation: 1, phase: 'current', keyId: secret.keyId, displayName: 'test', endDate }
    const facts = {
      ...PLAIN_APP,
      ...{ tenantId: stage.tenant.tenantId, clientId, objectId, servicePrincipalId },
      permissions: { 'Microsoft Graph': graph },
      secrets: { main: [issued] },
    }
    return {
      apps: { value: { files: facts }, secret: false },
      ledger: { value: {}, secret: false },
      secretValues: { value: { files: { main: { 1: secret.value } } }, secret: true },
    }
  }

  it('proves every credential, and fails for one that expires too soon', async () => {
    const report = await verify({ outputs: outputs(), env: env() })
    expect(report, JSON.stringify(report)).toMatchObject({ verdict: 'proved', summary: { credentials: 1 } })
    expect(JSON.stringify(report)).not.toContain(app.secret.value)
    const soon = await verify({ outputs: outputs(), env: env(), failWithinMs: 90 * DAY_MS })
    expect(soon.verdict).toBe('wrong')
  })

  it('compares the registration in the directory where that is asked for', async () => {
    const report = await verify({ outputs: outputs(), env: env(), live: true })
    expect(report.verdict).toBe('wrong')
    expect(JSON.stringify(report.apps[0]?.checks)).toContain('missing: Files; not declared: test-')
  })
})
