/**
 * Finds, downloads or builds the Pulumi CLI with its Node language host, and the azuread plugin.
 *
 *     const engine = await ensureEngine({ log: console.error })
 *     const plugin = await ensureAzureadPlugin(engine, 'loopback', { log: console.error })
 *     spawn(engine.command, ['up'], { env: { ...process.env, ...engineEnvironment(engine), ...plugin.env } })
 */
import { dirname } from 'node:path'
import { buildEngine, findGo } from './build.ts'
import { type CachedEngine, makeEntry, readEntry, type Slot, slotFor } from './cache.ts'
import { pinnedChecksums } from './checksums.ts'
import { type Context, contextOf, type EngineOptions } from './context.ts'
import { downloadEngine } from './download.ts'
import type { Engine } from './environment.ts'
import { EngineError } from './errors.ts'
import { findPulumi, OLDEST_PULUMI } from './find.ts'
import { withLock } from './lock.ts'
import { downloadsOutOfReach } from './network.ts'
import { languageHostProgram, pulumiProgram } from './pins.ts'

export { type AzureadPlugin, ensureAzureadPlugin } from './azuread-plugin.ts'
export type { EngineOptions } from './context.ts'
export { cacheDirectory } from './context.ts'
export { type Engine, engineEnvironment } from './environment.ts'
export { EngineError, type EngineErrorCode } from './errors.ts'
export { ensureYamlHost } from './language-host.ts'
export { installYamlHost } from './plugin-home.ts'
export { policyPackFor } from './policy-pack.ts'

/** One way that did not yield an engine. */
interface Attempt {
  way: string
  reason: string
}

/**
 * Yields a Pulumi CLI: the one on PATH if it will do, else the one in the cache, else the official download, else a
 * build from pinned Go modules (minutes, once). What is made is kept in the cache; of several processes that ask at the
 * same time one makes it and the others wait for it.
 *
 * @throws EngineError `NO_ENGINE` or `ENGINE_TOO_OLD` (says what was tried and what to install), `CACHE_UNUSABLE`,
 *   `UNTRUSTED_DOWNLOAD` (nothing of what was downloaded has run), `PIN_INVALID`, `INTERRUPTED`.
 */
export async function ensureEngine(options: EngineOptions = {}): Promise<Engine> {
  const context = contextOf(options)
  const found = await findPulumi(context)
  if ('command' in found) return engineOnPath(found)
  const slot = slotFor(context, slotKey())
  const pins = pinnedChecksums(context.env)
  const cached = readEntry(slot, pins)
  if (cached && 'command' in cached) return engineFrom(cached, 'cache')

  context.log(`Looking for the Pulumi CLI: ${found.reason}.`)
  if (cached) context.log(`The engine in ${slot.entry} is damaged (${cached.damaged}) and is made again.`)
  return withLock(context, slot.lock, 'preparing the Pulumi CLI', async () => {
    const made = readEntry(slot, pins)
    if (made && 'command' in made) return engineFrom(made, 'cache')
    const attempts: Attempt[] = [{ way: 'installed', reason: found.reason }]
    const engine = (await download(context, slot, attempts)) ?? (await build(context, slot, attempts))
    if (engine) return engine
    throw noEngine(attempts, found.tooOld === true)
  })
}

async function download(context: Context, slot: Slot, attempts: Attempt[]): Promise<Engine | undefined> {
  const way = 'official download'
  const outOfReach = await downloadsOutOfReach(context)
  if (outOfReach !== undefined) {
    context.log(`No download: ${outOfReach}.`)
    attempts.push({ way, reason: outOfReach })
    return undefined
  }
  const { version } = pulumiProgram()
  context.log(
    `Downloading Pulumi ${version}: a minute or two on a fast line, once (ENTRA_APPS_OFFLINE=1 skips this).`,
  )
  const result = await makeEntry(slot, version, 'download', (folder) =>
    downloadEngine(context, version, folder),
  )
  if ('command' in result) return engineFrom(result, 'download')
  context.log(`The download failed: ${result.reason}.`)
  attempts.push({ way, reason: result.reason })
  return undefined
}

async function build(context: Context, slot: Slot, attempts: Attempt[]): Promise<Engine | undefined> {
  const way = 'build from source'
  const go = await findGo(context)
  if ('reason' in go) {
    context.log(`No build: ${go.reason}.`)
    attempts.push({ way, reason: go.reason })
    return undefined
  }
  const { version } = pulumiProgram()
  context.log(`Building Pulumi ${version} with ${go.version}: about 5 minutes on two cores, once.`)
  const result = await makeEntry(slot, version, 'build', (folder) => buildEngine(context, go, folder))
  if ('command' in result) return engineFrom(result, 'build')
  context.log(`The build failed: ${result.reason}.`)
  attempts.push({ way, reason: result.reason })
  return undefined
}

function engineOnPath(found: { command: string; version: string }): Engine {
  return {
    ...found,
    binDir: dirname(found.command),
    source: 'path',
    description: `Pulumi CLI ${found.version} on PATH (${found.command})`,
  }
}

function engineFrom({ command, binDir, version, origin }: CachedEngine, source: Engine['source']): Engine {
  const how = origin === 'download' ? 'official download' : 'built from source'
  const when = source === 'cache' ? 'in the cache' : 'now in the cache'
  return {
    command,
    binDir,
    version,
    source,
    description: `Pulumi CLI ${version}, ${how}, ${when} (${binDir})`,
  }
}

/** Counts up when what an entry of the cache holds changes. */
const CACHE_FORMAT = 2

function slotKey(): string {
  const { platform, arch } = process
  return `pulumi-${pulumiProgram().version}-host-${languageHostProgram().version}-${platform}-${arch}-${CACHE_FORMAT}`
}

function noEngine(attempts: Attempt[], tooOld: boolean): EngineError {
  const tried = attempts.map(({ way, reason }) => `  - ${way}: ${reason}`).join('\n')
  return new EngineError(
    tooOld ? 'ENGINE_TOO_OLD' : 'NO_ENGINE',
    `No usable Pulumi CLI, and none could be obtained:\n${tried}\n` +
      `${tooOld ? 'Update' : 'Install'} the Pulumi CLI to ${OLDEST_PULUMI} or newer ` +
      '(https://www.pulumi.com/docs/iac/download-install/), or connect this machine to the internet, ' +
      `or install Go ${pulumiProgram().go} or newer (https://go.dev/dl/) where it reaches a module proxy; ` +
      'then run the command again.',
  )
}
