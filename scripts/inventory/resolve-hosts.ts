import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Entry } from './report.ts'
import { hostOf, isLoopback } from './sign-in-rules.ts'

/** What resolves names; a test gives its own. */
export type HostResolver = Pick<Resolver, 'resolve4' | 'resolve6' | 'cancel'>

/** Names asked for at a time: a resolver answers many, and takes too many for an attack. */
const PARALLEL = 20

/** Of one question to one server, in milliseconds. */
const TIMEOUT_MS = 3000

export function systemResolver(): HostResolver {
  return new Resolver({ timeout: TIMEOUT_MS, tries: 2 })
}

/** What resolving the hosts of redirect URIs found. */
export interface ResolvedHosts {
  /** Names that do not exist, or that lead to one that does not. */
  readonly dangling: ReadonlySet<string>
  /** Names about which nobody could tell. */
  readonly unanswered: readonly string[]
}

/**
 * Asks the DNS for every host that a redirect URI of this tenant's registrations names, once each. Names that only another
 * network knows do not exist from here.
 *
 * @param onResolved told how many of how many are done
 * @throws the signal's reason
 */
export async function resolveHosts(
  entries: readonly Entry[],
  resolver: HostResolver,
  signal: AbortSignal,
  onResolved: (done: number, total: number) => void = () => {},
): Promise<ResolvedHosts> {
  const hosts = [...new Set(entries.flatMap(namedHosts))].sort()
  const dangling = new Set<string>()
  const unanswered: string[] = []
  const cancel = () => resolver.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  const waiting = hosts.values()
  let done = 0
  const work = async () => {
    for (const host of waiting) {
      const found = await exists(host, resolver)
      signal.throwIfAborted()
      if (found === 'no') dangling.add(host)
      else if (found === 'unknown') unanswered.push(host)
      onResolved(++done, hosts.length)
    }
  }
  try {
    signal.throwIfAborted()
    await Promise.all(Array.from({ length: PARALLEL }, work))
  } finally {
    signal.removeEventListener('abort', cancel)
  }
  return { dangling, unanswered: unanswered.sort() }
}

function namedHosts({ kind, redirectUris }: Entry): string[] {
  if (kind !== 'application') return []
  return redirectUris.flatMap(({ uri }) => {
    const host = /^https?:/i.test(uri) && !uri.includes('*') ? hostOf(uri) : undefined
    const isName = host && !isLoopback(host) && isIP(host.replace(/^\[|\]$/g, '')) === 0
    return isName ? [host] : []
  })
}

async function exists(host: string, resolver: HostResolver): Promise<'yes' | 'no' | 'unknown'> {
  const codes: unknown[] = []
  for (const resolve of ['resolve4', 'resolve6'] as const) {
    try {
      await resolver[resolve](host)
      return 'yes'
    } catch (error) {
      codes.push((error as NodeJS.ErrnoException).code)
      if (codes.at(-1) === 'ENOTFOUND') return 'no'
    }
  }
  // The name is there, and has addresses of neither kind: a host of mail, say.
  return codes.every((code) => code === 'ENODATA') ? 'yes' : 'unknown'
}
