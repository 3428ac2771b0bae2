import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import semver from 'semver'
import { run } from './child.ts'
import type { Context } from './context.ts'

/**
 * Oldest CLI on PATH that is used. The Automation API of @pulumi/pulumi 3.270 refuses nothing after 3.2 and negotiates
 * features one by one, so the reason is ours: from 3.186 on the engine tells the language host to stop when a run is
 * cancelled ("Send Cancel message to language runtime plugins on engine shutdown", Pulumi 3.186.0 release notes), which
 * Ctrl-C depends on. 3.200.0 is the oldest that has been tried
 * (up, refresh and destroy of an empty program).
 */
export const OLDEST_PULUMI = '3.200.0'

/** A Pulumi CLI that can be used as it is. */
export interface FoundPulumi {
  command: string
  version: string
}

/** Why the CLI on PATH cannot be used; `tooOld` tells an old one from a missing or broken one. */
export interface Unusable {
  reason: string
  tooOld?: boolean
}

/** The `pulumi` that a shell would run, when it is new enough and has its Node language host available. */
export async function findPulumi(context: Context): Promise<FoundPulumi | Unusable> {
  const command = which('pulumi', context.env)
  if (command === undefined) return { reason: 'no pulumi on PATH' }
  const answer = await askVersion(context, command)
  if ('reason' in answer) return { reason: `${command} does not run (${answer.reason})` }
  const version = parseVersion(answer.version)
  if (version === undefined) {
    return { reason: `${command} answers "${firstLine(answer.version)}" instead of a version` }
  }
  if (semver.lt(version, OLDEST_PULUMI)) {
    return { reason: `${command} is ${version}, older than ${OLDEST_PULUMI}`, tooOld: true }
  }
  // The Automation API refuses a CLI of another major version than its own.
  if (semver.major(version) !== semver.major(OLDEST_PULUMI)) {
    return { reason: `${command} is ${version}, and only ${semver.major(OLDEST_PULUMI)}.x is known to work` }
  }
  if (!hasBundledHost(command) && which('pulumi-language-nodejs', context.env) === undefined) {
    return { reason: `${command} has no pulumi-language-nodejs beside it or on PATH` }
  }
  return { command, version }
}

/** What `pulumi version` prints, or why it printed nothing. */
export async function askVersion(
  context: Context,
  command: string,
): Promise<{ version: string } | { reason: string }> {
  const result = await run(context, command, ['version'], {
    doing: `asking ${command} for its version`,
    env: { PULUMI_SKIP_UPDATE_CHECK: 'true' },
    timeout: 30_000,
  })
  return result.ok ? { version: result.stdout.trim() } : { reason: result.reason }
}

/** Why a CLI that was just made is not the one that was asked for; `undefined` when it is. */
export async function wrongVersion(
  context: Context,
  command: string,
  expected: string,
): Promise<string | undefined> {
  const answer = await askVersion(context, command)
  if ('reason' in answer) return `the CLI does not run (${answer.reason})`
  return parseVersion(answer.version) === expected
    ? undefined
    : `the CLI says ${answer.version}, not ${expected}`
}

/** `v3.274.1` → `3.274.1`; `undefined` for anything that is not a semantic version. */
export function parseVersion(text: string): string | undefined {
  return semver.parse(text.trim())?.version
}

/** True when the Node language host lies beside the CLI, which is where the CLI looks for it after PATH. */
export function hasBundledHost(command: string): boolean {
  return isExecutableFile(join(dirname(realpathSync(command)), executable('pulumi-language-nodejs')))
}

/** First executable of that name on the environment's PATH, npm's own folders left out. */
export function which(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return (pathOf(env) ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && !isNpmBin(folder))
    .map((folder) => join(folder, executable(name)))
    .find(isExecutableFile)
}

/** The environment's search path. Windows spells the name as it likes, and a copied environment is case-sensitive. */
export function pathOf(env: NodeJS.ProcessEnv): string | undefined {
  return env[pathName(env)]
}

/** The name under which the environment holds its search path; `PATH` when it holds none. */
export function pathName(env: NodeJS.ProcessEnv): string {
  return Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
}

/** `pulumi` → `pulumi.exe` on Windows. */
export function executable(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name
}

export function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

// npm puts the node_modules/.bin of every parent folder on PATH. A `pulumi` there is some package's wrapper.
function isNpmBin(folder: string): boolean {
  return basename(folder) === '.bin' && basename(dirname(folder)) === 'node_modules'
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
