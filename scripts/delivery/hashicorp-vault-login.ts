import type { HashicorpVaultDeclaration } from '../../infra/declaration/schema/delivery/hashicorp-vault.ts'
import { askGitHub } from '../proof/connection/deployer.ts'
import type { JsonAnswer, JsonRequest } from './json-api.ts'
import { RefusedError } from './json-api.ts'

/** Sends a request to a path of the server's API. */
type Call = (path: string, request?: JsonRequest) => Promise<JsonAnswer>

/**
 * A token for the server: VAULT_TOKEN; else one for the pipeline's own token, where the declaration names a role, or for
 * VAULT_ROLE_ID and VAULT_SECRET_ID.
 *
 * @throws Error that says what to set
 * @throws RefusedError
 */
export async function vaultToken(
  { address, login }: HashicorpVaultDeclaration,
  env: NodeJS.ProcessEnv,
  call: Call,
): Promise<string> {
  const token = env['VAULT_TOKEN']
  if (token) return token
  if (login) {
    const jwt = await pipelineToken(env, login.audience ?? address)
    return signIn(call, login.mount, { role: login.role, jwt })
  }
  const { VAULT_ROLE_ID: role_id, VAULT_SECRET_ID: secret_id } = env
  if (role_id && secret_id) return signIn(call, 'approle', { role_id, secret_id })
  throw new Error(
    'no login: set VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID, or declare a "login" with a role for the token of the pipeline',
  )
}

async function pipelineToken(env: NodeJS.ProcessEnv, audience: string): Promise<string> {
  const token = env['VAULT_ID_TOKEN']
  if (token) return token
  const [url, bearer] = [env['ACTIONS_ID_TOKEN_REQUEST_URL'], env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']]
  if (url && bearer) return askGitHub(url, bearer, fetch, audience)
  throw new Error(
    'no token of the pipeline: set VAULT_ID_TOKEN, or give the job of GitHub Actions the permission "id-token: write"',
  )
}

async function signIn(call: Call, mount: string, body: object): Promise<string> {
  const { status, body: answer } = await call(`auth/${mount}/login`, { body })
  const token = (answer['auth'] as { client_token?: unknown } | undefined)?.client_token
  if (status === 200 && typeof token === 'string') return token
  throw new RefusedError(status, `the login at "${mount}" was refused (${status})${saidIn(answer)}`)
}

/** What the server says of a failure, after a colon. */
export function saidIn(body: JsonAnswer['body']): string {
  const errors = body['errors']
  return Array.isArray(errors) && errors.length > 0
    ? `: ${errors.join('; ').replace(/\s+/g, ' ').trim()}`
    : ''
}
