import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClientSecretCredential } from '@azure/identity'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalTenant, startTenant } from '../../../tenant/public.ts'
import { REPOSITORY } from '../../support/stage.ts'
import { terraformIn, terraformProvider } from '../../support/terraform.ts'

const provider = terraformProvider()
const missing = provider ? '' : ' (skipped: ENTRA_APPS_TERRAFORM_PROVIDER names no provider)'

describe.skipIf(!provider)(`Terraform with the azuread provider${missing}`, { timeout: 120_000 }, () => {
  let tenant: LocalTenant
  let dir: string
  beforeAll(async () => {
    tenant = await startTenant()
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-terraform-'))
    await cp(join(REPOSITORY, 'examples/testing-terraform'), dir, { recursive: true })
  })
  afterAll(async () => {
    await tenant?.close()
    if (dir) await rm(dir, { recursive: true, force: true })
  })

  it('applies the example, whose job gets a token with its role, and destroys it', async () => {
    const env = { PATH: process.env['PATH'], HOME: dir, ...tenant.env }
    const terraform = terraformIn(dir, provider ?? '', env)
    const applied = await terraform('apply', '-auto-approve')
    expect(applied.code, applied.output).toBe(0)
    const again = await terraform('plan', '-detailed-exitcode')
    expect(again.code, again.output).toBe(0)
    const shown = await terraform('output', '-json', 'job')
    const { client_id, secret, scope } = JSON.parse(shown.stdout)
    const credential = new ClientSecretCredential(
      tenant.tenantId,
      client_id,
      secret,
      tenant.settings.azureIdentity,
    )
    expect(decodeJwt((await credential.getToken(scope)).token)['roles']).toEqual(['Orders.Read.All'])
    const destroyed = await terraform('destroy', '-auto-approve')
    expect(destroyed.code, destroyed.output).toBe(0)
  })
})
