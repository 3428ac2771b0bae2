import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { generatedFiles } from '../../../../scripts/docs/pages.ts'

const repository = resolve(import.meta.dirname, '../../../..')

it.each(Object.entries(generatedFiles()))(
  '%s is as the code writes it (npm run docs writes it)',
  (file, content) => {
    expect(readFileSync(join(repository, file), 'utf8')).toBe(content())
  },
)
