import { existsSync, readFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import tls from 'node:tls'
import { Provider } from './provider.ts'
import { serve } from './server.ts'

// The engine starts this file, reads the port from the first line of stdout and kills the process when it is done.

/** Looks this often, in milliseconds, whether the engine still lives: one that was killed itself does not. */
const PARENT_CHECK = 2000

/** A file that is missing is not the end: the tenant's certificate is then refused, with a message that names the setting. */
function trustTenant(file: string | undefined): void {
  if (file === undefined || !existsSync(file)) return
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(file, 'utf8')])
}

function installedVersion(): string {
  const manifest = new URL(import.meta.resolve('@pulumi/azuread/package.json'))
  return JSON.parse(readFileSync(manifest, 'utf8')).version
}

function endWithEngine(): void {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0)
  }, PARENT_CHECK).unref()
}

trustTenant(process.env['SSL_CERT_FILE'])
endWithEngine()
const { port } = await serve(new Provider(), installedVersion())
process.stdout.write(`${port}\n`)
// Node would keep the compiled modules when it exits, but the engine kills this process.
flushCompileCache()
