/**
 * `npm run bench`: what the README and the docs say about speed and size, measured anew; `npm run bench -- up` measures one
 * subject (`tenant`, `proof`, `rotation`, `up`).
 *
 * Absolute figures depend on the machine; the counts and ratios are what to compare between two states of the code.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureEngine } from '../engine/index.ts'
import type { Figure } from './figure.ts'
import { benchProof } from './proof.ts'
import { benchRotation } from './rotation.ts'
import { benchTenant } from './tenant.ts'
import { benchUp } from './up.ts'

const wanted = process.argv.slice(2)
const dir = await mkdtemp(join(tmpdir(), 'entra-apps-bench-'))
const benches: Readonly<Record<string, () => AsyncGenerator<Figure>>> = {
  tenant: () => benchTenant(join(dir, 'tenant')),
  proof: benchProof,
  rotation: benchRotation,
  up: benchUp,
}
try {
  const engine = await ensureEngine({ log: console.error })
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${engine.description}\n`)
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
