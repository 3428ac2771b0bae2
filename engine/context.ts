import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/** What every public function of this folder accepts. */
export interface EngineOptions {
  /** Folder for everything this folder keeps. Default: see `cacheDirectory`. */
  cacheDir?: string
  /** Environment that is searched for programs and handed to child processes. Default: `process.env`. */
  env?: NodeJS.ProcessEnv
  /** Receives one line per step and per progress report. Default: nowhere. */
  log?: (line: string) => void
  /** Ends running downloads and builds, removes their temporary files and rejects with `INTERRUPTED`. */
  signal?: AbortSignal
  /** Address below which Pulumi publishes its releases. Default: `https://get.pulumi.com/`. */
  downloads?: string
  /** Milliseconds between two progress lines of a long step. Default: 10000. */
  progressEvery?: number
}

/** Where Pulumi publishes its CLI and plugins. */
const DOWNLOADS = 'https://get.pulumi.com/'

/** `EngineOptions` with every default filled in. */
export interface Context {
  cacheDir: string
  env: NodeJS.ProcessEnv
  log: (line: string) => void
  signal: AbortSignal | undefined
  downloads: string
  progressEvery: number
}

export function contextOf(options: EngineOptions): Context {
  const env = options.env ?? process.env
  return {
    cacheDir: options.cacheDir ?? cacheDirectory(env),
    env,
    log: options.log ?? (() => {}),
    signal: options.signal,
    downloads: options.downloads ?? DOWNLOADS,
    progressEvery: options.progressEvery ?? 10_000,
  }
}

/**
 * The folder that holds engines and plugins: `ENTRA_APPS_CACHE`, else `entra-apps` in the platform's folder for caches:
 * `XDG_CACHE_HOME` or `~/.cache` (XDG Base Directory Specification, which tells to ignore a relative value),
 * `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows.
 */
export function cacheDirectory(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  if (env['ENTRA_APPS_CACHE']) return resolve(env['ENTRA_APPS_CACHE'])
  const home = homeDirectory(env)
  const xdg = env['XDG_CACHE_HOME']
  if (xdg && isAbsolute(xdg)) return join(xdg, 'entra-apps')
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'entra-apps')
  if (platform === 'win32') {
    return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'entra-apps', 'Cache')
  }
  return join(home, '.cache', 'entra-apps')
}

/** The folder in which Node keeps compiled modules for its next start: `NODE_COMPILE_CACHE`, else one of the cache. */
export function compileCacheDirectory(env: NodeJS.ProcessEnv): string {
  return env['NODE_COMPILE_CACHE'] ?? join(cacheDirectory(env), 'compiled')
}

/** `HOME` of the given environment, so that a caller can point a whole run at another home. */
export function homeDirectory(env: NodeJS.ProcessEnv): string {
  return env['HOME'] ?? homedir()
}
