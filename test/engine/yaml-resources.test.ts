import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { ensureEngine, ensureYamlHost, installYamlHost } from '../../engine/index.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../tenant/index.ts'
import { deployerGraph, trust } from '../support/rehearsal.ts'
import { type Ended, openStage, type Stage } from '../support/stage.ts'

const HOST = 'contoso.sharepoint.com'
const FINANCE = `https://${HOST}/sites/finance`
const PROJECTS = `https://${HOST}/sites/projects`

/** An application that somebody registered elsewhere, with two certificates to sign SAML tokens. */
interface Elsewhere {
  readonly clientId: string
  readonly principalId: string
  readonly thumbprints: readonly [string, string]
}

/** The resources of our own provider, across the boundary of a process and without the component. */
describe.sequential('resources of the package in a program of Pulumi YAML', () => {
  let stage: Stage
  let graph: Awaited<ReturnType<typeof deployerGraph>>
  let elsewhere: Elsewhere
  beforeAll(async () => {
    stage = await openStage({ deployerRoles: [...LEAST_PRIVILEGE_DEPLOYER_ROLES, 'Sites.FullControl.All'] })
    trust(stage.tenant.caPem)
    graph = await deployerGraph(stage.tenant)
    const host = await ensureYamlHost(await ensureEngine(), { log: console.error })
    installYamlHost(stage.env['PULUMI_HOME'] ?? '', host)
    elsewhere = await register()
    await program({})
    ok(await stage.pulumi('stack', 'init', 'test'))
  })
  afterAll(() => stage?.close())

  const ok = ({ code, output }: Ended) => expect(code, output).toBe(0)

  async function register(): Promise<Elsewhere> {
    const { appId } = await graph('POST', '/applications', { displayName: 'Payroll' })
    const { id } = await graph('POST', '/servicePrincipals', { appId })
    const certificate = async () =>
      String((await graph('POST', `/servicePrincipals/${id}/addTokenSigningCertificate`, {}))['thumbprint'])
    return {
      clientId: String(appId),
      principalId: String(id),
      thumbprints: [await certificate(), await certificate()],
    }
  }

  const program = (resources: Readonly<Record<string, unknown>>) =>
    writeFile(join(stage.dir, 'Pulumi.yaml'), stringify({ name: 'resources', runtime: 'yaml', resources }))

  const site = (change: object = {}, options: object = {}) => ({
    type: 'entra-apps:SitePermission',
    properties: {
      siteUrl: FINANCE,
      clientId: elsewhere.clientId,
      displayName: 'Payroll',
      role: 'read',
      ...change,
    },
    options,
  })
  /** @param which of the two; it is told as a secret, as the output of another resource may be one */
  const signing = (which: 0 | 1) => ({
    type: 'entra-apps:ActiveSigningCertificate',
    properties: {
      servicePrincipalId: elsewhere.principalId,
      thumbprint: { 'fn::secret': elsewhere.thumbprints[which] },
    },
  })
  /** A list leaves the roles out, as Graph does. */
  const permissions = async (path: string) => {
    const { value } = await graph('GET', `/sites/${HOST}:${path}:/permissions`)
    const each = (value as { id: string }[]).map(({ id }) =>
      graph('GET', `/sites/${HOST}:${path}:/permissions/${id}`),
    )
    return (await Promise.all(each)) as { id: string; roles: string[] }[]
  }
  const roles = async () => (await permissions('/sites/finance')).map((each) => each.roles)
  const active = async () =>
    (await graph('GET', `/servicePrincipals/${elsewhere.principalId}`))['preferredTokenSigningKeyThumbprint']
  const isStill = async () => {
    ok(await stage.pulumi('up', '--yes', '--expect-no-changes'))
    ok(await stage.pulumi('refresh', '--yes', '--expect-no-changes'))
  }

  it('refuse mistakes by resource, property and fix, before anything changes', async () => {
    await program({ finance: site({ role: 'writ', siteUrl: `${FINANCE}/` }), signing: signing(0) })
    const { code, output } = await stage.pulumi('up', '--yes')
    expect(code, output).not.toBe(0)
    expect(output).toMatch(/SitePermission resource 'finance': property role .*did you mean "write"/)
    expect(output).toMatch(/SitePermission resource 'finance': property siteUrl .*without a slash in the end/)
    expect(output).not.toMatch(/^\s+at /m)
    expect([await roles(), await active()]).toEqual([[], null])
  })

  it('name the place of a mistake in the name of a component', async () => {
    const misnamed = { type: 'entra-apps:AppRegistration', properties: { displayName: 'Files' } }
    await program({ File_Manager: misnamed })
    const { code, output } = await stage.pulumi('preview')
    expect(code, output).not.toBe(0)
    expect(output).toMatch(/ name: names are lower-case letters.*\n.*rename it/)
  })

  it('come up in the tenant of the environment, and are left alone by a second run and a refresh', async () => {
    await program({ finance: site(), signing: signing(0) })
    ok(await stage.pulumi('up', '--yes'))
    expect([await roles(), await active()]).toEqual([[['read']], elsewhere.thumbprints[0]])
    await isStill()
    expect(await stage.state()).not.toContain(elsewhere.thumbprints[0])
  })

  it('are changed in place, and what was changed by hand is put back', async () => {
    const [before] = await permissions('/sites/finance')
    await program({ finance: site({ role: 'write' }), signing: signing(1) })
    ok(await stage.pulumi('up', '--yes'))
    expect(await permissions('/sites/finance')).toMatchObject([{ id: before?.id, roles: ['write'] }])
    expect(await active()).toBe(elsewhere.thumbprints[1])
    const path = `/sites/${HOST}:/sites/finance:/permissions/${before?.id}`
    await graph('PATCH', path, { roles: ['fullcontrol'] })
    ok(await stage.pulumi('up', '--yes', '--refresh'))
    expect(await roles()).toEqual([['write']])
  })

  it('are imported by their ids', async () => {
    const { id: siteId } = await graph('GET', `/sites/${HOST}:/sites/projects`)
    const { id } = await graph('POST', `/sites/${siteId}/permissions`, {
      roles: ['manage'],
      grantedToIdentities: [{ application: { id: elsewhere.clientId, displayName: 'Payroll' } }],
    })
    const projects = { siteUrl: PROJECTS, role: 'manage' }
    await program({
      finance: site({ role: 'write' }),
      projects: site(projects, { import: `${siteId}/permissions/${id}` }),
      signing: signing(1),
    })
    const imported = await stage.pulumi('up', '--yes')
    ok(imported)
    expect(imported.output).toMatch(/1 imported/)
    await isStill()
  })

  it('are replaced for another site, and go with the stack', async () => {
    await program({ finance: site({ siteUrl: `https://${HOST}` }), signing: signing(1) })
    ok(await stage.pulumi('up', '--yes'))
    expect([await roles(), await permissions('/sites/projects')]).toEqual([[], []])
    ok(await stage.pulumi('destroy', '--yes'))
    expect(await active()).toBeNull()
  })
})
