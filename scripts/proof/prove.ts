import type { AppOutputs, StackOutputs } from '../../infra/outputs.ts'
import { type Check, judgeClaims } from './claims.ts'
import type { Endpoints } from './endpoints.ts'
import { graphClient, runProbe } from './probes.ts'
import { type AppCredential, requestToken } from './token.ts'

const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000'

/** What was found about one secret of one application. */
export interface CredentialProof {
  /** `onedrive g1`: secret and generation. */
  readonly credential: string
  readonly checks: readonly Check[]
}

export interface AppProof {
  readonly app: string
  readonly displayName: string
  readonly clientId: string
  readonly credentials: readonly CredentialProof[]
}

export interface ProofReport {
  readonly ok: boolean
  readonly apps: readonly AppProof[]
}

/**
 * Proves every live secret of every application of a stack: a fresh token for each API it has permissions on, the
 * token's claims against the declaration, and the declared probes.
 */
export async function prove(outputs: StackOutputs, endpoints: Endpoints): Promise<ProofReport> {
  const apps = await Promise.all(
    Object.entries(outputs.apps).map(([app, facts]) =>
      proveApp(app, facts, outputs.secretValues[app] ?? {}, endpoints),
    ),
  )
  return {
    ok: apps.every(({ credentials }) => credentials.every((proof) => proof.checks.every(({ ok }) => ok))),
    apps,
  }
}

async function proveApp(
  app: string,
  facts: AppOutputs,
  values: Record<string, Record<string, string>>,
  endpoints: Endpoints,
): Promise<AppProof> {
  const credentials = Object.entries(facts.secrets).flatMap(([secretName, generations]) =>
    generations.map(async ({ generation }) => {
      const secret = values[secretName]?.[generation] ?? ''
      const credential = { tenantId: facts.tenantId, clientId: facts.clientId, secret }
      return {
        credential: `${secretName} g${generation}`,
        checks: await proveSecret(facts, credential, endpoints),
      }
    }),
  )
  return {
    app,
    displayName: facts.displayName,
    clientId: facts.clientId,
    credentials: await Promise.all(credentials),
  }
}

async function proveSecret(
  facts: AppOutputs,
  credential: AppCredential,
  endpoints: Endpoints,
): Promise<Check[]> {
  const checks = await Promise.all(
    apisToProve(facts).map((api) => proveApi(api, facts, credential, endpoints)),
  )
  return checks.flat()
}

interface ApiToProve {
  readonly name: string
  readonly appId: string
  readonly roles: readonly string[]
}

/** APIs with application permissions; Graph in any case, since a token for it proves the secret itself. */
function apisToProve(facts: AppOutputs): ApiToProve[] {
  const declared = Object.entries(facts.permissions).map(([name, { appId, application }]) => ({
    name,
    appId,
    roles: application,
  }))
  const graph = declared.find(({ appId }) => appId === GRAPH_APP_ID)
  const others = declared.filter(({ appId, roles }) => appId !== GRAPH_APP_ID && roles.length > 0)
  return [graph ?? { name: 'Microsoft Graph', appId: GRAPH_APP_ID, roles: [] }, ...others]
}

async function proveApi(
  api: ApiToProve,
  facts: AppOutputs,
  credential: AppCredential,
  endpoints: Endpoints,
): Promise<Check[]> {
  const isGraph = api.appId === GRAPH_APP_ID
  const resource = isGraph ? endpoints.graphUrl : api.appId
  const result = await requestToken(credential, resource, endpoints)
  if (!result.ok) return [{ name: `token for ${api.name}`, ok: false, detail: result.reason }]
  const checks = judgeClaims(result.claims, {
    tenantId: facts.tenantId,
    clientId: facts.clientId,
    audiences: [resource, api.appId],
    roles: api.roles,
  })
  const client = graphClient(result.token, endpoints)
  const probes = isGraph ? await Promise.all(facts.probes.map((probe) => runProbe(client, probe))) : []
  return [{ name: `token for ${api.name}`, ok: true, detail: 'issued' }, ...checks, ...probes]
}
