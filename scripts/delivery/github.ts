import type { Octokit } from '@octokit/core'
import type { GithubDeclaration } from '../../infra/declaration/schema/delivery/github.ts'
import { githubToken, openGithub } from '../lib/github.ts'
import { type DeliveryOptions, requestLimit } from './options.ts'
import { DeliveryError, type DeliveryTarget } from './target.ts'

export type GithubOptions = Pick<DeliveryOptions, 'env' | 'signal' | 'requestMs'>

/**
 * A secret of GitHub Actions, of the repository or of one of its environments. The value leaves this process sealed
 * for GitHub's public key ("Encrypting secrets for the REST API"). GitHub never shows a secret again, so a delivery
 * is confirmed by the time it says the secret was updated.
 *
 * Logs in with GITHUB_TOKEN or GH_TOKEN, which may write Actions secrets of the repository (fine-grained: "Secrets" or
 * "Environments", read and write). GITHUB_API_URL is the base address of the REST API. Default: https://api.github.com
 */
export function githubTarget(
  id: string,
  declaration: GithubDeclaration,
  options: GithubOptions,
): DeliveryTarget {
  const token = githubToken(options.env)
  let opened: Promise<SecretsApi> | undefined
  const open = () => {
    opened ??= openGithub(options.env).then((octokit) => secretsApi(octokit, declaration, options))
    return opened
  }
  return {
    id,
    async deliver({ value }, { beforeWrite } = {}) {
      if (!token) {
        throw new DeliveryError(id, 'no token: set GITHUB_TOKEN or GH_TOKEN to one that may write secrets', {
          exposed: false,
        })
      }
      const sealed = await seal(id, open, value)
      await beforeWrite?.()
      const api = await open()
      let isStored = false
      try {
        await api.put(sealed)
        isStored = true
        return { version: await api.updatedAt() }
      } catch (error) {
        throw failure(id, error, isStored || !isRefusal(error))
      }
    },
    async holds(_delivery, version) {
      if (version === undefined) return 'unknown'
      try {
        return (await (await open()).updatedAt()) === version ? 'yes' : 'no'
      } catch (error) {
        if (statusOf(error) === 404) return 'no'
        throw failure(id, error, false)
      }
    },
  }
}

interface PublicKey {
  readonly key_id: string
  readonly key: string
}

interface Sealed {
  readonly key_id: string
  readonly encrypted_value: string
}

/** The three calls, below the repository or the environment. */
function secretsApi(
  octokit: Octokit,
  { repository, environment, secret }: GithubDeclaration,
  options: GithubOptions,
) {
  const [owner = '', repo = ''] = repository.split('/')
  const base = environment
    ? '/repos/{owner}/{repo}/environments/{environment}/secrets'
    : '/repos/{owner}/{repo}/actions/secrets'
  const where = () => ({
    ...{ owner, repo, ...(environment && { environment }) },
    request: { signal: requestLimit(options) },
  })
  return {
    publicKey: async () => (await octokit.request(`GET ${base}/public-key`, where())).data as PublicKey,
    put: (sealed: Sealed) => octokit.request(`PUT ${base}/{secret}`, { ...where(), secret, ...sealed }),
    updatedAt: async () => {
      const { data } = await octokit.request(`GET ${base}/{secret}`, { ...where(), secret })
      return (data as { updated_at: string }).updated_at
    },
  }
}

type SecretsApi = ReturnType<typeof secretsApi>

async function seal(id: string, open: () => Promise<SecretsApi>, value: string): Promise<Sealed> {
  try {
    const { key, key_id } = await (await open()).publicKey()
    const { default: sodium } = await import('libsodium-wrappers')
    await sodium.ready
    const publicKey = sodium.from_base64(key, sodium.base64_variants.ORIGINAL)
    const box = sodium.crypto_box_seal(sodium.from_string(value), publicKey)
    return { key_id, encrypted_value: sodium.to_base64(box, sodium.base64_variants.ORIGINAL) }
  } catch (error) {
    throw failure(id, error, false)
  }
}

function failure(id: string, error: unknown, exposed: boolean): DeliveryError {
  const status = statusOf(error)
  const said = error instanceof Error ? error.message : String(error)
  const fix = status === undefined ? undefined : FIXES[status]
  return new DeliveryError(
    id,
    status === undefined ? said : `GitHub answered ${status}: ${said}${fix ? ` (${fix})` : ''}`,
    { exposed, cause: error },
  )
}

const FIXES: Readonly<Record<number, string>> = {
  401: 'the token is not accepted: it has expired, or belongs to another server',
  403: 'the token may not write secrets here: fine-grained tokens need "Secrets" or "Environments", read and write',
  404: 'there is no such repository or environment, or the token may not see it',
}

function statusOf(error: unknown): number | undefined {
  // Octokit reports a connection that failed as status 500 without an answer.
  const { status, response } = (error ?? {}) as { status?: unknown; response?: unknown }
  return response !== undefined && typeof status === 'number' ? status : undefined
}

function isRefusal(error: unknown): boolean {
  const status = statusOf(error)
  return status !== undefined && status >= 400 && status < 500
}
