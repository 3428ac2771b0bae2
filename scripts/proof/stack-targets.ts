import type { AppOutputs, StackOutputs } from '../../infra/outputs.ts'
import type { AppCredential, AppTarget } from './prove.ts'
import type { ExpectedApi } from './target.ts'

/** The applications of a stack with every live generation of every secret. */
export function stackTargets({ apps, secretValues }: StackOutputs): AppTarget[] {
  return Object.entries(apps).map(([app, facts]) => ({
    app,
    displayName: facts.displayName,
    tenantId: facts.tenantId,
    clientId: facts.clientId,
    credentials: credentialsOf(facts, secretValues[app] ?? {}),
  }))
}

function credentialsOf(facts: AppOutputs, values: Record<string, Record<string, string>>): AppCredential[] {
  return Object.entries(facts.secrets).flatMap(([name, generations]) =>
    generations.map(
      ({ generation, keyId, endDate }): AppCredential => ({
        keyId,
        endDate,
        target: {
          label: `${name} g${generation}`,
          tenantId: facts.tenantId,
          clientId: facts.clientId,
          servicePrincipalId: facts.servicePrincipalId,
          credential: { kind: 'secret', value: values[name]?.[generation] ?? '' },
          expected: { apis: apisOf(facts), probes: facts.probes },
        },
      }),
    ),
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
