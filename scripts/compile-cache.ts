import { mkdirSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { compileCacheDirectory } from '../engine/context.ts'

/**
 * Lets this process, too, start with modules that an earlier one compiled. The folder belongs to the user alone, since Node
 * runs what it finds there; where none can be made, every start compiles anew.
 */
export function keepCompiledModules(env: NodeJS.ProcessEnv): void {
  const folder = compileCacheDirectory(env)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch {
    return
  }
  enableCompileCache(folder)
}
