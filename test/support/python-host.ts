import { execFile } from 'node:child_process'
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { installed, pythonPackages } from './clients/install.ts'
import { REPOSITORY } from './stage.ts'

const run = promisify(execFile)

const NAME = 'pulumi-language-python'
const MODULE = 'github.com/pulumi/pulumi/sdk/v3'
/** Of the same module as the language host of Node. */
const PINS = join(REPOSITORY, 'engine/go/language-nodejs')

/**
 * Makes Pulumi's language host of Python known to a `PULUMI_HOME`: built from Go modules as the engine is, with the SDK
 * from PyPI. Who installs the Pulumi CLI has the host beside it.
 *
 * @param sdk version of the SDK
 */
export async function installPythonHost(home: string, sdk: string): Promise<void> {
  const environment = await pythonPackages(`pulumi-${sdk}`, [`pulumi==${sdk}`])
  const host = await installed(NAME, async (folder) => {
    const options = { cwd: PINS, env: { ...process.env, GOFLAGS: '-mod=readonly' } }
    const package_ = `${MODULE}/python/cmd/${NAME}`
    await run('go', ['build', '-buildvcs=false', '-o', join(folder, NAME), package_], options)
    const { stdout } = await run('go', ['list', '-m', '-f', '{{.Dir}}', MODULE], options)
    const script = join(folder, `${NAME}-exec`)
    await copyFile(join(stdout.trim(), 'python/cmd', `${NAME}-exec`), script)
    await chmod(script, 0o755)
  })
  const plugin = join(home, 'plugins', 'language-python-v1.0.0')
  await mkdir(plugin, { recursive: true })
  const path = [join(environment, 'bin'), host].join(':')
  const start = `#!/bin/sh\nPATH='${path}':"$PATH" exec '${join(host, NAME)}' "$@"\n`
  await writeFile(join(plugin, NAME), start, { mode: 0o755 })
}
