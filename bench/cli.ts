import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkOut } from './checkout.ts'
import { type Figure, seconds } from './figure.ts'
import { readUsage, usageReporter } from './usage.ts'

const APPS = 100
/** Runs of each command; the median is printed. */
const RUNS = 9

const repository = resolve(import.meta.dirname, '..')

/**
 * CPU time (user and system, until the process's `exit` event) that starting costs: `--version`, and `check` of 100
 * applications, beside a bare Node.
 *
 * @param beside a commit to measure in turn with this checkout; it runs with the dependencies installed here
 */
export async function* benchCli(dir: string, beside?: string): AsyncGenerator<Figure> {
  const project = writeProject(join(dir, 'project'))
  const reporter = usageReporter(dir)
  const cpu = (...args: string[]) => cpuTime(reporter, args)
  const own = join(repository, 'scripts/main.js')
  const checkout = beside === undefined ? undefined : checkOut(beside, join(dir, 'beside'))
  const other = checkout && join(checkout.dir, 'scripts/main.js')
  const commands: Readonly<Record<string, readonly string[]>> = {
    '--version': ['--version'],
    [`check of ${APPS} applications`]: ['check', '--cwd', project],
  }
  try {
    yield { name: 'cli: a bare node -e 0, CPU', value: seconds(median(() => cpu('-e', '0'))) }
    for (const [name, args] of Object.entries(commands)) {
      yield { name: `cli: ${name}, CPU`, value: seconds(median(() => cpu(own, ...args))) }
      if (other === undefined) continue
      yield { name: `cli: the same of ${beside}`, value: seconds(median(() => cpu(other, ...args))) }
    }
  } finally {
    checkout?.remove()
  }
}

/** Milliseconds of CPU that one run takes. */
function cpuTime(reporter: string, args: readonly string[]): number {
  const ended = spawnSync(process.execPath, ['--require', reporter, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  })
  if (ended.status !== 0) throw new Error(`${args.join(' ')} ended with ${ended.status}:\n${ended.stderr}`)
  return readUsage(String(ended.output[3])).cpuMs
}

function median(measure: () => number): number {
  const sorted = Array.from({ length: RUNS }, measure).sort((a, b) => a - b)
  return sorted[Math.floor(RUNS / 2)] as number
}

/** A project as teams have it: a file for each application, with permissions, a secret and a redirect URI. */
function writeProject(dir: string): string {
  mkdirSync(join(dir, 'apps'), { recursive: true })
  writeFileSync(join(dir, 'Pulumi.yaml'), 'name: bench\nruntime: nodejs\n')
  writeFileSync(join(dir, 'Pulumi.dev.yaml'), 'config: {}\n')
  for (let i = 0; i < APPS; i++) {
    const app = {
      displayName: `Bench ${i}`,
      redirectUris: { web: [`https://bench-${i}.example.com/callback`] },
      permissions: { 'Microsoft Graph': { application: ['User.Read.All', 'Files.Read.All'] } },
      secrets: { main: { displayName: 'Main', lifetime: '90d' } },
      verify: ['GET /users?$top=1'],
    }
    // JSON is YAML.
    writeFileSync(join(dir, 'apps', `bench-${i}.yaml`), JSON.stringify(app, null, 2))
  }
  return dir
}
