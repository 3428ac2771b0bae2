import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Starting a server takes a second, and longer where a package has to be installed first. */
const START_TIMEOUT_MS = 120_000
const PAUSE_MS = 50

/** A server of another project, as a child of the tests. */
export interface Server {
  stop(): Promise<void>
}

/**
 * Starts a server and waits until it serves.
 *
 * @param isReady asked again and again; what it throws means no
 * @throws Error with what the server said when it ends, or is not ready in time
 */
export async function startServer(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
  isReady: () => Promise<unknown>,
): Promise<Server> {
  // A group of its own, since a package runner starts the server as a child of a child.
  const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const keep = (text: Buffer) => {
    said += text
  }
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', keep)
  const ended = once(child, 'exit')
  const kill = () => killGroup(child)
  process.once('exit', kill)
  const stop = async () => {
    process.off('exit', kill)
    kill()
    await ended
  }
  const deadline = Date.now() + START_TIMEOUT_MS
  for (;;) {
    if (await isReady().then(Boolean, () => false)) return { stop }
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}:\n${said}`)
    if (Date.now() > deadline) {
      await stop()
      throw new Error(`${command} was not ready within ${START_TIMEOUT_MS / 1000} s:\n${said}`)
    }
    await sleep(PAUSE_MS)
  }
}

/** What it keeps is thrown away, so that nothing has to be written any more. */
function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended in between.
  }
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** The first folder that has the program. */
export function folderWith(program: string, folders: readonly string[]): string | undefined {
  return folders.find((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

export function pathFolders(): string[] {
  return (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
}
