import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pinnedPluginChecksum } from './checksums.ts'
import { run, withProgress } from './child.ts'
import { type Context, contextOf, type EngineOptions } from './context.ts'
import { type Engine, engineEnvironment } from './environment.ts'
import { EngineError } from './errors.ts'
import { executable, hasBundledHost, isExecutableFile } from './find.ts'
import { downloadsOutOfReach } from './network.ts'
import { azureadVersion } from './pins.ts'
import {
  installOwnProvider,
  installWrapper,
  markStage,
  ownHome,
  pluginFolder,
  requirePluginFile,
} from './plugin-home.ts'

/** The azuread plugin that a run will use. */
export interface AzureadPlugin {
  /**
   * `forced`: the file that `ENTRA_APPS_AZUREAD_PLUGIN` names; `official`: Pulumi's own; `local`: the local azuread plugin of this
   * repository, for the local tenant only.
   */
  kind: 'forced' | 'official' | 'local'
  /** The version that `@pulumi/azuread` asks for, such as `6.9.1`. A forced file is taken at its word. */
  version: string
  /** One line for people. */
  description: string
  /** Lay it over the environment of `pulumi`, after `engineEnvironment`. */
  env: Record<string, string>
}

/** Options of `ensureAzureadPlugin`. */
export interface PluginOptions extends EngineOptions {
  /** The local azuread plugin. Default: `../plugin/pulumi-resource-azuread`, seen from this folder. */
  localPlugin?: string
}

/** Names a plugin file that is used whatever else is there. */
const FORCE = 'ENTRA_APPS_AZUREAD_PLUGIN'

/**
 * Yields the azuread plugin for a target.
 *
 * - `loopback` (the local tenant): the forced file, else the official plugin (installed already, or downloaded), else the
 *   local azuread plugin. Each gets a `PULUMI_HOME` of its own in the cache, so that the user's `~/.pulumi` (login, plugins, selected
 *   stack) is neither changed nor shadowed by a plugin of the same name and version.
 * - `entra` (a real tenant): the forced file, else the official plugin in the user's own `PULUMI_HOME`; never the local azuread plugin.
 *
 * @throws EngineError `PLUGIN_FILE_MISSING`, `PLUGIN_FILE_UNUSABLE`, `NO_OFFICIAL_PLUGIN` (target `entra` only),
 *   `CACHE_UNUSABLE`, `PIN_INVALID`, `INTERRUPTED`.
 */
export async function ensureAzureadPlugin(
  engine: Engine,
  target: 'loopback' | 'entra',
  options: PluginOptions = {},
): Promise<AzureadPlugin> {
  const context = contextOf(options)
  const forced = context.env[FORCE]
  if (forced) return forcedPlugin(context, engine, target, forced)
  if (target === 'entra') return officialForEntra(context, engine)
  const localPlugin =
    options.localPlugin ?? fileURLToPath(new URL('../plugin/pulumi-resource-azuread', import.meta.url))
  return (await officialForLoopback(context, engine)) ?? localStandIn(context, engine, localPlugin)
}

function forcedPlugin(
  context: Context,
  engine: Engine,
  target: 'loopback' | 'entra',
  file: string,
): AzureadPlugin {
  requirePluginFile(file, FORCE, 'Correct the path, or unset the variable')
  const env = wrapped(context, engine, 'forced', file)
  // A real stack lives where the user is logged in to; only the plugins come from elsewhere.
  const login = context.env['PULUMI_CREDENTIALS_PATH'] ?? ownHome(context.env)
  return {
    kind: 'forced',
    version: azureadVersion(),
    description: `azuread plugin forced by ${FORCE} (${file})`,
    env: target === 'entra' ? { ...env, PULUMI_CREDENTIALS_PATH: login } : env,
  }
}

async function officialForEntra(context: Context, engine: Engine): Promise<AzureadPlugin> {
  const home = ownHome(context.env)
  const named = context.env['PULUMI_HOME']
  const env: Record<string, string> = named === undefined || named === home ? {} : { PULUMI_HOME: home }
  if (installedIn(home)) return official(home, env)
  const failure = await install(context, engine, home)
  if (failure === undefined) return official(home, env)
  const version = azureadVersion()
  throw new EngineError(
    'NO_OFFICIAL_PLUGIN',
    `A real tenant needs the official azuread plugin ${version}, and it could not be installed: ${failure}. ` +
      `Run "pulumi plugin install resource azuread ${version}" where there is a network, or let ${FORCE} name the ` +
      'plugin file by its absolute path. The local azuread plugin serves the local tenant only.',
  )
}

async function officialForLoopback(context: Context, engine: Engine): Promise<AzureadPlugin | undefined> {
  const installed = installedIn(ownHome(context.env))
  if (installed) return official(ownHome(context.env), wrapped(context, engine, 'official', installed))
  const home = join(context.cacheDir, 'azuread', 'official')
  const downloaded = installedIn(home)
  const failure = downloaded ? undefined : await install(context, engine, home)
  if (failure === undefined) return official(home, stage(engine, home))
  context.log(`No official azuread plugin: ${failure}. The local azuread plugin is used.`)
  return undefined
}

function localStandIn(context: Context, engine: Engine, file: string): AzureadPlugin {
  requirePluginFile(file, 'the local azuread plugin', 'Restore it from the repository')
  return {
    kind: 'local',
    version: azureadVersion(),
    description: `local azuread plugin, version ${azureadVersion()}, local tenant only (${file})`,
    env: wrapped(context, engine, 'local', file),
  }
}

function official(home: string, env: Record<string, string>): AzureadPlugin {
  const version = azureadVersion()
  return { kind: 'official', version, description: `official azuread plugin ${version} (${home})`, env }
}

/** The stage of a plugin file outside any `PULUMI_HOME`; its key holds the path, so two checkouts have one each. */
function wrapped(
  context: Context,
  engine: Engine,
  kind: AzureadPlugin['kind'],
  file: string,
): Record<string, string> {
  const key = createHash('sha256').update(file).digest('hex').slice(0, 12)
  const home = join(context.cacheDir, 'azuread', `${kind}-${key}`)
  installWrapper(home, azureadVersion(), file)
  return stage(engine, home)
}

function stage(engine: Engine, home: string): Record<string, string> {
  markStage(home)
  installOwnProvider(home)
  // A plugin of that name on PATH would win over the one in the home. The CLI can be told to ignore it, but then it
  // ignores a language host on PATH as well, so only where the host lies beside the CLI.
  const ambient: Record<string, string> = hasBundledHost(engine.command)
    ? { PULUMI_IGNORE_AMBIENT_PLUGINS: 'true' }
    : {}
  return { PULUMI_HOME: home, ...ambient }
}

/** Path of the plugin when the home holds a finished installation. Pulumi marks an unfinished one with a `.partial` file. */
function installedIn(home: string): string | undefined {
  const folder = pluginFolder(home, azureadVersion())
  const file = join(folder, executable('pulumi-resource-azuread'))
  return isExecutableFile(file) && !existsSync(`${folder}.partial`) ? file : undefined
}

/** Installs the official plugin into a `PULUMI_HOME`; returns why that failed, or `undefined`. */
async function install(context: Context, engine: Engine, home: string): Promise<string | undefined> {
  const outOfReach = await downloadsOutOfReach(context)
  if (outOfReach !== undefined) return outOfReach
  const version = azureadVersion()
  const pin = pinnedPluginChecksum(context.env)
  const check = pin ? ['--checksum', pin] : []
  context.log(`Downloading the azuread plugin ${version}: about a minute on a fast line, once.`)
  const result = await withProgress(
    context,
    () => 'still downloading',
    () =>
      run(context, engine.command, ['plugin', 'install', 'resource', 'azuread', version, ...check], {
        doing: 'downloading the azuread plugin',
        env: { ...engineEnvironment(engine, context.env), PULUMI_HOME: home },
      }),
  )
  if (!result.ok) return result.reason
  return installedIn(home) ? undefined : 'pulumi reported success, but installed no plugin'
}
