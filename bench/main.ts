/**
 * `npm run bench`: what the README and the docs say about speed and size, measured anew; `npm run bench -- up` measures one
 * subject (`cli`, `tenant`, `proof`, `rotation`, `inventory`, `up`, `peers`, `fleet`), and `--beside <commit>` an older state of `cli`,
 * `up` or `fleet` in the same run. `--sizes 25,50` gives the numbers of applications for `up` and `peers`. `fleet` takes lists of
 * `--stacks`, `--parallel` and `--backends` (file, postgres, azblob), of each stack the number of `--applications` and of
 * `--secrets` to rotate, and of `--writes` that the tenant lets pass in 150 s.
 *
 * Absolute figures depend on the machine; the counts and ratios are what to compare between two states of the code.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureEngine } from '../engine/index.ts'
import type { BackendKind } from '../test/support/backends/index.ts'
import { benchCli } from './cli.ts'
import type { Figure } from './figure.ts'
import { benchFleet, PUBLISHED_WRITES } from './fleet.ts'
import { benchInventory } from './inventory.ts'
import { benchPeers } from './peers/peers.ts'
import { benchProof } from './proof.ts'
import { benchRotation } from './rotation.ts'
import { benchTenant } from './tenant.ts'
import { benchUp } from './up.ts'

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    beside: { type: 'string' },
    sizes: { type: 'string', default: '1,50' },
    stacks: { type: 'string', default: '20' },
    applications: { type: 'string', default: '50' },
    secrets: { type: 'string', default: '5' },
    parallel: { type: 'string', default: '1,2,4' },
    backends: { type: 'string', default: 'postgres,azblob' },
    writes: { type: 'string', default: String(PUBLISHED_WRITES) },
  },
})
const counts = (list: string) => list.split(',').map(Number)
const sizes = counts(values.sizes)
const fleet = {
  stacks: counts(values.stacks),
  applications: Number(values.applications),
  secrets: Number(values.secrets),
  parallel: counts(values.parallel),
  backends: values.backends.split(',') as BackendKind[],
  writes: Number(values.writes),
}
const dir = await mkdtemp(join(tmpdir(), 'entra-apps-bench-'))
const benches: Readonly<Record<string, () => AsyncGenerator<Figure>>> = {
  cli: () => benchCli(dir, values.beside),
  tenant: () => benchTenant(join(dir, 'tenant')),
  proof: benchProof,
  rotation: benchRotation,
  inventory: () => benchInventory(dir),
  up: () => benchUp(dir, sizes, values.beside),
  // Only on demand: the one needs programs that no registry has, the other an hour.
  ...(wanted.includes('peers') && { peers: () => benchPeers(dir, sizes) }),
  ...(wanted.includes('fleet') && { fleet: () => benchFleet(dir, fleet, values.beside) }),
}
try {
  // Starting the command line and reading a tenant need no engine, and every other subject names the one that it measured.
  const engine = ['cli', 'inventory'].includes(wanted.join())
    ? undefined
    : await ensureEngine({ log: console.error })
  const stage = [
    `Node ${process.version}`,
    `${cpus().length} × ${cpus()[0]?.model}`,
    engine?.description ?? [],
  ]
  console.log(`${stage.flat().join(', ')}\n`)
  for (const [subject, bench] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(subject)) continue
    for await (const figure of bench()) print(figure)
  }
} finally {
  await rm(dir, { recursive: true, force: true })
}

function print({ name, value }: Figure): void {
  console.log(`${name.padEnd(64)} ${value}`)
}
