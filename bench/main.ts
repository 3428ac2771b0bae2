/**
 * `npm run bench`: what the README and the docs say about speed and size, measured anew; `npm run bench -- up` measures one
 * subject (`cli`, `tenant`, `proof`, `rotation`, `up`, `peers`), and `--beside <commit>` an older state of `cli` or `up` in the
 * same run. `--sizes 25,50` gives the numbers of applications for `up` and `peers`.
 *
 * Absolute figures depend on the machine; the counts and ratios are what to compare between two states of the code.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureEngine } from '../engine/index.ts'
import { benchCli } from './cli.ts'
import type { Figure } from './figure.ts'
import { benchPeers } from './peers/peers.ts'
import { benchProof } from './proof.ts'
import { benchRotation } from './rotation.ts'
import { benchTenant } from './tenant.ts'
import { benchUp } from './up.ts'

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { beside: { type: 'string' }, sizes: { type: 'string', default: '1,50' } },
})
const sizes = values.sizes.split(',').map(Number)
const dir = await mkdtemp(join(tmpdir(), 'entra-apps-bench-'))
const benches: Readonly<Record<string, () => AsyncGenerator<Figure>>> = {
  cli: () => benchCli(dir, values.beside),
  tenant: () => benchTenant(join(dir, 'tenant')),
  proof: benchProof,
  rotation: benchRotation,
  up: () => benchUp(dir, sizes, values.beside),
  ...(wanted.includes('peers') && { peers: () => benchPeers(dir, sizes) }),
}
try {
  // Starting the command line needs no engine, and every other subject names the one that it measured.
  const engine = wanted.join() === 'cli' ? undefined : await ensureEngine({ log: console.error })
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
