import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { deployerGraph, type Rehearsal, rehearse } from '../test/support/rehearsal.ts'
import { type Figure, seconds } from './figure.ts'
import { readUsage, usageReporter } from './usage.ts'

const APPLICATIONS = 10_000
/** More owners than come along with a page, so that the rest of them is asked for application by application. */
const OWNERS = 25
const WITH_MANY_OWNERS = 100
/** Rights that show all there is (docs/inventory.md), beside those that make the tenant. */
const ROLES = [
  'Application.ReadWrite.All',
  'DelegatedPermissionGrant.ReadWrite.All',
  'RoleManagement.Read.Directory',
  'AuditLog.Read.All',
  'Directory.Read.All',
]
const FORMATS = ['table', '--json', '--csv', '--sarif', '--markdown', '--html']

/**
 * `inventory` of a tenant with 10,000 applications, each with a secret, an owner and consent, beside the same read done as
 * published scripts do it: a request for each application and relation, one after another ("Get-MgApplicationOwner" in a
 * loop over "Get-MgApplication -All").
 *
 * @param dir for files
 */
export async function* benchInventory(dir: string): AsyncGenerator<Figure> {
  let requests = 0
  const stage = await rehearse({ deployerRoles: ROLES, log: () => requests++ })
  const bench = { dir, requests: () => requests }
  try {
    seed(stage)
    for (const format of FORMATS) yield* inventoried(stage, bench, format, `${APPLICATIONS} applications`)
    const plain = await byScript(stage)
    yield {
      name: 'by script: the same applications',
      value: `${seconds(plain.ms)}, ${plain.requests} requests`,
    }
    await addOwners(stage)
    yield* inventoried(stage, bench, 'table', `${WITH_MANY_OWNERS} of them with ${OWNERS} owners`)
  } finally {
    await stage.close()
  }
}

interface Bench {
  /** For files. */
  readonly dir: string
  /** How many the tenant has answered so far, those in batches included. */
  readonly requests: () => number
}

function seed({ tenant }: Rehearsal): void {
  const applications = Array.from({ length: APPLICATIONS }, (_, i) => ({
    displayName: `Application ${i}`,
    web: { redirectUris: [`https://app-${i}.example.com/callback`] },
    secrets: [{ displayName: 'main', lifetime: '180d' as const }],
    permissions: { 'Microsoft Graph': { application: ['User.Read.All'], delegated: ['User.Read'] } },
  }))
  const users = Array.from({ length: OWNERS }, (_, i) => ({
    displayName: `Owner ${i}`,
    userPrincipalName: `owner-${i}`,
  }))
  tenant.control.seed({ users, applications })
}

/** The command as its user starts it; its memory is the peak that it reports itself. */
async function* inventoried(
  { tenant }: Rehearsal,
  { dir, requests }: Bench,
  format: string,
  what: string,
): AsyncGenerator<Figure> {
  const args = [format === 'table' ? [] : format, format === '--html' ? join(dir, 'inventory.html') : []]
  const main = resolve(import.meta.dirname, '../scripts/main.js')
  const before = requests()
  const start = performance.now()
  const child = spawn(
    process.execPath,
    ['--require', usageReporter(dir), main, 'inventory', ...args.flat()],
    {
      env: {
        ...process.env,
        NODE_EXTRA_CA_CERTS: tenant.caFile,
        ARM_TENANT_ID: tenant.tenantId,
        ARM_METADATA_HOSTNAME: new URL(tenant.url).host,
        ARM_CLIENT_ID: tenant.deployer.clientId,
        ARM_CLIENT_SECRET: readFileSync(tenant.deployer.secretFile, 'utf8').trim(),
      },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    },
  )
  child.stdout?.resume()
  const [usage, said, [code]] = await Promise.all([
    text(child.stdio[3] as Readable),
    text(child.stderr as Readable),
    once(child, 'close'),
  ])
  if (code !== 0) throw new Error(`inventory ${args.flat().join(' ')} ended with ${code}:\n${said}`)
  const ms = performance.now() - start
  const { cpuMs, megabytes } = readUsage(usage)
  yield {
    name: `inventory ${format}: ${what}`,
    value: `${seconds(ms)}, CPU ${seconds(cpuMs)}, ${Math.round(megabytes)} MB, ${requests() - before} requests`,
  }
}

/** Owners, service principal, and what was consented to, of each application in turn. */
async function byScript({ tenant }: Rehearsal) {
  const graph = await deployerGraph(tenant)
  let requests = 1
  const list = async (path: string) => {
    const found: Record<string, unknown>[] = []
    for (let next: string | undefined = path; next !== undefined; requests++) {
      const page = await graph('GET', next)
      found.push(...(page['value'] as Record<string, unknown>[]))
      const link = page['@odata.nextLink']
      next = typeof link === 'string' ? link.slice(link.indexOf('/v1.0') + '/v1.0'.length) : undefined
    }
    return found
  }
  const start = performance.now()
  for (const { id, appId } of await list('/applications')) {
    await list(`/applications/${id}/owners`)
    const [principal] = await list(`/servicePrincipals?$filter=appId eq '${appId}'`)
    if (principal === undefined) continue
    for (const relation of ['owners', 'appRoleAssignments', 'oauth2PermissionGrants']) {
      await list(`/servicePrincipals/${principal['id']}/${relation}`)
    }
  }
  return { ms: performance.now() - start, requests }
}

/** Gives some applications so many owners that not all come along with them. */
async function addOwners({ graph, tenant }: Rehearsal): Promise<void> {
  const filter = encodeURIComponent("startswith(displayName,'Owner ')")
  const users = (await graph('GET', `/users?$filter=${filter}&$select=id`))['value'] as { id: string }[]
  const path = `/applications?$top=${WITH_MANY_OWNERS}&$select=id`
  for (const { id } of (await graph('GET', path))['value'] as { id: string }[]) {
    for (const user of users) {
      const reference = { '@odata.id': `${tenant.graphUrl}/v1.0/directoryObjects/${user.id}` }
      await graph('POST', `/applications/${id}/owners/$ref`, reference)
    }
  }
}
