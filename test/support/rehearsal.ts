import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { MICROSOFT_GRAPH_APP_ID } from '../../microsoft/apis.ts'
import { type RunningTenant, startTenant, type TenantOptions } from '../../tenant/index.ts'
import type { StageTenant } from './stage.ts'

/** An application as a test needs it. */
export interface RehearsedApp {
  readonly clientId: string
  readonly objectId: string
  readonly servicePrincipalId: string
  readonly secret: { readonly value: string; readonly keyId: string }
}

/** A tenant of a test's own, trusted by this process, with applications made by plain Graph calls. */
export interface Rehearsal {
  readonly tenant: RunningTenant
  /** Calls Graph as the deployer. Throws what Graph answers when it refuses. */
  graph(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>
  /** Registers an application with service principal, consented Graph roles and one secret. */
  app(options?: { readonly roles?: readonly string[]; readonly displayName?: string }): Promise<RehearsedApp>
  /** Adds a secret; its end is an RFC 3339 date. */
  secret(objectId: string, endDateTime?: string): Promise<RehearsedApp['secret']>
  /** Consents to a Graph role; returns the id of the assignment. */
  grant(servicePrincipalId: string, role: string): Promise<string>
  revoke(servicePrincipalId: string, assignmentId: string): Promise<void>
  close(): Promise<void>
}

/** Starts it; close it in the end. Needs no Pulumi. */
export async function rehearse(options: Omit<TenantOptions, 'dataDir'> = {}): Promise<Rehearsal> {
  const dataDir = await mkdtemp(join(tmpdir(), 'entra-apps-tenant-'))
  const tenant = await startTenant({ listOrder: 'reversed', ...options, dataDir })
  trust(tenant.caPem)
  const graph = await deployerGraph(tenant)
  const roleIds = await graphRoles(graph)

  const grant: Rehearsal['grant'] = async (principalId, role) => {
    const appRoleId = roleIds.byValue.get(role)
    if (!appRoleId) throw new Error(`Microsoft Graph has no application permission "${role}"`)
    const body = { principalId, resourceId: roleIds.resourceId, appRoleId }
    return String((await graph('POST', `/servicePrincipals/${principalId}/appRoleAssignments`, body))['id'])
  }
  const secret: Rehearsal['secret'] = async (objectId, endDateTime) => {
    const passwordCredential = { displayName: 'test', ...(endDateTime && { endDateTime }) }
    const made = await graph('POST', `/applications/${objectId}/addPassword`, { passwordCredential })
    return { value: String(made['secretText']), keyId: String(made['keyId']) }
  }
  return {
    tenant,
    graph,
    secret,
    grant,
    async app({ roles = [], displayName = `test-${randomUUID()}` } = {}) {
      const application = await graph('POST', '/applications', { displayName })
      const clientId = String(application['appId'])
      const objectId = String(application['id'])
      const principal = await graph('POST', '/servicePrincipals', { appId: clientId })
      const servicePrincipalId = String(principal['id'])
      for (const role of roles) await grant(servicePrincipalId, role)
      return { clientId, objectId, servicePrincipalId, secret: await secret(objectId) }
    },
    async revoke(principalId, assignmentId) {
      await graph('DELETE', `/servicePrincipals/${principalId}/appRoleAssignments/${assignmentId}`)
    },
    async close() {
      await tenant.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** As NODE_EXTRA_CA_CERTS would have done, had the certificate been known at the start of the process. */
export function trust(caPem: string): void {
  setDefaultCACertificates([...getCACertificates('default'), caPem])
}

/** Calls to a tenant's Graph as its deployer; the tenant must be trusted. */
export async function deployerGraph(tenant: StageTenant): Promise<Rehearsal['graph']> {
  const token = await deployerToken(tenant)
  return async (method, path, body) => {
    const response = await fetch(`${tenant.graphUrl}/v1.0${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text ? (JSON.parse(text) as Record<string, unknown>) : {}
  }
}

/** A token of the deployer for Graph; the tenant must be trusted. */
export async function deployerToken(tenant: StageTenant): Promise<string> {
  const response = await fetch(`${tenant.url}/${tenant.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: tenant.deployer.clientId,
      client_secret: readFileSync(tenant.deployer.secretFile, 'utf8').trim(),
      scope: `${tenant.graphUrl}/.default`,
    }),
  })
  if (!response.ok) throw new Error(`token for the deployer: ${response.status} ${await response.text()}`)
  return ((await response.json()) as { access_token: string }).access_token
}

async function graphRoles(graph: Rehearsal['graph']) {
  const found = await graph('GET', `/servicePrincipals?$filter=appId eq '${MICROSOFT_GRAPH_APP_ID}'`)
  const [api] = found['value'] as { id: string; appRoles: { id: string; value: string }[] }[]
  if (!api) throw new Error('the tenant has no service principal of Microsoft Graph')
  return { resourceId: api.id, byValue: new Map(api.appRoles.map(({ id, value }) => [value, id])) }
}

/** An address on this computer where nothing listens. */
export async function deadUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `https://127.0.0.1:${port}`
}
