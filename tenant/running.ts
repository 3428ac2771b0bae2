import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { identityOf, type ProcessIdentity, processIdentity, stillRuns } from '../lib/process-identity.ts'
import { writePrivateFile } from './lib/private-file.ts'

/** What `tenant.json` in the data directory says about a tenant that runs. Holds no secret. */
export interface RunningTenantInfo {
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly tenantId: string
  readonly caFile: string
  readonly deployer: { readonly clientId: string; readonly objectId: string; readonly secretFile: string }
  /** Holds the key of the control endpoint, `{url}/_control`. */
  readonly controlKeyFile: string
}

interface Announcement extends RunningTenantInfo {
  /** Tells the process from a later one with its id. */
  readonly process: ProcessIdentity
}

const FILE = 'tenant.json'

/**
 * The tenant that runs on this data directory, undefined when none does. A file left behind by a process that was
 * killed counts as none, also when another process has its id by now.
 */
export function readRunningTenant(dataDir: string): RunningTenantInfo | undefined {
  let text: string
  try {
    text = readFileSync(join(dataDir, FILE), 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined
    throw error
  }
  const { process: identity, ...info } = JSON.parse(text) as Announcement
  const known = processIdentity.safeParse(identity)
  return known.success && stillRuns(known.data) ? info : undefined
}

/** Tells other processes where this tenant is. Void after a power cut, which ends the process. */
export function announceTenant(dataDir: string, info: RunningTenantInfo): void {
  const announcement: Announcement = { ...info, process: identityOf(info.pid) }
  writePrivateFile(join(dataDir, FILE), `${JSON.stringify(announcement, null, 2)}\n`, false)
}

/** Takes the announcement back. */
export function withdrawTenant(dataDir: string): void {
  rmSync(join(dataDir, FILE), { force: true })
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
