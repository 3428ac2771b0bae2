import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { verify } from '../../../../scripts/commands/verify-definition.ts'

const DOCS = resolve(import.meta.dirname, '../../../../docs')
/** Options that the command line adds to several commands, and those of `doctor`. */
const ELSEWHERE = ['--stack', '--for']

it('docs/proof.md names every option of verify, and none that does not exist', async () => {
  const text = await readFile(join(DOCS, 'proof.md'), 'utf8')
  const named = [...new Set(text.match(/(?<![\w-])--[a-z][a-z-]+/g))]
  const known = verify.options.flatMap(({ flags }) => /--[a-z-]+/.exec(flags) ?? [])
  expect(named.filter((option) => ![...known, ...ELSEWHERE].includes(option))).toEqual([])
  expect(known.filter((option) => !named.includes(option))).toEqual([])
})

it('docs/proof.md points at files that exist', async () => {
  const text = await readFile(join(DOCS, 'proof.md'), 'utf8')
  const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].flatMap(([, path]) => path ?? [])
  expect(links.length).toBeGreaterThan(4)
  for (const link of links) await expect(readFile(join(DOCS, link)), link).resolves.toBeDefined()
})
