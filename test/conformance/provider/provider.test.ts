import { readFileSync } from 'node:fs'
import { specialSecretSig, specialSigKey, unknownValue } from '@pulumi/pulumi/runtime/rpc.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EntraAppsProvider } from '../../../scripts/provider/provider.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../../tenant/index.ts'
import { type Rehearsal, type RehearsedApp, rehearse } from '../../support/rehearsal.ts'
import { portsOf } from '../proof/support.ts'

const HOST = 'contoso.sharepoint.com'
const URN = 'urn:pulumi:dev::files::entra-apps:index:AppRegistration$entra-apps:index:SitePermission::files'
const FINANCE = `https://${HOST}/sites/finance`

const secret = (value: string) => ({ [specialSigKey]: specialSecretSig, value })

describe('the provider of permissions on sites', () => {
  let stage: Rehearsal
  let app: RehearsedApp
  let provider: EntraAppsProvider
  let env: NodeJS.ProcessEnv
  beforeAll(async () => {
    stage = await rehearse({
      deployerRoles: [...LEAST_PRIVILEGE_DEPLOYER_ROLES, 'Sites.FullControl.All'],
    })
    const { tenant } = stage
    env = {
      ARM_METADATA_HOSTNAME: new URL(tenant.url).host,
      ARM_TENANT_ID: tenant.tenantId,
      ARM_CLIENT_ID: tenant.deployer.clientId,
      ARM_CLIENT_SECRET: readFileSync(tenant.deployer.secretFile, 'utf8').trim(),
    }
    provider = new EntraAppsProvider(env, () => portsOf(tenant))
    app = await stage.app({ displayName: 'Files' })
  })
  afterAll(() => stage?.close())

  const inputs = (change: object = {}) => ({
    siteUrl: FINANCE,
    clientId: app.clientId,
    displayName: 'Files',
    role: 'read' as const,
    tenantId: stage.tenant.tenantId,
    ...change,
  })
  const rolesOf = async (id: string) => (await stage.graph('GET', `/sites/${id}`))['roles']
  const create = (change?: object) => provider.create(URN, inputs(change))

  it('grants, reads, changes and removes a role; one that is gone already is fine', async () => {
    const { id, outs } = await create()
    expect(id).toMatch(/^contoso\.sharepoint\.com,[^/]+\/permissions\/[^/]+$/)
    expect(outs).toEqual(inputs())
    expect(await provider.read(id, URN, outs)).toEqual({ id, props: inputs(), inputs: inputs() })
    await provider.update(id, URN, outs, inputs({ role: 'write' }))
    expect(await rolesOf(id)).toEqual(['write'])
    expect(await provider.read(id, URN, outs)).toMatchObject({ props: { role: 'write' } })
    await provider.delete(id, URN, outs)
    expect(await provider.read(id, URN, outs)).toEqual({ id: '', props: {} })
    await provider.delete(id, URN, outs)
  })

  it('imports by the id alone, and takes over what the site grants already', async () => {
    const { id } = await create()
    expect(await provider.read(id, URN, {})).toMatchObject({ inputs: inputs() })
    expect(await create({ role: 'manage' })).toMatchObject({ id })
    expect(await rolesOf(id)).toEqual(['manage'])
    await provider.delete(id, URN, inputs())
  })

  it('grants on the root site', async () => {
    const { id } = await create({ siteUrl: `https://${HOST}` })
    expect(await rolesOf(id)).toEqual(['read'])
    await provider.delete(id, URN, inputs())
  })

  it('replaces for another site, application or tenant, changes the role, and leaves a name alone', async () => {
    const diff = (change: object) => provider.diff('id', URN, inputs(), inputs(change))
    expect(await diff({ siteUrl: `https://${HOST}/sites/projects` })).toEqual({
      changes: true,
      replaces: ['siteUrl'],
    })
    expect(await diff({ clientId: app.objectId })).toEqual({ changes: true, replaces: ['clientId'] })
    expect(await diff({ role: 'write' })).toEqual({ changes: true, replaces: [] })
    const spelling = { displayName: 'Other', siteUrl: FINANCE.toUpperCase().replace('HTTPS', 'https') }
    expect(await diff(spelling)).toEqual({ changes: false, replaces: [] })
  })

  it('refuses each mistake by its property and how to fix it, and waits for what a preview does not know yet', async () => {
    const check = async (change: object) => (await provider.check(URN, {}, inputs(change))).failures
    expect(await check({})).toEqual([])
    expect(await check({ role: 'writ', siteUrl: `${FINANCE}/`, clientId: 'files', rolle: 'read' })).toEqual([
      { property: 'siteUrl', reason: expect.stringMatching(/without a slash in the end, .* → change /) },
      { property: 'clientId', reason: expect.stringMatching(/^an id is a GUID such as .* → change "files"/) },
      {
        property: 'role',
        reason: 'the value is not one of the accepted ones. → did you mean "write".',
      },
      { property: 'rolle', reason: 'there is no setting "rolle" here. → did you mean "role".' },
    ])
    const mistaken = await check({ clientId: secret('not-to-be-seen'), siteUrl: secret('not-to-be-seen') })
    expect(mistaken.map(({ property }) => property)).toEqual(['siteUrl', 'clientId'])
    expect(JSON.stringify(mistaken)).not.toContain('not-to-be-seen')
    expect(await check({ siteUrl: unknownValue, clientId: secret(unknownValue) })).toEqual([])
  })

  it('is of the tenant that the environment names where the program names none', async () => {
    const { tenantId, ...rest } = inputs()
    expect(await provider.check(URN, {}, rest)).toEqual({ inputs: inputs(), failures: [] })
    expect((await new EntraAppsProvider({}).check(URN, {}, rest)).failures).toEqual([
      {
        property: 'tenantId',
        reason: 'no tenant is named. → set tenantId, or the environment variable ARM_TENANT_ID.',
      },
    ])
  })

  it('keeps a secret one, and reads its value', async () => {
    const marked = inputs({ clientId: secret(app.clientId) })
    expect(await provider.check(URN, {}, marked)).toEqual({ inputs: marked, failures: [] })
    const { id, outs } = await create({ clientId: secret(app.clientId) })
    expect(outs).toEqual(marked)
    expect(await provider.read(id, URN, outs)).toEqual({ id, props: marked, inputs: marked })
    expect(await provider.diff(id, URN, outs, inputs())).toEqual({ changes: false, replaces: [] })
    await provider.delete(id, URN, outs)
    expect(await provider.read(id, URN, outs)).toEqual({ id: '', props: {} })
  })

  it('waits while Graph throttles, and while it lags behind', async () => {
    const { control } = stage.tenant
    control.addFault({ effect: 'throttle', retryAfter: '7s', on: { service: 'graph' }, times: 2 })
    control.setLag('20s')
    const { url, graphUrl } = stage.tenant
    const real = portsOf({ url, graphUrl })
    const lagging = new EntraAppsProvider(env, () => ({
      ...real,
      sleep: async (ms: number) => void control.clock.advance(ms),
    }))
    const { id } = await lagging.create(URN, inputs())
    expect(control.faults().map(({ hits }) => hits)).toEqual([2])
    control.setLag(0)
    expect(await rolesOf(id)).toEqual(['read'])
    await provider.delete(id, URN, inputs())
  })

  it('says what the deployer lacks, what site there is not, and what is no id', async () => {
    const { message } = await create({ siteUrl: `https://${HOST}/sites/nowhere` }).catch((error) => error)
    expect(message).toMatch(/^the site https:\/\/contoso\.sharepoint\.com\/sites\/nowhere: /)
    const least = await rehearse()
    const { tenant } = least
    const poor = new EntraAppsProvider(
      {
        ARM_METADATA_HOSTNAME: new URL(tenant.url).host,
        ARM_TENANT_ID: tenant.tenantId,
        ARM_CLIENT_ID: tenant.deployer.clientId,
        ARM_CLIENT_SECRET: readFileSync(tenant.deployer.secretFile, 'utf8').trim(),
      },
      () => portsOf(tenant),
    )
    const refused = await poor.create(URN, inputs({ tenantId: tenant.tenantId })).catch((error) => error)
    expect(refused).toMatchObject({ name: 'ProviderError', status: 403 })
    expect(refused.message).toContain('grant the deployer the permission that this needs')
    expect(refused.message).toContain('Sites.FullControl.All')
    expect(refused.message).not.toContain(env['ARM_CLIENT_SECRET'])
    await least.close()
    await expect(provider.read('nonsense', URN, {})).rejects.toThrow(
      'is not the id of a permission on a site',
    )
  })
})
