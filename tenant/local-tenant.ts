import { readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { type ClientSettings, clientEnvironment, clientSettings } from './client-settings.ts'
import { signIn } from './sign-in.ts'
import { type RunningTenant, startTenant as start } from './tenant.ts'
import type { TenantOptions } from './tenant-options.ts'

/** How to start a local tenant for tests. */
export interface LocalTenantOptions extends Omit<TenantOptions, 'dataDir' | 'temporary'> {
  /** Where its state is kept. Default: a temporary directory, which `close` removes. */
  readonly dataDir?: string
  /**
   * Whether clients in this process (in this thread) trust the tenant's certificate, as long as it runs. Default: true.
   * False leaves the process as it is; then give `caPem` or `caFile` to the clients.
   */
  readonly trust?: boolean
}

/** A tenant that serves, with all that a test needs of it. */
export interface LocalTenant extends RunningTenant {
  /** Points MSAL, Azure Identity and Graph clients at this tenant. */
  readonly settings: ClientSettings
  /**
   * The same for other processes: environment variables of the azuread provider (`ARM_*`, the deployer's secret
   * included) and of Azure Identity (`AZURE_AUTHORITY_HOST`, `AZURE_TENANT_ID`), and the certificate to trust.
   */
  readonly env: Readonly<Record<string, string>>
  /**
   * Signs a user in at an authorization address, as a person in a browser would.
   *
   * @param address what the application sends browsers to, such as the answer of MSAL's `getAuthCodeUrl`
   * @param user user principal name, with or without the domain, or object id
   * @returns where the browser is sent back to: the redirect URI with `code` and `state`, or with `error`, as query
   *   parameters, whatever response mode was asked for
   * @throws TenantError `SIGN_IN_REFUSED` when the tenant refuses without going back to the application
   */
  signIn(address: string | URL, user: string): Promise<URL>
  /** `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts a Microsoft Entra tenant on this computer: login endpoints and Microsoft Graph over HTTPS on a free port. Several
 * can run in one process.
 *
 *     const tenant = await startTenant({ seed: { users: [{ displayName: 'Edsger Dijkstra', userPrincipalName: 'edsger' }] } })
 *     // … tenant.settings, tenant.control, tenant.requests()
 *     await tenant.close()
 *
 * @throws TenantError `NOT_LOOPBACK`, `DATA_DIR_IN_USE`, `DATA_DIR_UNREADABLE`, `PORT_TAKEN`, `TENANT_ID`, `UNKNOWN_ROLE`
 * @throws ControlError `CONTROL_INPUT` naming every mistake in the seed or the script
 */
export async function startTenant(options: LocalTenantOptions = {}): Promise<LocalTenant> {
  const { dataDir, trust = true, ...rest } = options
  const temporary = dataDir === undefined ? await mkdtemp(join(tmpdir(), 'entra-apps-tenant-')) : undefined
  const removeData = () => temporary !== undefined && rmSync(temporary, { recursive: true, force: true })
  const place = { dataDir: dataDir ?? temporary ?? '', temporary: temporary !== undefined }
  const running = await start({ ...rest, ...place }).catch((error: unknown) => {
    removeData()
    throw error
  })
  const { caPem, deployer } = running
  if (trust) setDefaultCACertificates([...getCACertificates('default'), caPem])
  const close = async () => {
    if (trust) distrust(caPem)
    await running.close()
    removeData()
  }
  const secret = readFileSync(deployer.secretFile, 'utf8').trim()
  return {
    ...running,
    settings: clientSettings(running),
    env: { ...clientEnvironment(running), ARM_CLIENT_SECRET: secret },
    signIn: (address, user) => signIn(running, address, user),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function distrust(caPem: string): void {
  const left = getCACertificates('default').filter((each) => each.trim() !== caPem.trim())
  setDefaultCACertificates(left)
}
