/**
 * Installs the official Pulumi CLI with the Automation API: `node download-worker.ts <version> <folder>`.
 *
 * A process of its own, because the installer takes no AbortSignal and starts a shell script that starts others: as a
 * process group they can all be ended at once.
 */
import { PulumiCommand } from '@pulumi/pulumi/automation/index.js'
import { SemVer } from 'semver'

const [version = '', root = ''] = process.argv.slice(2)
await PulumiCommand.install({ version: new SemVer(version), root })
