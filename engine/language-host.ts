import { dirname, join } from 'node:path'
import { buildHost, findGo } from './build.ts'
import { makeEntry, readEntry, slotFor } from './cache.ts'
import { contextOf, type EngineOptions } from './context.ts'
import type { Engine } from './environment.ts'
import { EngineError } from './errors.ts'
import { executable, isExecutableFile, which } from './find.ts'
import { withLock } from './lock.ts'
import { yamlHostProgram } from './pins.ts'

const NAME = 'pulumi-language-yaml'

/**
 * Yields the language host of YAML programs: the one beside the CLI, which the official archive has, else the one on
 * PATH, else one that is built from pinned Go modules (two minutes, once) and kept in the cache.
 *
 * @returns its absolute path
 * @throws EngineError `NO_ENGINE` (says what was tried and what to install), `CACHE_UNUSABLE`, `INTERRUPTED`.
 */
export async function ensureYamlHost(engine: Engine, options: EngineOptions = {}): Promise<string> {
  const context = contextOf(options)
  const bundled = join(dirname(engine.command), executable(NAME))
  if (isExecutableFile(bundled)) return bundled
  const found = which(NAME, context.env)
  if (found !== undefined) return found
  const program = yamlHostProgram()
  const { platform, arch } = process
  const slot = slotFor(context, `language-yaml-${program.version}-${platform}-${arch}`, [NAME])
  return withLock(context, slot.lock, 'preparing the language host of YAML programs', async () => {
    const cached = readEntry(slot)
    if (cached && 'command' in cached) return cached.command
    const go = await findGo(context)
    if ('reason' in go) throw noHost(go.reason)
    context.log(`Building ${NAME} ${program.version} with ${go.version}: about 2 minutes on two cores, once.`)
    const made = await makeEntry(slot, program.version, 'build', (folder) =>
      buildHost(context, go, program, NAME, folder),
    )
    if ('command' in made) return made.command
    throw noHost(made.reason)
  })
}

function noHost(reason: string): EngineError {
  return new EngineError(
    'NO_ENGINE',
    `YAML programs need ${NAME}, which is neither beside the Pulumi CLI nor on PATH, and could not be built: ${reason}. ` +
      'Install the Pulumi CLI (https://www.pulumi.com/docs/iac/download-install/), which brings it.',
  )
}
