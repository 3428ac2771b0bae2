import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { cacheDirectory } from '../../../engine/context.ts'
import { withFileLock } from '../../../lib/file-lock.ts'
import { INSTALL_TIMEOUT } from './describe.ts'

const run = promisify(execFile)

/**
 * A folder below the cache with what `install` puts into it, once for each name: a run that is killed leaves no mark, and
 * the next one begins anew. An installation by somebody else is waited for.
 *
 * @throws Error of the installer, such as a registry that cannot be reached
 */
export async function installed(
  name: string,
  install: (folder: string) => Promise<unknown>,
): Promise<string> {
  const clients = join(cacheDirectory(process.env), 'clients')
  const folder = join(clients, name)
  mkdirSync(clients, { recursive: true })
  return withFileLock(`${folder}.lock`, { timeoutMs: INSTALL_TIMEOUT }, async () => {
    const mark = join(folder, '.installed')
    if (existsSync(mark)) return folder
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
    await install(folder)
    writeFileSync(mark, '')
    return folder
  })
}

/** A virtual environment of Python with these packages (`name==version`), for `bin/…` in it. */
export function pythonPackages(name: string, packages: readonly string[]): Promise<string> {
  return installed(name, async (folder) => {
    await run('python3', ['-m', 'venv', folder])
    await run(join(folder, 'bin', 'pip'), ['install', '--quiet', ...packages])
  })
}

/** A folder with this npm package (`name@version`), for `node_modules/…` in it. */
export function npmPackage(name: string, npm: string): Promise<string> {
  return installed(name, (folder) =>
    run('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', npm]),
  )
}

/** The program that this Go module is; built anew when a file of it changes. */
export async function goProgram(module: string): Promise<string> {
  const folder = await installed(nameOf(module), (folder) =>
    run('go', ['build', '-mod=readonly', '-buildvcs=false', '-o', join(folder, 'program'), '.'], {
      cwd: module,
    }),
  )
  return join(folder, 'program')
}

/** A folder with the `classes` of this Maven project and the `lib` that they need; made anew when a file of it changes. */
export function javaProgram(project: string): Promise<string> {
  return installed(nameOf(project), async (folder) => {
    cpSync(project, folder, { recursive: true })
    const lib = join(folder, 'lib')
    await run('mvn', ['-B', '-q', 'dependency:copy-dependencies', `-DoutputDirectory=${lib}`], {
      cwd: folder,
    })
    await run('javac', ['-cp', `${lib}/*`, '-d', join(folder, 'classes'), join(folder, 'Sdk.java')])
  })
}

/** Options with which Java trusts this certificate authority and no other. */
export async function javaTrustStore(caFile: string, file: string): Promise<readonly string[]> {
  const password = 'changeit'
  const store = ['-keystore', file, '-storetype', 'PKCS12', '-storepass', password]
  await run('keytool', ['-importcert', '-noprompt', '-alias', 'tenant', '-file', caFile, ...store])
  return [`-Djavax.net.ssl.trustStore=${file}`, `-Djavax.net.ssl.trustStorePassword=${password}`]
}

function nameOf(source: string): string {
  const hash = createHash('sha256')
  for (const file of readdirSync(source).sort()) hash.update(readFileSync(join(source, file)))
  return `${basename(source)}-${hash.digest('hex').slice(0, 12)}`
}
