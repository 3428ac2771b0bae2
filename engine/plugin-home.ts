import { existsSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { createFolder } from './cache.ts'
import { homeDirectory } from './context.ts'
import { OWN_PROVIDER_DIR } from './environment.ts'
import { EngineError } from './errors.ts'
import { isExecutableFile } from './find.ts'
import { shellQuoted, writeScript } from './script.ts'

/** Tells a `PULUMI_HOME` that was made here from one of the user's. */
const STAGE_MARK = '.entra-apps-stage'

/**
 * Marks a `PULUMI_HOME` of the cache as ours, creating it where it is missing.
 *
 * @throws EngineError `CACHE_UNUSABLE`.
 */
export function markStage(home: string): void {
  createFolder(home)
  const mark = join(home, STAGE_MARK)
  if (!existsSync(mark)) writeFileSync(mark, 'Made by entra-apps for the local tenant; safe to delete.\n')
}

/**
 * The user's own `PULUMI_HOME`. A shell that has taken on the environment of the local tenant names a stage of ours
 * there, and the local azuread plugin in it must never pass for the official plugin.
 */
export function ownHome(env: NodeJS.ProcessEnv): string {
  const named = env['PULUMI_HOME']
  return named && !existsSync(join(named, STAGE_MARK)) ? named : join(homeDirectory(env), '.pulumi')
}

/** Where the CLI looks for the azuread plugin of a version inside a `PULUMI_HOME`. */
export function pluginFolder(home: string, version: string): string {
  return join(home, 'plugins', `resource-azuread-v${version}`)
}

/**
 * Makes `file` the azuread plugin of a `PULUMI_HOME`, by a script that hands over to it. A script rather than a link,
 * because the CLI takes no linked folder for a plugin, and a plugin that is itself a script finds its own folder only
 * when called by its own name.
 *
 * @throws EngineError `CACHE_UNUSABLE`.
 */
export function installWrapper(home: string, version: string, file: string): void {
  install(pluginFolder(home, version), 'pulumi-resource-azuread', file)
}

/**
 * Makes our own provider known to a `PULUMI_HOME` of the cache, where the CLI may be told to ignore PATH. Any version will
 * do, since no resource asks for one.
 *
 * @throws EngineError `CACHE_UNUSABLE`.
 */
export function installOwnProvider(home: string): void {
  const name = 'pulumi-resource-entra-apps'
  install(join(home, 'plugins', 'resource-entra-apps-v1.0.0'), name, join(OWN_PROVIDER_DIR, name))
}

/**
 * Makes the language host of YAML programs known to a `PULUMI_HOME` of the cache.
 *
 * @throws EngineError `CACHE_UNUSABLE`.
 */
export function installYamlHost(home: string, file: string): void {
  install(join(home, 'plugins', 'language-yaml-v1.0.0'), 'pulumi-language-yaml', file)
}

function install(folder: string, name: string, file: string): void {
  writeScript(folder, name, {
    posix: `exec ${shellQuoted(file)} "$@"`,
    windows: `@"${file.replaceAll('%', '%%')}" %*`,
  })
}

/**
 * Refuses a plugin file that cannot be started.
 *
 * @param from what named the file, for the message.
 * @param fix what to do when it does not exist.
 * @throws EngineError `PLUGIN_FILE_MISSING` or `PLUGIN_FILE_UNUSABLE`.
 */
export function requirePluginFile(file: string, from: string, fix: string): void {
  const named = `The azuread plugin "${file}" (${from})`
  if (!isAbsolute(file)) {
    throw new EngineError('PLUGIN_FILE_UNUSABLE', `${named} must be given by its absolute path.`)
  }
  if (!existsSync(file)) {
    throw new EngineError('PLUGIN_FILE_MISSING', `${named} does not exist. ${fix}.`)
  }
  if (!isExecutableFile(file)) {
    throw new EngineError(
      'PLUGIN_FILE_UNUSABLE',
      `${named} is not an executable file. Build it or run "chmod +x" on it.`,
    )
  }
}
