import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import semver from 'semver'
import { parse } from 'yaml'
import { z } from 'zod'
import { contextOf, type EngineOptions } from './context.ts'
import type { Engine } from './environment.ts'
import { EngineError, reasonOf } from './errors.ts'
import { shellQuoted, writeScript } from './script.ts'

/**
 * Oldest CLI that is known to start an executable as a policy pack ("Support exe analyzers", a pull request of the
 * Pulumi engine).
 */
const TAKES_EXECUTABLES = '3.274.1'

const RUNNER = '@pulumi/pulumi/cmd/run-policy-pack'

const project = z.object({ runtime: z.union([z.string(), z.object({ name: z.string() })]) })

/**
 * What to hand to `--policy-pack` for the policy pack in a folder, with this engine.
 *
 * Pulumi has a language host start a pack that is written for Node, and the host of an engine that was built here is too
 * old for that. Such an engine starts executables, so the pack gets a script in the cache that does what the host would.
 * Older engines, and packs for other runtimes, get the folder itself; nothing is changed in the folder or in the user's
 * own installation.
 *
 * @throws EngineError `POLICY_PACK_UNUSABLE` when it is not a policy pack or its libraries are not installed, `CACHE_UNUSABLE`.
 */
export function policyPackFor(engine: Engine, folder: string, options: EngineOptions = {}): string {
  const pack = resolve(folder)
  if (runtimeOf(pack) !== 'nodejs' || semver.lt(engine.version, TAKES_EXECUTABLES)) return pack
  const runner = runnerOf(pack)
  const key = createHash('sha256').update(`${pack}\n${runner}`).digest('hex').slice(0, 12)
  return writeScript(join(contextOf(options).cacheDir, 'policy', key), 'pulumi-analyzer-policy', {
    posix: `cd ${shellQuoted(pack)} && exec node ${shellQuoted(runner)} "$@" .`,
    windows: `@cd /d "${pack.replaceAll('%', '%%')}" && node "${runner.replaceAll('%', '%%')}" %* .`,
  })
}

function runtimeOf(pack: string): string {
  try {
    const { runtime } = project.parse(parse(readFileSync(join(pack, 'PulumiPolicy.yaml'), 'utf8')))
    return typeof runtime === 'string' ? runtime : runtime.name
  } catch (cause) {
    const message = `"${pack}" is not a policy pack (${reasonOf(cause)}). Name the folder that has its PulumiPolicy.yaml.`
    throw new EngineError('POLICY_PACK_UNUSABLE', message, { cause })
  }
}

/** The pack's own SDK starts it, so that the two fit. */
function runnerOf(pack: string): string {
  try {
    return createRequire(join(pack, 'package.json')).resolve(RUNNER)
  } catch (cause) {
    const message = `The libraries of the policy pack "${pack}" are not installed. Run "npm install" there.`
    throw new EngineError('POLICY_PACK_UNUSABLE', message, { cause })
  }
}
