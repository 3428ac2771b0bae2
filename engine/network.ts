import type { Context } from './context.ts'
import { reasonOf } from './errors.ts'

/** Where Pulumi publishes its CLI and plugins; the Automation API's installer has the same address. */
const DOWNLOADS = 'https://get.pulumi.com/'

/** Milliseconds: a machine without network answers at once, one behind a silent firewall not at all. */
const TIMEOUT_MS = 3_000

/**
 * Why Pulumi's downloads are out of reach, or `undefined` when they are not. Asked before any installer runs, because
 * installers retry for minutes before they give up.
 *
 * `ENTRA_APPS_OFFLINE` (any value) says no at once. With `HTTPS_PROXY` set the answer is yes: the installers use the
 * proxy, `fetch` does not.
 */
export async function downloadsOutOfReach(context: Context): Promise<string | undefined> {
  const { env, signal } = context
  if (env['ENTRA_APPS_OFFLINE']) return 'ENTRA_APPS_OFFLINE is set'
  if (env['HTTPS_PROXY'] ?? env['https_proxy']) return undefined
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  try {
    await context.fetch(DOWNLOADS, {
      method: 'HEAD',
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    })
    return undefined
  } catch (error) {
    return `${new URL(DOWNLOADS).host} cannot be reached (${reasonOf(error)})`
  }
}
