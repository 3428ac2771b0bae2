/** Remembers itself as an engine would be, prints its process id and waits: `node remember-and-wait.ts`. */
import { rememberEngine } from '../../../../scripts/stack/engine-process.ts'

rememberEngine(process.pid, process.env)
process.stdout.write(String(process.pid))
setTimeout(() => {}, 600_000)
