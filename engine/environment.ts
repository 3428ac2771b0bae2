import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileCacheDirectory } from './context.ts'
import { pathName, pathOf } from './find.ts'

/** A Pulumi CLI that is ready to run, its Node language host included. */
export interface Engine {
  /** Absolute path of the CLI. */
  command: string
  /** The folder it lies in. */
  binDir: string
  /** Such as `3.274.1`. */
  version: string
  source: 'path' | 'cache' | 'download' | 'build'
  /** One line for people: what it is and where it came from. */
  description: string
}

/** Where `pulumi-resource-entra-apps` lies, the provider for what no other provider has. */
export const OWN_PROVIDER_DIR = fileURLToPath(new URL('../scripts/provider', import.meta.url))

/**
 * What a process must see to run this engine: lay it over the environment that is handed to `pulumi`.
 *
 * PATH begins with the engine's folder, because the CLI looks for its language host on PATH first, and goes on with the
 * folder of the running Node, because the language host starts whatever `node` it finds there. Our own resource provider
 * is found on PATH as well.
 * `PULUMI_SKIP_UPDATE_CHECK` stops the one call that the CLI makes home when its state is kept in files. The version
 * check of the Automation API needs no help: every engine carries its real version. `NODE_COMPILE_CACHE` lets every run
 * after the first start the program's Node with its modules compiled already (docs/benchmarks.md).
 *
 * @param env the environment whose PATH comes after those. Default: `process.env`.
 */
export function engineEnvironment(
  engine: Engine,
  env: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const folders = [engine.binDir, dirname(process.execPath), OWN_PROVIDER_DIR, pathOf(env)]
  return {
    [pathName(env)]: folders.filter((folder) => folder).join(delimiter),
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    NODE_COMPILE_CACHE: compileCacheDirectory(env),
  }
}
