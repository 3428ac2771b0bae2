import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** How a name server answers: with an address, that there is none, that there is no such name, that it cannot tell, or not at all. */
export type DnsAnswer = 'address' | 'no-data' | 'no-name' | 'failure' | 'silence'

const CODES = { address: 0, 'no-data': 0, 'no-name': 3, failure: 2 } as const

export interface DnsServer {
  /** For `Resolver.setServers`. */
  readonly address: string
  /** Names that were asked for, each as often as it was. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

/** A name server on loopback (RFC 1035: a header of 12 bytes, one question, at most one answer). */
export async function openDnsServer(answers: Readonly<Record<string, DnsAnswer>>): Promise<DnsServer> {
  const asked: string[] = []
  const socket = createSocket('udp4', (query, from) => {
    let end = 12
    const labels: string[] = []
    for (let length = query[end] ?? 0; length > 0; length = query[end] ?? 0) {
      labels.push(query.toString('latin1', end + 1, end + 1 + length))
      end += 1 + length
    }
    const question = query.subarray(12, end + 5)
    const isA = query.readUInt16BE(end + 1) === 1
    const name = labels.join('.')
    asked.push(name)
    const answer = answers[name] ?? 'failure'
    if (answer === 'silence') return
    const hasAddress = answer === 'address' && isA
    const header = Buffer.from(query.subarray(0, 12))
    header.writeUInt16BE(0x8180 | CODES[answer], 2)
    header.fill(0, 6)
    header.writeUInt16BE(hasAddress ? 1 : 0, 6)
    // The name again (by reference), A, IN, 60 seconds, four bytes.
    const record = Buffer.from('c00c000100010000003c00047f000001', 'hex')
    socket.send(Buffer.concat([header, question, ...(hasAddress ? [record] : [])]), from.port, from.address)
  }).bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    close: async () => {
      socket.close()
      await once(socket, 'close')
    },
  }
}
