import type { HashicorpVaultDeclaration } from '../../infra/declaration/schema/delivery/hashicorp-vault.ts'
import { saidIn, vaultToken } from './hashicorp-vault-login.ts'
import { callJson, isRefusal, type JsonAnswer, type JsonRequest, RefusedError } from './json-api.ts'
import { type DeliveryOptions, requestLimit } from './options.ts'
import {
  type Delivery,
  DeliveryError,
  type DeliveryTarget,
  GenerationLost,
  reasonOf,
  sameSecret,
} from './target.ts'

export type HashicorpVaultOptions = Pick<DeliveryOptions, 'env' | 'signal' | 'requestMs'>

/** Times that a secret may change between reading and writing it. */
const TRIES = 5

/** A secret as it was read: its keys, and its version for check-and-set, which is 0 before there is one. */
interface Secret {
  readonly keys: Readonly<Record<string, unknown>>
  readonly version: number
}

/**
 * A key of a secret in the KV secrets engine, version 2, of HashiCorp Vault or OpenBao. The server merges the key into the
 * version that was read, and refuses when there is a newer one ("check-and-set"): other keys stay, whoever writes them,
 * and so does the metadata. The new version is read back.
 */
export function hashicorpVaultTarget(
  id: string,
  declaration: HashicorpVaultDeclaration,
  options: HashicorpVaultOptions,
): DeliveryTarget {
  const { key } = declaration
  const api = secretApi(declaration, options)
  const isIn = ({ keys }: Secret, { value }: Delivery) => {
    const held = Object.hasOwn(keys, key) ? keys[key] : undefined
    return typeof held === 'string' && sameSecret(held, value)
  }
  return {
    id,
    async deliver(delivery, { beforeWrite } = {}) {
      let exposed = false
      try {
        for (let tries = 1; ; tries++) {
          const found = await api.read()
          if (isIn(found, delivery)) return { version: String(found.version) }
          await beforeWrite?.()
          exposed = true
          const version = await api.write(found, { [key]: delivery.value }).catch((error: unknown) => {
            exposed = !isRefusal(error)
            throw error
          })
          if (version !== undefined) {
            if (isIn(await api.read(version), delivery)) return { version: String(version) }
            throw new Error('the version just written holds something else')
          }
          exposed = false
          if (tries === TRIES) throw new Error('others keep changing the secret; run it again')
        }
      } catch (error) {
        if (error instanceof GenerationLost) throw error
        throw new DeliveryError(id, reasonOf(error), { exposed, cause: error })
      }
    },
    async holds(delivery) {
      try {
        return isIn(await api.read(), delivery) ? 'yes' : 'no'
      } catch (error) {
        throw new DeliveryError(id, reasonOf(error), { exposed: false, cause: error })
      }
    },
  }
}

/** The calls of the KV secrets engine, version 2. */
function secretApi(declaration: HashicorpVaultDeclaration, options: HashicorpVaultOptions) {
  const { address, namespace, mount, path } = declaration
  const call = (path: string, { headers, ...request }: JsonRequest = {}) =>
    callJson(new URL(`${address}/v1/${path}`), requestLimit(options), {
      ...request,
      headers: { ...headers, ...(namespace && { 'x-vault-namespace': namespace }) },
    })
  let token: Promise<string> | undefined
  const authorized = async (query: string, { headers, ...request }: JsonRequest = {}) => {
    token ??= vaultToken(declaration, options.env, call).catch((error: unknown) => {
      token = undefined
      throw error
    })
    return call(`${mount}/data/${path}${query}`, {
      ...request,
      headers: { ...headers, authorization: `Bearer ${await token}` },
    })
  }
  return {
    /** Default: the latest version. */
    async read(version?: number): Promise<Secret> {
      const { status, body } = await authorized(version === undefined ? '' : `?version=${version}`)
      const { data, metadata } = (body['data'] ?? {}) as {
        data?: Secret['keys'] | null
        metadata?: { version?: number }
      }
      // A deleted version answers 404 too, with its metadata.
      if (status === 200 || (status === 404 && metadata)) {
        return { keys: data ?? {}, version: metadata?.version ?? 0 }
      }
      if (status === 404) return { keys: {}, version: 0 }
      throw refused(status, body)
    },
    /** @returns the new version, or undefined when the secret is not as it was found any more */
    async write({ keys, version }: Secret, changed: object): Promise<number | undefined> {
      const body = { options: { cas: version }, data: changed }
      const merging = { method: 'PATCH', headers: { 'content-type': 'application/merge-patch+json' } }
      const isEmpty = Object.keys(keys).length === 0
      const answer = await authorized('', { ...(!isEmpty && merging), body })
      const written = (answer.body['data'] as { version?: unknown } | undefined)?.version
      if (answer.status === 200 && typeof written === 'number') return written
      if (answer.status === 400 && /check-and-set/.test(saidIn(answer.body))) return undefined
      throw refused(answer.status, answer.body)
    },
  }
}

function refused(status: number, body: JsonAnswer['body']): RefusedError {
  const fix = FIXES[status]
  return new RefusedError(status, `the server answered ${status}${saidIn(body)}${fix ? ` (${fix})` : ''}`)
}

const FIXES: Readonly<Record<number, string>> = {
  307: 'it redirects; declare the address that it redirects to',
  403: 'the token has expired, or its policy lacks "read", "create" or "patch" for the secret, see docs/delivery.md',
  503: 'it is sealed or down',
}
