import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import { CommandError } from '../../lib/errors.ts'
import type { AppTarget } from '../model/app-target.ts'
import type { Credential, ExpectedApi } from '../model/target.ts'

export interface EnvironmentTargetOptions {
  /** `Files.Read.All` is Graph's; `api://listOrder=ListOrder.Read.All` another API's. */
  readonly expect: readonly string[]
  readonly probes: readonly string[]
  /** When the credential or its consent was last changed; left out, long ago. */
  readonly changedAt?: Date
}

/**
 * What a consumer's own pipeline proves, without Pulumi: the credential in the environment, under the names that Azure
 * Identity gives them: AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH (with
 * AZURE_CLIENT_CERTIFICATE_PASSWORD) or AZURE_FEDERATED_TOKEN_FILE.
 *
 * @throws CommandError NO_CREDENTIAL when something is missing
 */
export function environmentTarget(env: NodeJS.ProcessEnv, options: EnvironmentTargetOptions): AppTarget {
  const tenantId = required(env, 'AZURE_TENANT_ID')
  const clientId = required(env, 'AZURE_CLIENT_ID')
  const target = clientTarget({ tenantId, clientId, credential: credentialIn(env) }, options)
  return { ...target, app: 'environment', displayName: 'from the environment' }
}

/** One credential of one application, of which nothing else is known. */
export interface ClientToProve {
  readonly tenantId: string
  readonly clientId: string
  readonly credential: Credential
}

/** What stands for the application of a single credential. */
export function clientTarget(client: ClientToProve, options: EnvironmentTargetOptions): AppTarget {
  const { tenantId, clientId, credential } = client
  const { changedAt, probes } = options
  const changes = changedAt && { application: changedAt, credential: changedAt, consent: changedAt }
  return {
    app: 'client',
    displayName: clientId,
    tenantId,
    clientId,
    ...(changes && { changedAt: changes }),
    credentials: [
      {
        target: {
          label: credential.kind === 'federated' ? 'federated token' : credential.kind,
          tenantId,
          clientId,
          credential,
          expected: { apis: expectedApis(options.expect), probes },
          ...(changes && { changedAt: changes }),
        },
      },
    ],
  }
}

function credentialIn(env: NodeJS.ProcessEnv): Credential {
  const value = env['AZURE_CLIENT_SECRET']
  if (value) return { kind: 'secret', value }
  const path = env['AZURE_CLIENT_CERTIFICATE_PATH']
  if (path) {
    const password = env['AZURE_CLIENT_CERTIFICATE_PASSWORD']
    return { kind: 'certificate', path, ...(password && { password }) }
  }
  const tokenFile = env['AZURE_FEDERATED_TOKEN_FILE']
  if (tokenFile) return { kind: 'federated', tokenFile }
  throw new CommandError(
    'NO_CREDENTIAL',
    'The environment holds no credential to prove. Set AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE.',
  )
}

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name]
  if (value) return value
  throw new CommandError(
    'NO_CREDENTIAL',
    `${name} is not set. verify --from-env needs it beside the credential.`,
  )
}

/** Groups the expected roles by API. */
export function expectedApis(expect: readonly string[]): ExpectedApi[] {
  const roles = expect.map((entry) => {
    const at = entry.lastIndexOf('=')
    return at < 0
      ? { api: MICROSOFT_GRAPH_APP_ID, role: entry }
      : { api: entry.slice(0, at), role: entry.slice(at + 1) }
  })
  return [...Map.groupBy(roles, ({ api }) => api)].map(([api, entries]) => ({
    name: api === MICROSOFT_GRAPH_APP_ID ? 'Microsoft Graph' : api,
    appId: api,
    roles: [...new Set(entries.map(({ role }) => role))],
  }))
}
