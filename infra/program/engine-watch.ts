import { connect } from 'node:net'

/**
 * Ends this program when the engine that runs it is gone.
 *
 * An engine that was killed leaves its language host behind for minutes, and with it the program, which may go on asking
 * the dead engine: seen at half an hour, a quarter of a core and gigabytes for each.
 *
 * @param address `host:port` of the engine; nothing is watched without one
 * @param every how often to look, in milliseconds; default 2000
 */
export function endWithEngine(address: string | undefined, every = 2000): void {
  const [host, port] = address?.split(':') ?? []
  if (!host || !port) return
  const look = () => {
    const socket = connect({ host, port: Number(port) }, () => socket.destroy())
    socket.on('error', (error) => {
      if ('code' in error && error.code === 'ECONNREFUSED') process.exit(1)
    })
    socket.unref()
  }
  setInterval(look, every).unref()
}
