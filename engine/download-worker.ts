/** Saves what an address answers: `node download-worker.ts <url> <file>`. */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { reasonOf } from './errors.ts'

const [url = '', file = ''] = process.argv.slice(2)
try {
  const answer = await fetch(url)
  // A redirect may lead to another host (releases lie in a store of their own), but not to an unprotected connection.
  if (new URL(url).protocol === 'https:' && new URL(answer.url).protocol !== 'https:') {
    throw new Error(`${url} redirects to ${answer.url}, which is not https`)
  }
  if (!answer.ok || !answer.body) throw new Error(`${url} answers ${answer.status}`)
  await pipeline(Readable.fromWeb(answer.body), createWriteStream(file, { flags: 'wx', mode: 0o600 }))
} catch (error) {
  // The parent shows the last lines of standard error: they must say what went wrong, not where.
  console.error(`${new URL(url).host}: ${reasonOf(error)}`)
  process.exitCode = 1
}
