import { readFile } from 'node:fs/promises'
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  type TokenCredential,
} from '@azure/identity'
import type { Endpoints } from '../proof/endpoints.ts'

const AUDIENCE = 'api://AzureADTokenExchange'

/**
 * The deployer's own identity, for reads that Pulumi does not make and for Key Vault: what the azuread provider would
 * log in with (its `ARM_*` variables: certificate, secret, federated token), else what `DefaultAzureCredential` finds,
 * such as `az login`.
 */
export function deployerCredential(env: NodeJS.ProcessEnv, endpoints: Endpoints): TokenCredential {
  const tenantId = env['ARM_TENANT_ID']
  const clientId = env['ARM_CLIENT_ID']
  const options = { authorityHost: endpoints.loginUrl, disableInstanceDiscovery: !endpoints.wellKnown }
  if (!tenantId || !clientId) return new DefaultAzureCredential({ ...options, ...(tenantId && { tenantId }) })
  const certificatePath = env['ARM_CLIENT_CERTIFICATE_PATH']
  if (certificatePath) {
    const certificatePassword = env['ARM_CLIENT_CERTIFICATE_PASSWORD']
    const certificate = { certificatePath, ...(certificatePassword && { certificatePassword }) }
    return new ClientCertificateCredential(tenantId, clientId, certificate, options)
  }
  const secret = env['ARM_CLIENT_SECRET']
  if (secret) return new ClientSecretCredential(tenantId, clientId, secret, options)
  if (env['ARM_USE_OIDC'] === 'true') {
    return new ClientAssertionCredential(tenantId, clientId, () => federatedToken(env), options)
  }
  return new DefaultAzureCredential({ ...options, tenantId })
}

/** The pipeline's own token: given, in a file, or asked for at GitHub Actions ("OpenID Connect reference"). */
async function federatedToken(env: NodeJS.ProcessEnv): Promise<string> {
  if (env['ARM_OIDC_TOKEN']) return env['ARM_OIDC_TOKEN']
  const file = env['ARM_OIDC_TOKEN_FILE_PATH']
  if (file) return (await readFile(file, 'utf8')).trim()
  const address = env['ARM_OIDC_REQUEST_URL'] ?? env['ACTIONS_ID_TOKEN_REQUEST_URL']
  const bearer = env['ARM_OIDC_REQUEST_TOKEN'] ?? env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']
  if (!address || !bearer) {
    throw new Error(
      'ARM_USE_OIDC is set, but there is no ARM_OIDC_TOKEN, ARM_OIDC_TOKEN_FILE_PATH or ACTIONS_ID_TOKEN_REQUEST_URL (in GitHub Actions: permissions: id-token: write)',
    )
  }
  const url = new URL(address)
  url.searchParams.set('audience', AUDIENCE)
  const response = await fetch(url, { headers: { authorization: `Bearer ${bearer}` } })
  if (!response.ok) throw new Error(`the pipeline's token service answered ${response.status}`)
  return ((await response.json()) as { value: string }).value
}
