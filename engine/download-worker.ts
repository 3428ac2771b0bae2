/**
 * Installs the official Pulumi CLI with the Automation API: `node download-worker.ts <version> <folder>`.
 *
 * A process of its own, because the installer takes no AbortSignal and starts a shell script that starts others: as a
 * process group they can all be ended at once.
 */
import { PulumiCommand } from '@pulumi/pulumi/automation/index.js'
import { SemVer } from 'semver'

const [version = '', root = ''] = process.argv.slice(2)
try {
  await PulumiCommand.install({ version: new SemVer(version), root })
} catch (error) {
  // The parent shows the last lines of standard error: they must say what went wrong, not where.
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
