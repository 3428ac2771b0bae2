/**
 * Loaded into a client that knows Microsoft's public cloud only (`node --import`): what it asks of login and Microsoft
 * Graph goes to the local tenant at TENANT_URL, and nothing goes anywhere else.
 */
import https, { type RequestOptions } from 'node:https'
import { syncBuiltinESMExports } from 'node:module'

const tenant = new URL(process.env['TENANT_URL'] ?? '')
const HOSTS = ['login.microsoftonline.com', 'graph.microsoft.com', 'localhost']
const { request } = https

https.request = ((options: RequestOptions, callback: Parameters<typeof request>[2]) => {
  const { hostname, port, host } = tenant
  const asked = String(options.hostname ?? options.host)
  if (!HOSTS.includes(asked)) throw new Error(`${asked} is not the local tenant`)
  const headers = { ...options.headers, host }
  return request(
    { ...options, hostname, host: hostname, port, servername: hostname, headers, agent: false },
    callback,
  )
}) as typeof https.request
syncBuiltinESMExports()
