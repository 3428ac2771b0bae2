/**
 * `npm run bench`: what the README and the docs say about speed and size, measured anew.
 *
 * Absolute figures depend on the machine; the counts and ratios are what to compare between two states of the code.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureEngine } from '../engine/index.ts'
import { benchProof } from './proof.ts'
import { benchRotation } from './rotation.ts'
import { benchTenant } from './tenant.ts'
import { benchUp } from './up.ts'

const dir = await mkdtemp(join(tmpdir(), 'entra-apps-bench-'))
try {
  const engine = await ensureEngine({ log: console.error })
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${engine.description}\n`)
  for await (const figure of benchTenant(join(dir, 'tenant'))) print(figure)
  for await (const figure of benchProof()) print(figure)
  for await (const figure of benchRotation()) print(figure)
  for await (const figure of benchUp([1, 50])) print(figure)
} finally {
  await rm(dir, { recursive: true, force: true })
}

function print({ name, value }: { name: string; value: string }): void {
  console.log(`${name.padEnd(64)} ${value}`)
}
