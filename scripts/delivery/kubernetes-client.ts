import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What is used of `@kubernetes/client-node`, which is not installed with the package: it takes 60 MB. */
const PACKAGE = '@kubernetes/client-node'

/** As much of a Secret as delivery reads. */
export interface KubernetesSecret {
  readonly data?: Readonly<Record<string, string>>
}

interface Request {
  setSignal(signal: AbortSignal): void
}

/** Changes requests; what `pre` and `post` return is the client's own kind of promise. */
interface Middleware {
  pre(request: Request): unknown
  post(response: unknown): unknown
}

interface RequestOptions {
  readonly middleware: readonly Middleware[]
  readonly middlewareMergeStrategy: 'append'
}

interface Named {
  readonly namespace: string
  readonly name: string
}

/** The client's calls for Secrets. They throw errors with the status as `code` and the server's answer as `body`. */
export interface SecretsApi {
  readNamespacedSecret(secret: Named, options: RequestOptions): Promise<KubernetesSecret>
  patchNamespacedSecret(
    change: Named & { readonly body: object; readonly fieldManager: string; readonly force: false },
    options: RequestOptions,
  ): Promise<KubernetesSecret>
}

interface ClientPackage {
  readonly KubeConfig: new () => {
    loadFromDefault(): void
    getContextObject(name: string): unknown
    setCurrentContext(name: string): void
    makeApiClient(api: unknown): SecretsApi
  }
  readonly CoreV1Api: unknown
  setHeaderMiddleware(key: string, value: string): Middleware
}

/** A cluster, as the kubeconfig describes it. */
export interface Cluster {
  readonly secrets: SecretsApi
  /** Options of one request with a header, which ends when the signal fires. */
  options(header: readonly [name: string, value: string], limit: AbortSignal): RequestOptions
}

/**
 * Logs in as kubectl does: KUBECONFIG, `~/.kube/config`, or the service account of the pod.
 *
 * @param projectDir whose packages are used
 * @throws Error that says what to install or to set
 */
export async function openCluster(context: string | undefined, projectDir: string): Promise<Cluster> {
  const { KubeConfig, CoreV1Api, setHeaderMiddleware } = await loadClient(projectDir)
  const config = new KubeConfig()
  config.loadFromDefault()
  if (context !== undefined) {
    if (!config.getContextObject(context)) throw new Error(`the kubeconfig has no context "${context}"`)
    config.setCurrentContext(context)
  }
  return {
    secrets: config.makeApiClient(CoreV1Api),
    options: ([name, value], limit) => {
      const header = setHeaderMiddleware(name, value)
      const pre = (request: Request) => {
        request.setSignal(limit)
        return header.pre(request)
      }
      return { middleware: [{ ...header, pre }], middlewareMergeStrategy: 'append' }
    },
  }
}

async function loadClient(projectDir: string): Promise<ClientPackage> {
  for (const from of [join(projectDir, 'package.json'), import.meta.url]) {
    const path = resolved(from)
    if (path !== undefined) return import(pathToFileURL(path).href)
  }
  throw new Error(`${PACKAGE} is not installed; run: npm install ${PACKAGE}`)
}

function resolved(from: string): string | undefined {
  try {
    return createRequire(from).resolve(PACKAGE)
  } catch {
    return undefined
  }
}
