import { execFile } from 'node:child_process'
import { globSync, realpathSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Backend, stateKey } from './backend.ts'
import { folderWith, freePort, pathFolders, startServer } from './server.ts'

const run = promisify(execFile)

/** `nobody`, as whom the server runs when the tests run as root, which it refuses. */
const NOBODY = { uid: 65_534, gid: 65_534 }

const USER = 'pulumi'

/** States of some hundred resources are a few hundred kilobytes. */
const LARGEST_STATE = 64 * 1024 * 1024

/** The folder of `initdb` and `postgres`, which Debian and Red Hat keep off PATH. */
export function findPostgres(): string | undefined {
  const folders = globSync(['/usr/lib/postgresql/*/bin', '/usr/pgsql-*/bin']).sort()
  const folder = folderWith('initdb', [...pathFolders(), ...folders.reverse()])
  // A link on PATH may stand alone; the other programs are where it leads to.
  return folder && dirname(realpathSync(join(folder, 'initdb')))
}

/** A server of its own with an empty database, which forgets everything when it is closed. */
export async function openPostgres(): Promise<Backend> {
  const bin = findPostgres()
  if (!bin) throw new Error('No PostgreSQL server was found.')
  const dir = await mkdtemp(join(tmpdir(), 'entra-apps-postgres-'))
  try {
    return await serve(bin, dir)
  } catch (error) {
    await rm(dir, { recursive: true, force: true })
    throw error
  }
}

async function serve(bin: string, dir: string): Promise<Backend> {
  const as = process.getuid?.() === 0 ? NOBODY : undefined
  if (as) await chown(dir, as.uid, as.gid)
  const data = join(dir, 'data')
  const options = { cwd: dir, ...as }
  await run(
    join(bin, 'initdb'),
    ['-D', data, '-U', USER, '--auth=trust', '--no-sync', '--encoding=UTF8'],
    options,
  )
  const port = await freePort()
  const psql = async (query: string) => {
    const where = ['-h', '127.0.0.1', '-p', String(port), '-U', USER, '-d', 'postgres']
    return (
      await run(join(bin, 'psql'), [...where, '-XqAtc', query], {
        cwd: dir,
        env: {},
        maxBuffer: LARGEST_STATE,
      })
    ).stdout
  }
  const server = await startServer(
    join(bin, 'postgres'),
    ['-D', data, '-p', String(port), '-k', dir, '-c', 'listen_addresses=127.0.0.1'],
    options,
    () => psql('select 1'),
  )
  return {
    env: { PULUMI_BACKEND_URL: `postgres://${USER}@127.0.0.1:${port}/postgres?sslmode=disable` },
    stateOf: async (stack) => {
      const key = `postgres/${stateKey(stack)}`
      const found = await psql(`select data->>'data' from pulumi_state where key = '${key}'`)
      return Buffer.from(found.trim(), 'base64').toString()
    },
    close: async () => {
      await server.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
