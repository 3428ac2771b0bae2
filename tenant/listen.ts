import { lookup } from 'node:dns/promises'
import { BlockList, isIPv6 } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { TenantError } from './errors/tenant-error.ts'

/**
 * Makes the server listen.
 *
 * @returns the port
 * @throws TenantError `PORT_TAKEN`
 */
export async function listen(server: FastifyInstance, host: string, port: number): Promise<number> {
  try {
    await server.listen({ host, port })
  } catch (cause) {
    if (
      cause instanceof Error &&
      'code' in cause &&
      (cause.code === 'EADDRINUSE' || cause.code === 'EACCES')
    ) {
      throw new TenantError(
        'PORT_TAKEN',
        `Port ${port} on ${host} is taken (${cause.code}): choose another one, or port 0 for any that is free.`,
        { cause },
      )
    }
    throw cause
  }
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no TCP port')
  return address.port
}

/**
 * A rehearsal stage is not a security boundary, so nobody beyond this machine may reach it.
 *
 * @throws TenantError `NOT_LOOPBACK`
 */
export async function requireLoopback(host: string): Promise<void> {
  const loopback = new BlockList()
  loopback.addSubnet('127.0.0.0', 8, 'ipv4')
  loopback.addAddress('::1', 'ipv6')
  const addresses = await lookup(host, { all: true }).catch(() => [])
  const isLocal =
    addresses.length > 0 &&
    addresses.every(({ address }) => loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'))
  if (isLocal) return
  throw new TenantError(
    'NOT_LOOPBACK',
    `The local tenant listens on loopback only, and "${host}" is not: use 127.0.0.1 or localhost.`,
  )
}
