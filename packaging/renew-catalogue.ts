/**
 * `npm run catalogue`: renews the permissions that Microsoft publishes from a tenant, where each of its APIs shows them.
 * Logs in as the deployer does (ARM_TENANT_ID and a credential, or `az login`) and only reads: Application.Read.All.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type PublishedApi, publishedApis } from '../microsoft/apis.ts'
import { requireDeployer } from '../scripts/proof/connection/deployer.ts'
import { discoverEndpoints, inCloud, openDirectory, openPorts } from '../scripts/proof/index.ts'
import { CATALOGUE_SELECT, catalogueChanges, catalogued, catalogueText } from './catalogue.ts'

/** Where to write. Default: microsoft/permissions of this repository. */
const [folder = fileURLToPath(new URL('../microsoft/permissions/', import.meta.url))] = process.argv.slice(2)

const endpoints = await discoverEndpoints(inCloud(process.env, undefined))
const opened = await openDirectory(openPorts(endpoints), requireDeployer(process.env), endpoints)
if (!opened.ok) throw new Error(`${opened.failure.code}: ${opened.failure.meaning}`)

const before = publishedApis()
const reads = await opened.value.reader.lists(
  before.map(({ appId }) => `/servicePrincipals?$filter=appId eq '${appId}'&${CATALOGUE_SELECT}`),
)
const after = before.map((api, i): PublishedApi => {
  const read = reads[i]
  if (!read?.ok) throw new Error(`${api.displayName}: ${read?.failure.code}: ${read?.failure.meaning}`)
  const [principal] = read.value
  if (principal) return catalogued(api, principal)
  console.log(`${api.displayName}: not in this tenant, kept as it was`)
  return api
})
for (const [i, api] of after.entries()) {
  const changes = catalogueChanges(before[i] as PublishedApi, api)
  if (changes.length > 0) console.log(`${api.displayName}: ${changes.join(', ')}`)
}
const [graph, ...others] = after
const write = (file: string, content: unknown) => writeFileSync(`${folder}/${file}`, catalogueText(content))
write('microsoft-graph.json', graph)
write('microsoft-apis.json', others)
write('catalogue.json', { asOf: new Date().toISOString().slice(0, 10) })
console.log('Written. Look at the difference, then run the tests and npm run docs.')
