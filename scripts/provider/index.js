// Plain JavaScript, without `await` at the top: Pulumi's language host loads the folder with `require` where a program names
// it as the source of the package (PulumiPlugin.yaml).
import log from '@pulumi/pulumi/log/index.js'
import { main } from '@pulumi/pulumi/provider/index.js'
import { quietRuntime } from '../../infra/program/quiet-runtime.ts'
import { EntraAppsProvider } from './provider.ts'

// The engine starts this file, reads the port from the first line of stdout and kills the process when it is done.

/** Looks this often, in milliseconds, whether the engine still lives: one that was killed itself does not. */
const PARENT_CHECK = 2000

const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) process.exit(0)
}, PARENT_CHECK).unref()

quietRuntime({ log }, process.env)
main(new EntraAppsProvider(process.env), process.argv.slice(2))
