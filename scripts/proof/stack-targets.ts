import type { Generation } from '../../infra/generation.ts'
import type { AppOutputs, StackOutputs } from '../../infra/outputs.ts'
import type { AppCredential, AppTarget } from './prove.ts'
import type { ExpectedApi } from './target.ts'
import type { ChangeTimes } from './wait.ts'

/**
 * The applications of a stack with every live generation of every secret.
 *
 * The ledger tells when a secret was issued, and with its oldest entry how old the application is; both decide what
 * can still be replication.
 */
export function stackTargets({ apps, secretValues, ledger }: StackOutputs): AppTarget[] {
  return Object.entries(apps).map(([app, facts]) => {
    const generations = ledger[app] ?? {}
    const changedAt = applicationChange(Object.values(generations).flat())
    return {
      app,
      displayName: facts.displayName,
      tenantId: facts.tenantId,
      clientId: facts.clientId,
      facts,
      changedAt,
      credentials: credentialsOf(facts, secretValues[app] ?? {}, generations, changedAt),
    }
  })
}

/** An application's first secret is issued with it, and so is its consent where the stack gives it. */
function applicationChange(generations: readonly Generation[]): ChangeTimes {
  const [oldest] = generations
    .map(({ issuedAt }) => new Date(issuedAt))
    .sort((a, b) => a.getTime() - b.getTime())
  return oldest ? { application: oldest, consent: oldest } : {}
}

function credentialsOf(
  facts: AppOutputs,
  values: Readonly<Record<string, Readonly<Record<string, string>>>>,
  ledger: Readonly<Record<string, readonly Generation[]>>,
  changedAt: ChangeTimes,
): AppCredential[] {
  return Object.entries(facts.secrets).flatMap(([name, generations]) =>
    generations.map(({ generation, keyId, endDate, phase }): AppCredential => {
      const issuedAt = ledger[name]?.find((entry) => entry.generation === generation)?.issuedAt
      return {
        keyId,
        endDate,
        superseded: phase === 'previous',
        target: {
          label: `${name} g${generation}`,
          tenantId: facts.tenantId,
          clientId: facts.clientId,
          servicePrincipalId: facts.servicePrincipalId,
          credential: { kind: 'secret', value: values[name]?.[generation] ?? '' },
          expected: { apis: apisOf(facts), probes: facts.probes },
          changedAt: { ...changedAt, ...(issuedAt && { credential: new Date(issuedAt) }) },
        },
      }
    }),
  )
}

/** The declared application permissions, API by API. */
export function apisOf({ permissions }: Pick<AppOutputs, 'permissions'>): ExpectedApi[] {
  return Object.entries(permissions).map(([name, { appId, application }]) => ({
    name,
    appId,
    roles: application,
  }))
}
