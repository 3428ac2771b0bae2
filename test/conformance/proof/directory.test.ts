import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AppOutputs } from '../../../infra/contract/outputs.ts'
import { readDeclaration } from '../../../infra/rules/validate.ts'
import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import { checkEndpoints } from '../../../scripts/doctor/endpoints.ts'
import { judgeNeeds } from '../../../scripts/doctor/judge-needs.ts'
import { needsOf, planned } from '../../../scripts/doctor/needs.ts'
import { checkOwnership } from '../../../scripts/doctor/ownership.ts'
import { checkPolicy } from '../../../scripts/doctor/policy.ts'
import { openPorts, prove } from '../../../scripts/proof/index.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../../tenant/index.ts'
import { PLAIN_APP } from '../../support/app-outputs.ts'
import { deadUrl, type Rehearsal, type RehearsedApp, rehearse } from '../../support/rehearsal.ts'
import { endpointsOf, openAsDeployer, portsOf, QUICK, targetFor, wholeSecond } from './support.ts'

describe('verify --live', { timeout: 60_000 }, () => {
  let stage: Rehearsal
  beforeAll(async () => {
    stage = await rehearse()
  })
  afterAll(() => stage.close())

  /** What a stack would know of an application that is exactly as declared. */
  function factsOf(app: RehearsedApp, displayName: string, endDate: string): AppOutputs {
    return {
      ...PLAIN_APP,
      displayName,
      tenantId: stage.tenant.tenantId,
      clientId: app.clientId,
      objectId: app.objectId,
      servicePrincipalId: app.servicePrincipalId,
      secrets: {
        main: [{ generation: 1, phase: 'current', keyId: app.secret.keyId, displayName: 'Main g1', endDate }],
      },
    }
  }

  async function survey(tamper: (app: RehearsedApp) => Promise<unknown>) {
    const displayName = `drift-${Math.random()}`
    const app = await stage.app({ displayName })
    const read = await stage.graph('GET', `/applications/${app.objectId}`)
    const [secret] = read['passwordCredentials'] as { endDateTime: string }[]
    const ownersOf = async (path: string) => {
      const { value } = await stage.graph('GET', `${path}/owners`)
      return (value as { id: string }[]).map(({ id }) => id)
    }
    const facts = {
      ...factsOf(app, displayName, secret!.endDateTime),
      ownerIds: {
        application: await ownersOf(`/applications/${app.objectId}`),
        servicePrincipal: await ownersOf(`/servicePrincipals/${app.servicePrincipalId}`),
      },
    }
    await tamper(app)
    const target = {
      app: 'app',
      displayName,
      tenantId: facts.tenantId,
      clientId: facts.clientId,
      facts,
      credentials: [{ target: targetFor(stage.tenant, app, []) }],
    }
    const directory = await openAsDeployer(stage.tenant)
    const report = await prove([target], portsOf(stage.tenant), { directory, live: true, noProbes: true })
    const checks = report.apps[0]!.checks.filter(({ status }) => status !== 'passed')
    return {
      verdict: report.verdict,
      found: checks.map(({ name, explanation, status }) => [name, explanation?.code ?? status]),
    }
  }

  it('finds nothing where nothing was changed', async () => {
    expect(await survey(async () => {})).toEqual({ verdict: 'proved', found: [] })
  })

  it('finds a redirect URI that somebody added', async () => {
    const found = await survey((app) =>
      stage.graph('PATCH', `/applications/${app.objectId}`, {
        web: { redirectUris: ['https://elsewhere.example/cb'] },
      }),
    )
    expect(found).toEqual({ verdict: 'wrong', found: [['redirect URIs (web)', 'REGISTRATION_DIFFERS']] })
  })

  it('finds every setting that somebody changed', async () => {
    const { found } = await survey(async (app) => {
      await stage.graph('PATCH', `/applications/${app.objectId}`, {
        isDeviceOnlyAuthSupported: true,
        api: { acceptMappedClaims: true },
      })
      await stage.graph('PATCH', `/servicePrincipals/${app.servicePrincipalId}`, {
        alternativeNames: ['other'],
        preferredSingleSignOnMode: 'saml',
        samlSingleSignOnSettings: { relayState: '/elsewhere' },
      })
    })
    expect(found).toEqual(
      [
        'claims.acceptMapped',
        'deviceOnlyAuth',
        'servicePrincipal.alternativeNames',
        'servicePrincipal.singleSignOn.mode',
        'servicePrincipal.singleSignOn.relayState',
      ].map((path) => [`setting ${path}`, 'REGISTRATION_DIFFERS']),
    )
  })

  it('finds a requested permission that somebody added, by its name', async () => {
    const found = await survey(async (app) => {
      const list = await stage.graph('GET', `/servicePrincipals?$filter=appId eq '${MICROSOFT_GRAPH_APP_ID}'`)
      const [api] = list['value'] as { appRoles: { id: string; value: string }[] }[]
      const id = api!.appRoles.find(({ value }) => value === 'Mail.Send')!.id
      const requiredResourceAccess = [
        { resourceAppId: MICROSOFT_GRAPH_APP_ID, resourceAccess: [{ id, type: 'Role' }] },
      ]
      await stage.graph('PATCH', `/applications/${app.objectId}`, { requiredResourceAccess })
    })
    expect(found).toEqual({ verdict: 'wrong', found: [['requested permissions', 'REGISTRATION_DIFFERS']] })
  })

  it('finds a consent that nobody declared', async () => {
    const found = await survey((app) => stage.grant(app.servicePrincipalId, 'Mail.Send'))
    expect(found).toEqual({
      verdict: 'wrong',
      found: [['consent to Mail.Send on Microsoft Graph', 'GRANT_UNDECLARED']],
    })
  })

  it('lists a foreign secret and an orphan of ours', async () => {
    const add = (app: RehearsedApp, displayName: string) =>
      stage.graph('POST', `/applications/${app.objectId}/addPassword`, {
        passwordCredential: { displayName },
      })
    const found = await survey(async (app) => {
      await add(app, 'clicked')
      await add(app, 'Main g7')
    })
    expect(found).toEqual({
      verdict: 'proved',
      found: [
        ['orphaned secrets', 'warning'],
        ['foreign secrets', 'warning'],
      ],
    })
  })

  it('finds a registration that is gone', async () => {
    const { found } = await survey((app) => stage.graph('DELETE', `/applications/${app.objectId}`))
    expect(found).toContainEqual(['registration in the directory', 'Request_ResourceNotFound'])
  })

  it('follows pages to the last, and comes back after throttling', async () => {
    const directory = await openAsDeployer(stage.tenant)
    for (let i = 0; i < 5; i++) await stage.app({ displayName: `page-${i}` })
    stage.tenant.control.addFault({
      effect: 'throttle',
      retryAfter: '1s',
      times: 1,
      on: { path: '/applications', caller: stage.tenant.deployer.clientId },
    })
    const found = await directory.reader.list('/applications?$top=2&$select=id')
    expect(found.ok && found.value.length).toBeGreaterThanOrEqual(5)
    expect(new Set(found.ok ? found.value.map(({ id }) => id) : []).size).toBe(
      found.ok ? found.value.length : -1,
    )
  })
})

describe('doctor', { timeout: 60_000 }, () => {
  const GUID = '11111111-2222-4333-8444-555555555555'
  const app = readDeclaration({
    app: {
      displayName: 'App',
      consent: 'grant',
      permissions: { 'Microsoft Graph': { application: ['Files.Read.All'], delegated: ['User.Read'] } },
    },
    people: {
      displayName: 'People',
      owners: ['ada@contoso.onmicrosoft.com', GUID],
      assignments: [{ user: 'grace@contoso.onmicrosoft.com' }, { group: 'Staff' }],
    },
  })
  const deployed = { people: { owners: {} } as AppOutputs }
  const needs = app.ok ? needsOf(planned(app.value, deployed), 'up') : []
  const least = [
    ...LEAST_PRIVILEGE_DEPLOYER_ROLES,
    'User.Read.All',
    'GroupMember.Read.All',
    'Directory.Read.All',
  ]

  const missingFor = async (deployerRoles: readonly string[]) => {
    const stage = await rehearse({ deployerRoles })
    try {
      const { identity } = await openAsDeployer(stage.tenant)
      const checks = judgeNeeds(needs, identity, stage.tenant.graphUrl)
      return checks.filter(({ status }) => status === 'failed').map(({ name }) => name)
    } finally {
      await stage.close()
    }
  }

  it('passes the least-privilege profile', async () => {
    expect(await missingFor(least)).toEqual([])
  })

  // Directory.Read.All includes what the other reads allow, so they are only missing together with it.
  const READS = ['Application.Read.All', 'User.Read.All', 'GroupMember.Read.All']
  it.each(least)('names exactly %s for a deployer that lacks it', async (role) => {
    const lacking = READS.includes(role) ? [role, 'Directory.Read.All'] : [role]
    const missing = await missingFor(least.filter((held) => !lacking.includes(held)))
    expect(missing).toEqual(lacking.map((each) => `permission ${each}`))
  })

  it('finds what the deployer does not own, which Application.ReadWrite.OwnedBy cannot change', async () => {
    const stage = await rehearse()
    try {
      const directory = await openAsDeployer(stage.tenant)
      const { objectId: deployer } = stage.tenant.deployer
      const owned = await stage.app()
      const lost = await stage.app()
      await stage.graph('DELETE', `/applications/${lost.objectId}/owners/${deployer}/$ref`)
      const facts = (app: RehearsedApp) => ({ displayName: 'App', objectId: app.objectId }) as AppOutputs
      const checks = await checkOwnership({ owned: facts(owned), lost: facts(lost) }, directory)
      expect(checks.map(({ name, explanation, status }) => [name, explanation?.code ?? status])).toEqual([
        ['ownership of owned', 'passed'],
        ['ownership of lost', 'NOT_OWNER'],
      ])
      expect(checks[1]?.explanation?.fix).toContain(`az ad app owner add --id ${lost.objectId}`)
    } finally {
      await stage.close()
    }
  })

  it("holds the declared secrets against the tenant's own policy, where it may be read", async () => {
    const policyRoles = ['Policy.Read.All', 'Policy.ReadWrite.ApplicationConfiguration']
    const stage = await rehearse({ deployerRoles: [...LEAST_PRIVILEGE_DEPLOYER_ROLES, ...policyRoles] })
    try {
      const declared = readDeclaration({
        app: { displayName: 'App', secrets: { main: { displayName: 'Main', lifetime: '180d' } } },
      })
      const { reader } = await openAsDeployer(stage.tenant)
      const judge = async () => {
        const checks = await checkPolicy(reader, declared.ok ? declared.value : {}, new Date())
        return checks.map(({ explanation, status }) => explanation?.code ?? status)
      }
      expect(await judge()).toEqual(['passed'])
      await stage.graph('PATCH', '/policies/defaultAppManagementPolicy', {
        isEnabled: true,
        applicationRestrictions: {
          passwordCredentials: [{ restrictionType: 'passwordLifetime', maxLifetime: 'P90D' }],
        },
      })
      expect(await judge()).toEqual(['CredentialInvalidLifetimeAsPerAppPolicy'])
    } finally {
      await stage.close()
    }
  })

  it('tries the endpoints: reachable, of one cloud, of one time', async () => {
    const time = wholeSecond()
    const [here, there] = await Promise.all([rehearse({ now: () => time }), rehearse()])
    try {
      const { tenantId } = here.tenant
      const failed = async (login: string, graphUrl: string, tenant = tenantId) => {
        const endpoints = { loginUrl: login, graphUrl, wellKnown: false }
        const checks = await checkEndpoints(endpoints, tenant)
        return checks.flatMap(({ status, explanation }) =>
          status === 'failed' ? (explanation?.code ?? '') : [],
        )
      }
      expect(await failed(here.tenant.url, here.tenant.graphUrl)).toEqual([])
      expect(await failed(here.tenant.url, there.tenant.graphUrl)).toEqual(['WRONG_CLOUD'])
      expect(await failed(here.tenant.url, await deadUrl())).toEqual(['WRONG_CLOUD', 'ECONNREFUSED'])
      expect(
        await failed(here.tenant.url, here.tenant.graphUrl, '99999999-9999-4999-8999-999999999999'),
      ).toEqual(['AADSTS90002'])
      const late = { now: () => new Date(time.getTime() - 600_000) }
      const checks = await checkEndpoints(endpointsOf(here.tenant), tenantId, late)
      expect(checks.find(({ name }) => name === 'clock')?.detail).toContain('600 s behind')
    } finally {
      await Promise.all([here.close(), there.close()])
    }
  })
})

describe('many', () => {
  it('100 applications with two secrets each: one token request each, the discovery document once', {
    timeout: 120_000,
  }, async () => {
    const stage = await rehearse()
    try {
      const roles = ['User.Read.All']
      const PROBES = ['GET /users?$top=1', 'GET /users/ada@contoso.onmicrosoft.com', 'GET /users?$top=2']
      const apps = []
      for (let i = 0; i < 100; i++) apps.push(await stage.app({ roles, displayName: `many-${i}` }))
      const seconds = await Promise.all(apps.map(({ objectId }) => stage.secret(objectId)))
      const targets = apps.map((app, i) => ({
        app: `many-${i}`,
        displayName: `many-${i}`,
        tenantId: stage.tenant.tenantId,
        clientId: app.clientId,
        credentials: [app, { ...app, secret: seconds[i]! }].map((each) => ({
          target: targetFor(stage.tenant, each, roles, { probes: PROBES }),
        })),
      }))
      const sent: string[] = []
      const ports = openPorts(endpointsOf(stage.tenant), { onRequest: (url) => sent.push(url) })
      const report = await prove(targets, ports, { wait: QUICK })
      const count = (pattern: RegExp) => sent.filter((url) => pattern.test(url)).length

      expect(report).toMatchObject({ verdict: 'proved', summary: { apps: 100, credentials: 200 } })
      expect(count(/openid-configuration/)).toBe(1)
      expect(count(/\/oauth2\/v2\.0\/token/)).toBe(200)
      expect(count(/\/v1\.0\/\$batch$/)).toBe(200)
      expect(sent).toHaveLength(401)
      const served = stage.tenant.requests().filter(({ path }) => path.includes('/oauth2/v2.0/token'))
      expect(served.length).toBeGreaterThanOrEqual(200)
    } finally {
      await stage.close()
    }
  })
})
