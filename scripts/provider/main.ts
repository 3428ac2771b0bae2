import { main } from '@pulumi/pulumi/provider/index.js'
import { EntraAppsProvider } from './provider.ts'

// The engine starts this file, reads the port from the first line of stdout and kills the process when it is done.

/** Looks this often, in milliseconds, whether the engine still lives: one that was killed itself does not. */
const PARENT_CHECK = 2000

const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) process.exit(0)
}, PARENT_CHECK).unref()

await main(new EntraAppsProvider(process.env), process.argv.slice(2))
