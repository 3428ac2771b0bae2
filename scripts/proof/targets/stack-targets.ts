import type { AppOutputs, IdentityOutputs, StackOutputs } from '../../../infra/contract/outputs.ts'
import type { Generation } from '../../../infra/rotation/generation.ts'
import { appIdOf, canonicalApiName } from '../../../microsoft/well-known-apis.ts'
import type { AppCredential, AppTarget, DeployedCredential } from '../model/app-target.ts'
import type { ChangeTimes, Credential, ExpectedApi } from '../model/target.ts'

/**
 * The applications of a stack with every live generation of every secret and of every certificate that is made here, and
 * what else there is that the stack itself cannot prove.
 *
 * The ledger tells when a secret was issued, and with its oldest entry how old the application is; both decide what
 * can still be replication.
 */
export function stackTargets({ apps, identities = {}, secretValues, ledger }: StackOutputs): AppTarget[] {
  const registered = Object.entries(apps).map(([app, facts]): AppTarget => {
    const generations = ledger[app] ?? {}
    const deployed = deployedIn(facts)
    const changedAt = applicationChange(Object.values(generations).flat(), deployed)
    return {
      app,
      displayName: facts.displayName,
      tenantId: facts.tenantId,
      clientId: facts.clientId,
      facts,
      changedAt,
      credentials: credentialsOf(facts, secretValues[app] ?? {}, generations, changedAt),
      deployed,
    }
  })
  return [...registered, ...Object.entries(identities).map(identityTarget)]
}

/** An identity whose grants alone are proved: a token of it is to be had on its own host. */
function identityTarget([app, granted]: [string, IdentityOutputs]): AppTarget {
  const { displayName, tenantId, clientId } = granted
  return { app, displayName, tenantId, clientId, granted, credentials: [] }
}

/** The identity with the token of the computer that this runs on, which must be one of its own hosts. */
export function onItsHost(target: AppTarget): AppTarget {
  const { granted } = target
  if (!granted) return target
  const { tenantId, clientId, servicePrincipalId, isUserAssigned, probes } = granted
  const credential = { kind: 'managedIdentity', ...(isUserAssigned && { clientId }) } as const
  const label = 'managed identity of this computer'
  const expected = { apis: apisOf(granted), probes, sites: Object.keys(granted.sites ?? {}) }
  return {
    ...target,
    credentials: [{ target: { label, tenantId, clientId, servicePrincipalId, credential, expected } }],
  }
}

/** An application's first credential is issued with it, and so is its consent where the stack gives it. */
function applicationChange(
  generations: readonly Generation[],
  deployed: readonly DeployedCredential[],
): ChangeTimes {
  const [oldest] = [
    ...generations.map(({ issuedAt }) => new Date(issuedAt)),
    ...deployed.flatMap(({ since }) => since ?? []),
  ].sort((a, b) => a.getTime() - b.getTime())
  return oldest ? { application: oldest, consent: oldest } : {}
}

interface Issued {
  readonly name: string
  readonly generation: number
  readonly keyId: string
  readonly endDate: string
  readonly phase: Generation['phase']
  /** @param value as the stack holds it */
  readonly credential: (value: string) => Credential
}

/** Every live generation, of secrets and of certificates that are made here. */
function issuedIn({ secrets, certificates }: AppOutputs): Issued[] {
  const secret = (value: string): Credential => ({ kind: 'secret', value })
  const certificate = (pem: string): Credential => ({ kind: 'certificate', pem })
  return [
    ...Object.entries(secrets).flatMap(([name, generations]) =>
      generations.map((each) => ({ ...each, name, credential: secret })),
    ),
    ...Object.entries(certificates).flatMap(([name, all]) =>
      all.flatMap(({ generation, phase, ...each }) =>
        generation === undefined || phase === undefined
          ? []
          : [{ ...each, name, generation, phase, credential: certificate }],
      ),
    ),
  ]
}

function deployedIn({ certificates, federatedCredentials }: AppOutputs): DeployedCredential[] {
  return [
    ...Object.entries(certificates).flatMap(([label, all]) =>
      all
        .filter(({ generation }) => generation === undefined)
        .map(({ keyId, thumbprint, endDate, since }): DeployedCredential => {
          return {
            kind: 'certificate',
            label,
            keyId,
            thumbprint,
            endDate,
            ...(since && { since: new Date(since) }),
          }
        }),
    ),
    ...Object.entries(federatedCredentials).map(([label, { since, ...trusted }]): DeployedCredential => {
      return { kind: 'federated', label, ...trusted, ...(since && { since: new Date(since) }) }
    }),
  ]
}

function credentialsOf(
  facts: AppOutputs,
  values: Readonly<Record<string, Readonly<Record<string, string>>>>,
  ledger: Readonly<Record<string, readonly Generation[]>>,
  changedAt: ChangeTimes,
): AppCredential[] {
  return issuedIn(facts).map(({ name, generation, keyId, endDate, phase, credential }): AppCredential => {
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
        credential: credential(values[name]?.[generation] ?? ''),
        expected: {
          apis: apisOf(facts),
          probes: facts.probes,
          ...(facts.sites && { sites: Object.keys(facts.sites) }),
        },
        ...(facts.settings['servicePrincipal.enabled'] === false && { isDisabled: true }),
        changedAt: { ...changedAt, ...(issuedAt && { credential: new Date(issuedAt) }) },
      },
    }
  })
}

/** The APIs that tokens are asked for, with the application permissions that they must hold. */
export function apisOf({
  permissions,
  consented = permissions,
  tokens = [],
}: Pick<AppOutputs, 'permissions' | 'consented' | 'tokens'>): ExpectedApi[] {
  const asked = new Set(tokens.map((api) => appIdOf(api) ?? api))
  const declared = Object.entries(consented).map(([name, { appId, application }]) => ({
    name,
    appId,
    roles: application,
    ...(asked.delete(appId) && { isAsked: true }),
  }))
  return [
    ...declared,
    ...[...asked].map((appId) => ({ name: canonicalApiName(appId), appId, roles: [], isAsked: true })),
  ]
}
