import { readFileSync } from 'node:fs'
import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import {
  type CredentialTarget,
  type Directory,
  deployerLogin,
  type Endpoints,
  openDirectory,
  openPorts,
  type ProofPorts,
} from '../../../scripts/proof/index.ts'
import type { CredentialProof } from '../../../scripts/proof/model/report.ts'
import type { RunningTenant } from '../../../tenant/index.ts'
import type { RehearsedApp } from '../../support/rehearsal.ts'

export function endpointsOf({ url, graphUrl }: Pick<RunningTenant, 'url' | 'graphUrl'>): Endpoints {
  return { loginUrl: url, graphUrl, wellKnown: false }
}

/** The target for an application's secret, with Graph roles that the token must hold. */
export function targetFor(
  tenant: RunningTenant,
  app: RehearsedApp,
  roles: readonly string[],
  change: Partial<CredentialTarget> & { readonly probes?: readonly string[] } = {},
): CredentialTarget {
  const { probes, ...rest } = change
  return {
    label: 'main g1',
    tenantId: tenant.tenantId,
    clientId: app.clientId,
    servicePrincipalId: app.servicePrincipalId,
    credential: { kind: 'secret', value: app.secret.value },
    expected: {
      apis: [{ name: 'Microsoft Graph', appId: MICROSOFT_GRAPH_APP_ID, roles }],
      ...(probes && { probes }),
    },
    ...rest,
  }
}

/**
 * The engine's ports onto a tenant. Their clock starts at a time, default this machine's, and runs only while they
 * sleep, which they do at once: requests use up no timeout, so that a deadline comes after as many attempts on a busy
 * machine as on an idle one.
 */
export function portsOf(tenant: Pick<RunningTenant, 'url' | 'graphUrl'>, startAt = new Date()): ProofPorts {
  let now = startAt.getTime()
  return {
    ...openPorts(endpointsOf(tenant), { now: () => new Date(now) }),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      now += ms
    },
  }
}

/** The time now as an HTTP `Date` header can tell it, for a tenant whose clock stands still. */
export function wholeSecond(): Date {
  return new Date(Math.floor(Date.now() / 1000) * 1000)
}

/** The codes of everything that failed. */
export function codes({ checks }: Pick<CredentialProof, 'checks'>): string[] {
  return checks.flatMap(({ status, explanation }) =>
    status === 'failed' ? (explanation?.code ?? 'no explanation') : [],
  )
}

/** A timeout of few attempts: with {@link portsOf} it costs no time. */
export const QUICK = { deadlineMs: 20_000, firstDelayMs: 50, maxDelayMs: 200 }

/** The tenant's directory as its seeded deployer may read it. */
export async function openAsDeployer(tenant: RunningTenant): Promise<Directory> {
  const env = {
    ARM_TENANT_ID: tenant.tenantId,
    ARM_CLIENT_ID: tenant.deployer.clientId,
    ARM_CLIENT_SECRET: readFileSync(tenant.deployer.secretFile, 'utf8').trim(),
  }
  const opened = await openDirectory(portsOf(tenant), deployerLogin(env)!, endpointsOf(tenant))
  if (!opened.ok) throw new Error(opened.failure.message)
  return opened.value
}
