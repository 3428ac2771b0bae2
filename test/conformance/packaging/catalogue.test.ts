import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publishedApis } from '../../../microsoft/apis.ts'
import { catalogueChanges, catalogued, catalogueText } from '../../../packaging/catalogue.ts'
import { type Rehearsal, rehearse } from '../../support/rehearsal.ts'

const REPOSITORY = join(import.meta.dirname, '../../..')

describe('npm run catalogue', () => {
  let stage: Rehearsal
  let folder: string
  beforeAll(async () => {
    stage = await rehearse()
    folder = await mkdtemp(join(tmpdir(), 'entra-apps-catalogue-'))
  })
  afterAll(async () => {
    await stage?.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('writes from a tenant what the tenant publishes, with the day', async () => {
    const { tenant } = stage
    const env = {
      ...process.env,
      ARM_METADATA_HOSTNAME: new URL(tenant.url).host,
      ARM_TENANT_ID: tenant.tenantId,
      ARM_CLIENT_ID: tenant.deployer.clientId,
      ARM_CLIENT_SECRET: (await readFile(tenant.deployer.secretFile, 'utf8')).trim(),
      NODE_EXTRA_CA_CERTS: tenant.caFile,
    }
    const script = join(REPOSITORY, 'packaging/renew-catalogue.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [script, folder], { env })
    // The local tenant publishes the catalogue itself, so that nothing may change.
    for (const file of ['microsoft-graph.json', 'microsoft-apis.json']) {
      const bundled = await readFile(join(REPOSITORY, 'microsoft/permissions', file), 'utf8')
      expect(await readFile(join(folder, file), 'utf8')).toBe(bundled)
    }
    const { asOf } = JSON.parse(await readFile(join(folder, 'catalogue.json'), 'utf8'))
    expect(asOf).toBe(new Date().toISOString().slice(0, 10))
    expect(stdout).toMatch(/^Written\./)
  }, 60_000)

  it('takes what can be granted, and says what changes', () => {
    const [graph] = publishedApis()
    const permission = { value: 'New.Read.All', id: 'AAAAAAAA-0000-4000-8000-000000000001', isEnabled: true }
    const renewed = catalogued(graph!, {
      displayName: 'Microsoft Graph',
      appRoles: [
        { ...permission, allowedMemberTypes: ['Application'] },
        { ...permission, value: 'ForPeople', allowedMemberTypes: ['User'] },
        { ...permission, value: 'Gone', isEnabled: false, allowedMemberTypes: ['Application'] },
        { ...permission, value: null, allowedMemberTypes: ['Application'] },
      ],
      oauth2PermissionScopes: [{ ...permission, value: 'New.Read', type: 'User' }],
    })
    expect(renewed).toMatchObject({
      application: { 'New.Read.All': 'aaaaaaaa-0000-4000-8000-000000000001' },
      userConsent: ['New.Read'],
    })
    expect(Object.keys(renewed.application)).toEqual(['New.Read.All'])
    const changes = catalogueChanges(graph!, renewed)
    expect(changes).toContain('+ New.Read (delegated)')
    expect(changes).toContain('- User.Read.All (application)')
    expect(catalogueText({ a: 1 })).toBe('{\n "a": 1\n}\n')
  })
})
