import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run, withProgress } from './child.ts'
import type { Context } from './context.ts'

/**
 * Downloads the official CLI with its language hosts into `<folder>/bin`.
 *
 * @returns why it failed, or `undefined`.
 * @throws EngineError `INTERRUPTED`.
 */
export async function downloadEngine(
  context: Context,
  version: string,
  folder: string,
): Promise<string | undefined> {
  const worker = fileURLToPath(new URL(`download-worker${extname(import.meta.url)}`, import.meta.url))
  const doing = `downloading Pulumi ${version}`
  const result = await withProgress(
    context,
    () => 'still downloading',
    () =>
      run(context, process.execPath, [worker, version, folder], {
        doing,
        // Node's own fetch, which gets the install script, uses a proxy only when told to.
        env: { NODE_USE_ENV_PROXY: '1' },
      }),
  )
  return result.ok ? undefined : result.reason
}
