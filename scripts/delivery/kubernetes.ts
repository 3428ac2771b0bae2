import { resolve } from 'node:path'
import type { KubernetesDeclaration } from '../../infra/declaration/schema/delivery/kubernetes.ts'
import { isObject } from '../../lib/is-object.ts'
import { type Cluster, type KubernetesSecret, openCluster } from './kubernetes-client.ts'
import { type DeliveryOptions, requestLimit } from './options.ts'
import { DeliveryError, type DeliveryTarget, reasonOf, sameSecret } from './target.ts'

export type KubernetesOptions = Pick<DeliveryOptions, 'projectDir' | 'signal' | 'requestMs'>

/**
 * A key of a Secret in Kubernetes, by server-side apply. Each key has a field manager of its own, `entra-apps:<key>`:
 * what a manager does not apply any more is removed, so two keys of one manager would remove each other. A key of another
 * manager is a conflict, and is not forced. The Secret is read back.
 */
export function kubernetesTarget(
  id: string,
  { context, namespace, secret: name, key }: KubernetesDeclaration,
  options: KubernetesOptions,
): DeliveryTarget {
  let opened: Promise<Cluster> | undefined
  const cluster = () => {
    opened ??= openCluster(context, resolve(options.projectDir))
    return opened
  }
  const isIn = ({ data }: KubernetesSecret, value: string) => {
    const held = data?.[key]
    return held !== undefined && sameSecret(Buffer.from(held, 'base64').toString(), value)
  }
  const read = async (): Promise<KubernetesSecret> => {
    const { secrets, options: requestOptions } = await cluster()
    const limit = requestOptions(['Accept', 'application/json'], requestLimit(options))
    return secrets.readNamespacedSecret({ namespace, name }, limit)
  }
  const apply = async (value: string) => {
    const { secrets, options: requestOptions } = await cluster()
    const body = {
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name } },
      data: { [key]: Buffer.from(value).toString('base64') },
    }
    const change = { namespace, name, body, fieldManager: `entra-apps:${key}`, force: false as const }
    const limit = requestOptions(['Content-Type', 'application/apply-patch+yaml'], requestLimit(options))
    await secrets.patchNamespacedSecret(change, limit)
  }
  const holds = (value: string) =>
    read().then(
      (found) => isIn(found, value),
      (error: unknown) => {
        if (statusOf(error) === 404) return false
        throw error
      },
    )
  return {
    id,
    async deliver({ value }, { beforeWrite } = {}) {
      const isHeld = await holds(value).catch((error: unknown) => {
        throw failure(id, error, false)
      })
      if (isHeld) return {}
      await beforeWrite?.()
      let isStored = false
      try {
        await apply(value)
        isStored = true
        if (!isIn(await read(), value)) throw new Error('the Secret does not hold what was just applied')
        return {}
      } catch (error) {
        const status = statusOf(error) ?? 0
        throw failure(id, error, isStored || status < 400 || status >= 500)
      }
    },
    async holds({ value }) {
      try {
        return (await holds(value)) ? 'yes' : 'no'
      } catch (error) {
        throw failure(id, error, false)
      }
    },
  }
}

function failure(id: string, error: unknown, exposed: boolean): DeliveryError {
  const status = statusOf(error)
  if (status === undefined) return new DeliveryError(id, reasonOf(error), { exposed, cause: error })
  const fix = FIXES[status]
  // The error's own message repeats headers.
  const reason = `the cluster answered ${status}: ${saidBy(error)}${fix ? ` (${fix})` : ''}`
  return new DeliveryError(id, reason, { exposed })
}

const FIXES: Readonly<Record<number, string>> = {
  401: 'log in to the cluster: the kubeconfig holds no valid login',
  403: 'the login needs "get" and "patch" for the Secret, and "create" if it is missing, see docs/delivery.md',
  404: 'create the namespace',
  409: 'the key belongs to that field manager and is not taken from it; deliver to another key, or let it give up the key',
}

function statusOf(error: unknown): number | undefined {
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'number' ? code : undefined
}

/** The message of the `Status` object that the API server answers with. */
function saidBy(error: unknown): string {
  const { body } = error as { body?: unknown }
  const status: unknown = typeof body === 'string' ? parsed(body) : body
  return isObject(status) && typeof status['message'] === 'string' ? status['message'] : 'no reason'
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
