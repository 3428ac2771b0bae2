import { createHmac } from 'node:crypto'
import { tmpdir } from 'node:os'
import { type Backend, stateKey } from './backend.ts'
import { folderWith, freePort, pathFolders, startServer } from './server.ts'

/** Installed on demand and not a dependency: it weighs 360 MB with 450 packages, and only some of the tests need it. */
export const AZURITE = {
  version: '3.37.0',
  isInstalled: () => folderWith('azurite-blob', pathFolders()) !== undefined,
}

/** The account that every Azurite has, and its published key (Microsoft Learn, "Use the Azurite emulator"). */
const ACCOUNT = 'devstoreaccount1'
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='
const CONTAINER = 'state'
const API_VERSION = '2021-12-02'

/** An emulator of Azure Blob Storage with an empty container, which forgets everything when it is closed. */
export async function openAzurite(): Promise<Backend> {
  const port = await freePort()
  const host = `127.0.0.1:${port}`
  const args = ['--blobPort', String(port), '--silent', '--skipApiVersionCheck', '--inMemoryPersistence']
  const [command, before] = AZURITE.isInstalled()
    ? ['azurite-blob', []]
    : [
        'npm',
        [
          'exec',
          '--yes',
          '--ignore-scripts',
          '--package',
          `azurite@${AZURITE.version}`,
          '--',
          'azurite-blob',
        ],
      ]
  const server = await startServer(command, [...before, ...args], { cwd: tmpdir() }, async () =>
    request(host, 'PUT', CONTAINER, { restype: 'container' }).then(({ status }) => status === 201),
  )
  return {
    env: {
      PULUMI_BACKEND_URL: `azblob://${CONTAINER}?storage_account=${ACCOUNT}&domain=${host}&protocol=http&localemu=true`,
      AZURE_STORAGE_ACCOUNT: ACCOUNT,
      AZURE_STORAGE_KEY: KEY,
    },
    stateOf: async (stack) => {
      const answer = await request(host, 'GET', `${CONTAINER}/${stateKey(stack)}`)
      return answer.ok ? await answer.text() : ''
    },
    close: () => server.stop(),
  }
}

/** A request with the account's key (Microsoft Learn, "Authorize with Shared Key"). */
function request(host: string, method: 'GET' | 'PUT', path: string, query: Record<string, string> = {}) {
  const headers = { 'x-ms-date': new Date().toUTCString(), 'x-ms-version': API_VERSION }
  const resource = Object.entries(query).map(([name, value]) => `\n${name}:${value}`)
  const toSign = [
    method,
    ...Array.from({ length: 11 }, () => ''),
    ...Object.entries(headers).map(([name, value]) => `${name}:${value}`),
    `/${ACCOUNT}/${ACCOUNT}/${path}${resource.join('')}`,
  ].join('\n')
  const signature = createHmac('sha256', Buffer.from(KEY, 'base64')).update(toSign).digest('base64')
  return fetch(`http://${host}/${ACCOUNT}/${path}?${new URLSearchParams(query)}`, {
    method,
    headers: { ...headers, authorization: `SharedKey ${ACCOUNT}:${signature}` },
  })
}
