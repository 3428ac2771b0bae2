/** Adds 1 to the number in a file, again and again, each time under the lock: `node count-under-lock.ts FILE TIMES`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { withFileLock } from '../../../lib/file-lock.ts'

const [file = '', times = '0'] = process.argv.slice(2)

for (let i = 0; i < Number(times); i++) {
  await withFileLock(`${file}.lock`, {}, async () => {
    const count = Number(readFileSync(file, 'utf8'))
    await setTimeout(1)
    writeFileSync(file, String(count + 1))
  })
}

// Without a number of times it takes the lock, says so, and holds it until it is killed.
if (times === '0') {
  await withFileLock(`${file}.lock`, {}, async () => {
    process.stdout.write('held')
    await setTimeout(600_000)
  })
}
