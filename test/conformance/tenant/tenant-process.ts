/** Runs a tenant in a process of its own, for tests that kill it: data directory as argument, address on stdout. */
import { startTenant } from '../../../tenant/index.ts'

const [, , dataDir = ''] = process.argv
const tenant = await startTenant({ dataDir })
process.stdout.write(`${JSON.stringify({ port: tenant.port })}\n`)
