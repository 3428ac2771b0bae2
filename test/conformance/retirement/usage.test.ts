import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AppOutputs } from '../../../infra/contract/outputs.ts'
import { requireDeployer } from '../../../scripts/proof/connection/deployer.ts'
import { DirectoryReader } from '../../../scripts/proof/directory/reader.ts'
import { discoverEndpoints, openPorts } from '../../../scripts/proof/index.ts'
import { howToRestore, locate } from '../../../scripts/retirement/deleted.ts'
import { readStanding } from '../../../scripts/retirement/holders.ts'
import { readUsage } from '../../../scripts/retirement/usage.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../../tenant/seed/seed.ts'
import { type Rehearsal, type RehearsedApp, rehearse } from '../../support/rehearsal.ts'

const ROLES = LEAST_PRIVILEGE_DEPLOYER_ROLES

let stage: Rehearsal
let app: RehearsedApp
beforeAll(async () => {
  stage = await rehearse({
    deployerRoles: [...ROLES, 'Application.ReadWrite.All', 'AuditLog.Read.All', 'User.Read.All'],
  })
  app = await stage.app({ displayName: 'Files' })
})
afterAll(() => stage.close())

async function readerOf({ tenant }: Rehearsal): Promise<DirectoryReader> {
  const env = {
    ARM_TENANT_ID: tenant.tenantId,
    ARM_METADATA_HOSTNAME: new URL(tenant.url).host,
    ARM_CLIENT_ID: tenant.deployer.clientId,
    ARM_CLIENT_SECRET: readFileSync(tenant.deployer.secretFile, 'utf8').trim(),
  }
  return new DirectoryReader(openPorts(await discoverEndpoints(env)), requireDeployer(env))
}

async function requestToken({ tenant }: Rehearsal, client: RehearsedApp, resource: string) {
  const response = await fetch(`${tenant.url}/${tenant.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.clientId,
      client_secret: client.secret.value,
      scope: `${resource}/.default`,
    }),
  })
  expect(response.status, await response.text()).toBe(200)
}

const factsOf = ({ clientId, objectId, servicePrincipalId, secret: { keyId } }: RehearsedApp) =>
  ({
    clientId,
    objectId,
    servicePrincipalId,
    secrets: { main: [{ keyId, generation: 3 }] },
    certificates: {},
  }) as unknown as AppOutputs

describe('who uses an application', () => {
  it('is told by the reports, as a client, by credential, and as an API', async () => {
    const reader = await readerOf(stage)
    expect(await readUsage(reader, factsOf(app))).toEqual({ uses: [], unknown: [] })
    await requestToken(stage, app, stage.tenant.graphUrl)
    const caller = await stage.app()
    await requestToken(stage, caller, app.clientId)
    const { uses, unknown } = await readUsage(reader, factsOf(app))
    expect(unknown).toEqual([])
    expect(uses.map(({ what }) => what).sort()).toEqual([
      'signed in by itself',
      'used main g3',
      'was called by an application',
    ])
    expect((await readUsage(reader, factsOf(caller))).uses).toHaveLength(2)
  })

  it('is not known without the permission, which is named', async () => {
    const poor = await rehearse({ deployerRoles: ROLES })
    try {
      const { uses, unknown } = await readUsage(await readerOf(poor), factsOf(await poor.app()))
      expect(uses).toEqual([])
      expect(unknown).toHaveLength(2)
      for (const each of unknown) {
        expect(each).toContain('AuditLog.Read.All is needed, and Microsoft Entra ID P1 or P2. The answer was')
      }
    } finally {
      await poor.close()
    }
  })
})

describe('what others hold on an application', () => {
  it('are app roles, consent for its scopes, and pre-authorization', async () => {
    const { graph } = stage
    const [role, scope] = ['a5cbb3d2-7e9c-4c5c-9a43-0f2a3d1c7d10', 'a5cbb3d2-7e9c-4c5c-9a43-0f2a3d1c7d11']
    const client = await stage.app({ displayName: 'Viewer' })
    await graph('PATCH', `/applications/${app.objectId}`, {
      appRoles: [
        {
          id: role,
          value: 'Reader',
          displayName: 'Reader',
          description: 'Reads',
          allowedMemberTypes: ['Application', 'User'],
          isEnabled: true,
        },
      ],
      api: {
        oauth2PermissionScopes: [
          {
            id: scope,
            value: 'Files.Read',
            type: 'Admin',
            adminConsentDisplayName: 'Read',
            adminConsentDescription: 'Reads',
            isEnabled: true,
          },
        ],
      },
    })
    await graph('PATCH', `/applications/${app.objectId}`, {
      api: { preAuthorizedApplications: [{ appId: client.clientId, delegatedPermissionIds: [scope] }] },
    })
    const { value: users } = (await graph('GET', '/users?$top=1')) as {
      value: { id: string; displayName: string }[]
    }
    for (const principalId of [client.servicePrincipalId, users[0]!.id]) {
      await graph('POST', `/servicePrincipals/${app.servicePrincipalId}/appRoleAssignedTo`, {
        principalId,
        resourceId: app.servicePrincipalId,
        appRoleId: role,
      })
    }
    await graph('POST', '/oauth2PermissionGrants', {
      clientId: client.servicePrincipalId,
      resourceId: app.servicePrincipalId,
      consentType: 'AllPrincipals',
      scope: 'Files.Read',
    })
    const { holders, isEnabled } = await readStanding(await readerOf(stage), factsOf(app))
    expect(isEnabled).toBe(true)
    expect(holders.map(({ name, kind, holds }) => `${kind} ${name}: ${holds}`).sort()).toEqual(
      [
        'application Viewer: app role Reader',
        'application Viewer: pre-authorized for 1 of its scopes',
        'application Viewer: scopes Files.Read for everybody',
        `user ${users[0]!.displayName}: app role Reader`,
      ].sort(),
    )
  })
})

describe('a deleted application', () => {
  it('is found where it is, and comes back as it is said', async () => {
    const { graph, tenant } = stage
    const { clientId, objectId, servicePrincipalId } = await stage.app()
    const deleted = {
      at: '2026-11-29T12:00:00Z',
      displayName: 'gone',
      clientId,
      objectId,
      servicePrincipalId,
    }
    const reader = await readerOf(stage)
    expect(await locate(reader, deleted)).toBe('registered')
    // As a deployment deletes them.
    await graph('DELETE', `/servicePrincipals/${servicePrincipalId}`)
    await graph('DELETE', `/applications/${objectId}`)
    expect(await locate(reader, deleted)).toBe('deleted items')
    const paths = howToRestore(deleted).matchAll(/(\/directory\/deletedItems\/\S+\/restore)/g)
    for (const [path] of paths) await graph('POST', path)
    expect(await locate(reader, deleted)).toBe('registered')
    expect((await graph('GET', `/servicePrincipals/${servicePrincipalId}`))['appId']).toBe(clientId)
    await graph('DELETE', `/applications/${objectId}`)
    tenant.control.clock.advance('31d')
    expect(await locate(await readerOf(stage), deleted)).toBe('nowhere')
  })
})
