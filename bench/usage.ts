import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The same in every run: a bare Node pays for it as well. File descriptor 3 is a pipe to the parent. */
const REPORTER = `process.on('exit', () => require('node:fs').writeSync(3, JSON.stringify(process.resourceUsage())))\n`

/**
 * Writes a module that makes a process say on file descriptor 3 what it took until its `exit` event.
 *
 * @returns its path, for `node --require`
 */
export function usageReporter(dir: string): string {
  const file = join(dir, 'usage-reporter.cjs')
  writeFileSync(file, REPORTER)
  return file
}

/** What a process said: CPU time, user and system, and its peak resident memory. */
export function readUsage(said: string): { readonly cpuMs: number; readonly megabytes: number } {
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(said) as NodeJS.ResourceUsage
  return { cpuMs: (userCPUTime + systemCPUTime) / 1000, megabytes: maxRSS / 1024 }
}
