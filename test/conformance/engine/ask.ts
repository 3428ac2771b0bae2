/** Asks for the engine from a process of its own: `node ask.ts <cache folder>`. */
import { ensureEngine } from '../../../engine/index.ts'

const [cacheDir = ''] = process.argv.slice(2)
const engine = await ensureEngine({ cacheDir, log: console.error })
console.log(`source: ${engine.source}`)
