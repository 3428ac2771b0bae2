import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { KubernetesDeclaration } from '../../../infra/declaration/schema/delivery/kubernetes.ts'
import { openTarget } from '../../../scripts/delivery/index.ts'
import { describeClient, INSTALL_TIMEOUT } from '../../support/clients/describe.ts'
import { npmPackage } from '../../support/clients/install.ts'
import {
  ADMIN_TOKEN,
  DEPLOYER,
  DEPLOYER_TOKEN,
  type Kubernetes,
  startKubernetes,
} from '../../support/kubernetes.ts'
import { describeContract } from './contract.ts'
import { openFaultProxy } from './fault-proxy.ts'
import { delivery } from './support.ts'

const CLIENT = '@kubernetes/client-node@2.0.1'
const SECRETS = '/api/v1/namespaces/files/secrets'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'entra-apps-kubeconfig-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(dir, { recursive: true, force: true })
})

/** Makes this the cluster that the client finds. */
async function useCluster(server: string, token: string): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  }
  const file = join(dir, 'kubeconfig.json')
  await writeFile(file, JSON.stringify(config))
  vi.stubEnv('KUBECONFIG', file)
}

describeClient({ name: 'delivery to Kubernetes', version: '1.36.3' }, 'go', () => {
  let cluster: Kubernetes
  let projectDir: string
  beforeAll(async () => {
    cluster = await startKubernetes(join(import.meta.dirname, 'kubernetes-server'))
    projectDir = await npmPackage('kubernetes-client-2.0.1', CLIENT)
    await cluster.call('POST', '/api/v1/namespaces', { metadata: { name: 'files' } })
  }, INSTALL_TIMEOUT)
  afterAll(() => cluster?.close())

  const open = (declared: Partial<KubernetesDeclaration> = {}, more: object = {}) =>
    openTarget(
      { kubernetes: { namespace: 'files', secret: 'app', key: 'clientSecret', ...declared } },
      { projectDir, env: {}, azureCredential: () => expect.unreachable(), ...more },
    )
  const dataOf = async (secret: string) => {
    const { body } = await cluster.call('GET', `${SECRETS}/${secret}`)
    return ((body as { data?: Record<string, string> }).data ?? {}) as Record<string, string | undefined>
  }
  const text = (base64: string | undefined) =>
    base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString()

  describeContract('a cluster', async () => {
    const secret = `app-${randomUUID()}`
    const theirs = { metadata: { name: secret, labels: { team: 'theirs' } }, stringData: { theirs: 'stays' } }
    await cluster.call('POST', SECRETS, theirs)
    const proxy = await openFaultProxy(cluster.url)
    await useCluster(proxy.url, ADMIN_TOKEN)
    return {
      proxy,
      open: (more) => open({ secret }, more),
      stored: async () => text((await dataOf(secret))['clientSecret']),
      others: async () => ({ ...(await dataOf(secret)), clientSecret: undefined }),
    }
  })

  it('creates a Secret, and lets two of its keys live beside each other', async () => {
    await useCluster(cluster.url, ADMIN_TOKEN)
    const secret = 'created'
    await open({ secret, key: 'a' }).deliver(delivery())
    await open({ secret, key: 'b' }).deliver(delivery(2))
    const { value } = delivery()
    expect(Object.values(await dataOf(secret)).map(text)).toEqual([value, delivery(2).value])
  })

  it('takes no key from another field manager', async () => {
    await useCluster(cluster.url, ADMIN_TOKEN)
    const theirs = { metadata: { name: 'theirs' }, stringData: { clientSecret: 'made by hand' } }
    await cluster.call('POST', `${SECRETS}?fieldManager=helm`, theirs)
    await expect(open({ secret: 'theirs' }).deliver(delivery())).rejects.toMatchObject({
      exposed: false,
      message: expect.stringMatching(
        /answered 409: .*conflict with "helm" using v1: \.data\.clientSecret \(the key belongs to that field manager/,
      ),
    })
    expect(text((await dataOf('theirs'))['clientSecret'])).toBe('made by hand')
  })

  it('needs no more than the role of the documentation', async () => {
    await cluster.call('POST', SECRETS, { metadata: { name: 'granted' } })
    const rules = [
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['granted'], verbs: ['get', 'patch'] },
    ]
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/files'
    await cluster.call('POST', `${rbac}/roles`, { metadata: { name: 'deliver' }, rules })
    await cluster.call('POST', `${rbac}/rolebindings`, {
      metadata: { name: 'deliver' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'deliver' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: DEPLOYER }],
    })
    await useCluster(cluster.url, DEPLOYER_TOKEN)
    await open({ secret: 'granted' }).deliver(delivery())
    expect(await open({ secret: 'granted' }).holds(delivery())).toBe('yes')
    await expect(open({ secret: 'others' }).deliver(delivery())).rejects.toThrow(
      /answered 403: .*"others" is forbidden.*the login needs "get" and "patch"/,
    )
    await useCluster(cluster.url, 'no such token')
    await expect(open().holds(delivery())).rejects.toThrow(
      /answered 401: .*the kubeconfig holds no valid login/,
    )
  })

  it('says that a namespace or a context is missing', async () => {
    await useCluster(cluster.url, ADMIN_TOKEN)
    await expect(open({ namespace: 'missing' }).deliver(delivery())).rejects.toThrow(
      /answered 404: namespaces "missing" not found \(create the namespace\)/,
    )
    await expect(open({ context: 'missing' }).deliver(delivery())).rejects.toThrow(
      'the kubeconfig has no context "missing"',
    )
  })
})

describe('delivery to Kubernetes', () => {
  const open = () =>
    openTarget(
      { kubernetes: { namespace: 'files', secret: 'app', key: 'k' } },
      { projectDir: dir, env: {}, azureCredential: () => expect.unreachable() },
    )

  it('says what to install', async () => {
    await expect(open().deliver(delivery())).rejects.toMatchObject({
      exposed: false,
      message: expect.stringMatching(/is not installed; run: npm install @kubernetes\/client-node$/),
    })
  })

  it('uses the client of the project, and shows no header of its errors', async () => {
    const folder = join(dir, 'node_modules/@kubernetes/client-node')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'package.json'), '{ "type": "module", "main": "index.js" }')
    // A double of the client, whose server refuses every write.
    await writeFile(
      join(folder, 'index.js'),
      `export class CoreV1Api {}
       const refused = (code, message) => Object.assign(
         new Error('Headers: NeverLogThis'), { code, body: JSON.stringify({ message }) })
       export class KubeConfig {
         loadFromDefault() {}
         makeApiClient() {
           return {
             readNamespacedSecret: async () => { throw refused(404, 'no Secret') },
             patchNamespacedSecret: async () => { throw refused(409, 'conflict with "helm"') },
           }
         }
       }
       export const setHeaderMiddleware = () => ({ pre() {}, post() {} })`,
    )
    expect(await open().holds(delivery())).toBe('no')
    const error: unknown = await open()
      .deliver(delivery())
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({
      exposed: false,
      message: expect.stringMatching(
        /answered 409: conflict with "helm" \(the key belongs to that field manager/,
      ),
    })
    expect(String(error)).not.toContain('NeverLogThis')
  })
})
