import { randomUUID } from 'node:crypto'
import { chmodSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { isGuid } from '../microsoft/guid.ts'
import { RequestFile } from './audit/request-file.ts'
import { RequestLog, type RequestRecord } from './audit/request-record.ts'
import { SignIns } from './audit/sign-ins.ts'
import { movableClock } from './control/clock.ts'
import { createControl, type TenantControl } from './control/control.ts'
import { controlKey } from './control/key.ts'
import { SnapshotFiles } from './control/snapshot-files.ts'
import type { Directory } from './directory/directory.ts'
import { loadMicrosoftApis } from './directory/microsoft-apis.ts'
import { TenantError } from './errors/tenant-error.ts'
import { Faults } from './faults/faults.ts'
import { Replicas } from './faults/replicas.ts'
import { certificateAuthority, serverCertificate } from './lib/certificates.ts'
import type { Clock } from './lib/clock.ts'
import { listen, requireLoopback } from './listen.ts'
import { entitySets } from './model/index.ts'
import { announceTenant, withdrawTenant } from './running.ts'
import { ensureDeployerSecret } from './seed/deployer-secret.ts'
import {
  completeSeed,
  grantDeployer,
  LEAST_PRIVILEGE_DEPLOYER_ROLES,
  seedDirectory,
  seedIds,
  seedOrganizationName,
} from './seed/seed.ts'
import { createServer } from './server/server.ts'
import { openDatabase } from './store/database.ts'
import { EntityStore } from './store/entity-store.ts'
import type { TenantOptions } from './tenant-options.ts'
import { SigningKeys } from './tokens/signing-keys.ts'

/** How many requests `requests()` remembers. */
const REMEMBERED_REQUESTS = 10_000

const DOMAIN = 'contoso.onmicrosoft.com'

/** A tenant that serves, and where to reach it. */
export interface RunningTenant {
  /** `https://localhost:PORT`: the login endpoint. */
  readonly url: string
  readonly port: number
  readonly tenantId: string
  /** The certificate to trust, as a file and as PEM text. */
  readonly caFile: string
  readonly caPem: string
  /** The domain of its users: `contoso.onmicrosoft.com`. */
  readonly domain: string
  /** The seeded identity for provisioning; its client secret is in `secretFile`. */
  readonly deployer: { readonly clientId: string; readonly objectId: string; readonly secretFile: string }
  /** Base URL of Microsoft Graph, and what comes before `/.default` in a scope for it. */
  readonly graphUrl: string
  /** Makes the tenant behave as the real one may: its clock, replication lag, throttling and other faults. */
  readonly control: TenantControl
  /** Display names of what the seed added. */
  readonly seeded: readonly string[]
  /** Holds the key of the control endpoint, `{url}/_control`, to be sent as a bearer token. */
  readonly controlKeyFile: string
  /** The latest requests, oldest first, at most 10,000. */
  requests(): readonly RequestRecord[]
  /** Stops serving, drops open connections, and releases the data directory. */
  close(): Promise<void>
}

/**
 * Starts a local tenant, creating on first use what a tenant needs: certificate authority, signing key, seed.
 *
 * @throws TenantError `NOT_LOOPBACK`, `DATA_DIR_IN_USE`, `DATA_DIR_UNREADABLE`, `PORT_TAKEN`, `TENANT_ID`,
 *   `UNKNOWN_ROLE`
 * @throws ControlError `CONTROL_INPUT` naming every mistake in the seed or the script
 */
export async function startTenant(options: TenantOptions): Promise<RunningTenant> {
  const host = options.host ?? '127.0.0.1'
  await requireLoopback(host)
  const dataDir = resolve(options.dataDir)
  createDataDir(dataDir)
  const durable = options.temporary !== true
  const store = new EntityStore(openDatabase(join(dataDir, 'tenant.db'), durable), indexPlan())
  const requestFile = new RequestFile(join(dataDir, 'requests.log'))
  try {
    return await serve({ store, requestFile, dataDir, host, durable }, options)
  } catch (error) {
    requestFile.close()
    store.close()
    throw error
  }
}

/** Where a tenant keeps and serves its state. */
interface Place {
  readonly store: EntityStore
  readonly requestFile: RequestFile
  readonly dataDir: string
  readonly host: string
  readonly durable: boolean
}

async function serve(place: Place, options: TenantOptions): Promise<RunningTenant> {
  const { store, requestFile, dataDir, host, durable } = place
  const loadKeys = SigningKeys.prepare(store)
  const listening = { url: '' }
  const secretFile = join(dataDir, 'deployer-secret')
  const clock = movableClock(
    options.now ?? (() => new Date()),
    Number(store.meta('clock-offset') ?? 0),
    (offset) => {
      store.setMeta('clock-offset', String(offset))
      // A rehearsal of years must not lock its own deployer out.
      ensureDeployerSecret(directory, secretFile, durable)
    },
  )
  const replicas = new Replicas(store, clock.now)
  const faults = new Faults()
  const signIns = new SignIns(store, clock.now)
  const directory = openDirectory(store, options, clock.now, () => listening.url)
  ensureDeployerSecret(directory, secretFile, durable)
  const requests = new RequestLog(REMEMBERED_REQUESTS, (record) => requestFile.append(record))
  const [keys, authority] = await Promise.all([loadKeys(), certificateAuthority(dataDir, durable)])
  const control = createControl({
    keys,
    clock,
    faults,
    replicas,
    store,
    directory,
    requests,
    snapshotFiles: new SnapshotFiles(join(dataDir, 'snapshots')),
  })
  const seeded = options.seed === undefined ? [] : control.seed(options.seed)
  if (options.script !== undefined) control.run(options.script)
  const controlKeyFile = join(dataDir, 'control-key')
  const server = createServer({
    directory: {
      ...directory,
      replica: (site) => {
        signIns.flush()
        return replicas.at(site)
      },
    },
    keys,
    certificate: await serverCertificate(authority),
    requests,
    signIns,
    faults,
    control,
    controlKey: controlKey(controlKeyFile, durable),
    log: options.log ?? (() => {}),
  })
  const port = await listen(server, host, options.port ?? 0)
  listening.url = `https://localhost:${port}`
  const ids = seedIds(directory.tenantId)
  const facts = {
    url: listening.url,
    port,
    tenantId: directory.tenantId,
    caFile: authority.file,
    deployer: { clientId: ids.deployerAppId, objectId: ids.deployerPrincipalId, secretFile },
    controlKeyFile,
  }
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= stop(server, signIns, place)
    return closing
  }
  try {
    announceTenant(dataDir, { ...facts, pid: process.pid })
  } catch (error) {
    await server.close()
    throw error
  }
  return {
    ...facts,
    caPem: authority.pem,
    domain: directory.domain,
    graphUrl: listening.url,
    control,
    seeded,
    requests: () => requests.latest(),
    close,
  }
}

async function stop(server: FastifyInstance, signIns: SignIns, place: Place): Promise<void> {
  const { store, requestFile, dataDir } = place
  withdrawTenant(dataDir)
  await server.close()
  signIns.flush()
  requestFile.close()
  store.close()
}

function createDataDir(dataDir: string): void {
  try {
    const created = mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    if (created !== undefined) chmodSync(dataDir, 0o700)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new TenantError(
      'DATA_DIR_UNREADABLE',
      `"${dataDir}" cannot be used as a data directory (${reason}): choose another one.`,
      { cause },
    )
  }
}

function openDirectory(store: EntityStore, options: TenantOptions, now: Clock, url: () => string): Directory {
  return store.transaction(() => {
    const isNew = store.meta('tenant-id') === undefined
    requireTenantId(options.tenantId, store.meta('tenant-id'))
    if (isNew) {
      store.setMeta('tenant-id', options.tenantId?.toLowerCase() ?? randomUUID())
      store.setMeta('created-at', now().toISOString())
    }
    const directory: Directory = {
      store,
      now,
      url,
      tenantId: store.meta('tenant-id') ?? '',
      tenantName: seedOrganizationName(),
      domain: DOMAIN,
      createdAt: new Date(store.meta('created-at') ?? 0),
      microsoftApis: loadMicrosoftApis(),
      listOrder: options.listOrder ?? 'written',
    }
    if (isNew) seedDirectory(directory, options.deployerRoles ?? LEAST_PRIVILEGE_DEPLOYER_ROLES)
    else grantDeployer(directory, options.deployerRoles ?? [])
    completeSeed(directory)
    return directory
  })
}

function requireTenantId(wanted: string | undefined, kept: string | undefined): void {
  if (wanted === undefined || (isGuid(wanted) && wanted.toLowerCase() === (kept ?? wanted.toLowerCase()))) {
    return
  }
  throw new TenantError(
    'TENANT_ID',
    isGuid(wanted)
      ? `The data directory belongs to the tenant ${kept}, not ${wanted}: choose another directory, or leave the tenant id out.`
      : `"${wanted}" is not a valid GUID: give the tenant an id such as ${randomUUID()}, or leave it out.`,
  )
}

function indexPlan(): ReadonlyMap<string, readonly string[]> {
  return new Map([...entitySets.values()].map((set) => [set.name, set.indexes]))
}
