import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { generatedFiles } from './pages.ts'

const repository = resolve(import.meta.dirname, '../..')

for (const [file, content] of Object.entries(generatedFiles())) {
  const path = join(repository, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content())
  process.stderr.write(`${file}\n`)
}
