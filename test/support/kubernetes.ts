import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { freePort, startServer } from './backends/server.ts'
import { goProgram } from './clients/install.ts'

/** Tokens of an administrator, and of somebody without any rights of their own. */
export const ADMIN_TOKEN = 'admin-of-the-test'
export const DEPLOYER_TOKEN = 'deployer-of-the-test'
export const DEPLOYER = 'deployer'

export interface Kubernetes {
  readonly url: string
  /** Calls the API as administrator. */
  call(method: string, path: string, body?: object, type?: string): Promise<{ status: number; body: never }>
  close(): Promise<void>
}

/**
 * Starts the API server of Kubernetes with etcd, both built from Go modules once. Building takes longer than anything else that
 * tests install (CONTRIBUTING.md); starting, some seconds.
 *
 * @param source folder of the Go module
 */
export async function startKubernetes(source: string): Promise<Kubernetes> {
  const program = await goProgram(source)
  const dir = await mkdtemp(join(tmpdir(), 'entra-apps-kubernetes-'))
  const [client, peer, port] = [await freePort(), await freePort(), await freePort()]
  const etcdUrl = `http://127.0.0.1:${client}`
  const key = join(dir, 'service-account.pem')
  execFileSync('openssl', ['genrsa', '-out', key, '2048'], { stdio: 'ignore' })
  const tokens = `${ADMIN_TOKEN},admin,1,"system:masters"\n${DEPLOYER_TOKEN},${DEPLOYER},2\n`
  await writeFile(join(dir, 'tokens.csv'), tokens)
  const url = `https://127.0.0.1:${port}`
  const call: Kubernetes['call'] = async (method, path, body, type = 'application/json') => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': type }
    // The server has just made its certificate itself.
    const sent = request(new URL(path, url), { method, headers, rejectUnauthorized: false })
    sent.end(body && JSON.stringify(body))
    const answer = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve).once('error', reject)
    })
    return { status: answer.statusCode ?? 0, body: (await json(answer)) as never }
  }
  const etcd = await startServer(
    program,
    [
      'etcd',
      ...['--data-dir', join(dir, 'etcd'), '--listen-peer-urls', `http://127.0.0.1:${peer}`],
      ...['--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl],
    ],
    {},
    async () => (await fetch(`${etcdUrl}/health`)).ok,
  )
  const server = await startServer(
    program,
    [
      'kube-apiserver',
      ...[`--etcd-servers=${etcdUrl}`, `--secure-port=${port}`, '--bind-address=127.0.0.1'],
      ...[`--cert-dir=${join(dir, 'pki')}`, '--service-cluster-ip-range=10.0.0.0/24'],
      ...['--service-account-issuer=https://localhost', `--service-account-key-file=${key}`],
      ...[`--service-account-signing-key-file=${key}`, `--token-auth-file=${join(dir, 'tokens.csv')}`],
      ...['--authorization-mode=RBAC', '--disable-admission-plugins=ServiceAccount'],
    ],
    {},
    async () => (await call('GET', '/api/v1/namespaces/default')).status === 200,
  )
  return {
    url,
    call,
    close: async () => {
      await server.stop()
      await etcd.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
