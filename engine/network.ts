import type { Context } from './context.ts'
import { reasonOf } from './errors.ts'

/** Milliseconds: a machine without network answers at once, one behind a silent firewall not at all. */
const TIMEOUT_MS = 3_000

/**
 * Why Pulumi's downloads are out of reach, or `undefined` when they are not. Asked before any download, because
 * `pulumi plugin install` retries for minutes before it gives up.
 *
 * `ENTRA_APPS_OFFLINE` (any value) says no at once. With `HTTPS_PROXY` set the answer is yes: downloads use the
 * proxy, the `fetch` of this process does not.
 */
export async function downloadsOutOfReach(context: Context): Promise<string | undefined> {
  const { downloads, env, signal } = context
  if (env['ENTRA_APPS_OFFLINE']) return 'ENTRA_APPS_OFFLINE is set'
  if (env['HTTPS_PROXY'] ?? env['https_proxy']) return undefined
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  try {
    await fetch(downloads, {
      method: 'HEAD',
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    })
    return undefined
  } catch (error) {
    return `${new URL(downloads).host} cannot be reached (${reasonOf(error)})`
  }
}
